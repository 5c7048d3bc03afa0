"""What guards every request and marks every reply: token and Origin before routing counts, and the headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import validate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms.validators import ValidationError

from intake.engine import mean_to_write
from intake.views.gate import SAFE

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def register(app: Flask) -> None:
    """Put the checks before and the headers after every request."""
    if app.config["TRUST_PROXY"]:
        hops = app.config["TRUST_PROXY"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.before_request(check_unsafe)
    app.after_request(mark)
    app.teardown_request(lambda error: mean_to_write(False))


def check_unsafe() -> None:
    """Every unsafe request, whatever it asks for, must come from our own pages and carry the session's token.

    There is no list of exemptions. Answers 400 (the error page says what to do).
    """
    if request.method in SAFE:
        return
    mean_to_write(True)
    if not _from_here():
        abort(400, "origin")
    sent = request.form  # read to its end before a transaction begins: a slow sender keeps nobody from the database
    try:
        validate_csrf(request.headers.get("X-CSRFToken") or sent.get("csrf_token"))
    except ValidationError:
        abort(400, "token")


def _from_here() -> bool:
    """The Origin (or, without one, the Referer) is the address that this installation is known by."""
    told = request.headers.get("Origin") or request.headers.get("Referer")
    return told is not None and origin(told) in own_origins()


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def own_origins() -> set[str]:
    """The public address; in development also this machine's names for itself on the same port."""
    public = origin(current_app.config["PUBLIC_URL"])
    if current_app.config["INTAKE_ENV"] == "production":
        return {public}
    port = current_app.config["PORT"]
    return {public, f"http://127.0.0.1:{port}", f"http://localhost:{port}"}


def mark(response: Response) -> Response:
    """The headers of every reply; private pages are not stored by anyone."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["PUBLIC_URL"].startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if not (request.endpoint or "").endswith("static"):
        response.headers["Cache-Control"] = "no-store"
    return response
