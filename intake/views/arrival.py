"""Every request notes when it reached us, before its body is read: deadlines are held against that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from intake import clock


def register(app: Flask) -> None:
    """Let ``clock.arrived`` tell when the request at hand arrived."""
    inner: Callable[..., Iterable[bytes]] = app.wsgi_app

    def noted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with clock.arriving():
            return inner(environ, start_response)

    app.wsgi_app = noted  # type: ignore[method-assign]
