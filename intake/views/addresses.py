"""The addresses of pages, built once: a list of fifty rows names a hundred, and the frame of every page some twenty."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, current_app, request
from flask import url_for as build

Value = int | str | bool | None
_PLAIN = (int, str, type(None))
"""Values that are told apart by equality. True is not among them: it equals 1 and reads otherwise in an address."""


def register(app: Flask) -> None:
    """Let the templates' ``url_for`` be the quick one."""
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, /, **values: Value) -> str:
    """As Flask's own: the path of a page with these values. Raises werkzeug's BuildError for one that is not there."""
    lasting = bool(request) and not endpoint.startswith(".") and not current_app.debug
    if lasting and all(type(value) in _PLAIN for value in values.values()):
        return _built(request.script_root, endpoint, tuple(values.items()))
    return build(endpoint, **values)  # type: ignore[arg-type]


@lru_cache(maxsize=8192)
def _built(root: str, endpoint: str, values: tuple[tuple[str, Value], ...]) -> str:
    """``root`` is the path that the installation stands under: another one has other addresses."""
    return build(endpoint, **dict(values))  # type: ignore[arg-type]
