"""The files that a page loads: htmx out of its package, and a stamp on each address so that they may be kept long."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app

STAMP_LENGTH = 12


def htmx_folder() -> Path:
    """The folder of the django-js-lib-htmx package that holds ``htmx.min.js``; no Django comes along."""
    return Path(str(files("js_lib_htmx"))) / "static" / "htmx"


def register(app: Flask) -> None:
    """Serve htmx at the endpoint ``htmx.static``, and stamp each static address with what its file holds."""
    app.register_blueprint(
        Blueprint("htmx", __name__, static_folder=htmx_folder(), static_url_path=f"/htmx{app.static_url_path}")
    )
    app.url_defaults(_stamp)


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    """Add ``v`` to static addresses: a changed file has a new address, so a browser never shows an old one."""
    if endpoint != "static" and not endpoint.endswith(".static"):
        return
    owner = current_app if endpoint == "static" else current_app.blueprints[endpoint.removesuffix(".static")]
    if owner.static_folder and "filename" in values:
        stamp = _stamp_of(Path(owner.static_folder) / values["filename"], current_app.debug)
        if stamp:
            values["v"] = stamp


def _stamp_of(path: Path, fresh: bool) -> str:
    """The stamp of one file; read anew each time where ``fresh``, as someone is editing it."""
    return _read_stamp.__wrapped__(path) if fresh else _read_stamp(path)


@lru_cache(maxsize=64)
def _read_stamp(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:STAMP_LENGTH] if path.is_file() else ""
