"""What goes wrong, as pages: each error of the rooms has its status, its sentence and a way out. Typed text is
offered back."""

from __future__ import annotations

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from intake.errors import Conflicted, IllegalMove, Incomplete, IntakeError, Refused, Stale
from intake.extensions import db
from intake.logs import logger
from intake.views.display import tr
from intake.vocabulary import say

NOT_TYPED = frozenset(
    {
        "csrf_token",
        "once",
        "version",
        "seen",
        "packet_id",
        "read",
        "submit",
        "password",
        "old",
        "new",
        "new_password",
        "again",
    }
)
"""Fields that an error page never shows back: what the forms carry by themselves, and every secret."""
SENTENCES = {
    400: (say("This request is not complete"), say("The form was open too long, or came from another site. Go back, reload the page and try again.")),
    401: (say("Please sign in again"), say("Your session has ended. Sign in in another tab, then send this again; what you typed is below.")),
    403: (say("This is not yours to do"), say("Your account may not do this.")),
    404: (say("Nothing here"), say("There is nothing at this address, or it is not yours to see.")),
    405: (say("Not this way"), say("This address cannot be used like that.")),
    409: (say("It changed meanwhile"), say("Somebody changed this while you were at it. Nothing was saved; what you typed is below.")),
    413: (say("Too large"), say("What you sent is larger than we take: 10 MB for a file. Choose a smaller one; if you chose several, send them one after the other.")),
    422: (say("Not possible like this"), say("Something in the form needs a change.")),
    429: (say("Too many tries"), say("Wait a few minutes and try again.")),
    500: (say("Something went wrong on our side"), say("It has been noted. Try again; if it stays, tell the office the number below.")),
}  # fmt: skip
STATUS: dict[type[IntakeError], int] = {Stale: 409, IllegalMove: 409, Incomplete: 422, Conflicted: 403}


def register(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(IntakeError, refused)
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(StaleDataError, lambda error: page(409))
    app.register_error_handler(IntegrityError, refused_by_the_database)
    app.register_error_handler(DataError, lambda error: page(400))
    app.register_error_handler(Exception, broken)


def refused(error: IntakeError) -> ResponseReturnValue:
    """A refusal by a room or by the policy. Hidden things answer as if they did not exist."""
    if isinstance(error, Refused):
        return page(404) if error.hidden else page(403, tr(error.reason))
    return page(STATUS.get(type(error), 422), tr(error.reason))


def refused_by_http(error: HTTPException) -> ResponseReturnValue:
    """A refusal by Flask or Werkzeug; redirects pass."""
    status = error.code or 500
    if status < 400:
        return error
    return page(status)


def refused_by_the_database(error: IntegrityError) -> ResponseReturnValue:
    """Two people did the same at once (a unique constraint), or a fault of ours that the database caught."""
    said = str(error.orig).splitlines()[0]
    if "unique" in said.lower():
        return page(409)
    logger().error("constraint", said=said.split("DETAIL")[0], request_id=g.get("request_id", ""))
    return broken(error)


def broken(error: Exception) -> ResponseReturnValue:
    """A fault of ours: noted with its trace, told without it, and free of the database."""
    logger().exception("unhandled", error=type(error).__name__)
    db.session.rollback()
    return current_app.jinja_env.get_template("errors/500.html").render(reference=g.get("request_id", "")), 500


def page(status: int, sentence: str | None = None) -> ResponseReturnValue:
    """The error page: a sentence, a way out, and what was typed, also where what it was typed for is gone or withheld
    by now."""
    db.session.rollback()
    title, usual = SENTENCES.get(status, SENTENCES[400] if status < 500 else SENTENCES[500])
    return render_template(
        "errors/error.html",
        status=status,
        title=tr(title),
        sentence=sentence or tr(usual),
        way_out=_way_out(status),
        kept=typed() if request.url_rule is not None and status not in (405, 413) else [],
    ), status


def typed() -> list[tuple[str, str]]:
    """What the person typed in the form they sent, field by field, without secrets."""
    try:
        fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    except Exception:
        return []
    return [(name, value) for name, value in fields if value.strip() and name not in NOT_TYPED]


def _way_out(status: int) -> list[tuple[str, str]]:
    home = (gettext("Go to the start page"), url_for("public.home"))
    if status == 413 and request.url_rule and "GET" in (request.url_rule.methods or ()):
        return [(gettext("Back to the form"), request.path), home]
    return [home]
