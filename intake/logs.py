"""Structured logs: one JSON line a request, with its id and the actor's number, and nothing personal.

A path's numbers are ids; query strings, form fields, names and addresses are never logged.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

from intake.audit.operations import request_id

_SECRET_PATH = re.compile(r"^(/(?:password|invitation|team|endorse)/)[^/]+")


def logger() -> structlog.stdlib.BoundLogger:
    """The product's log."""
    log: structlog.stdlib.BoundLogger = structlog.get_logger("intake")
    return log


def arrange(app: Flask) -> None:
    """Configure the log and write a line for every request but those for static files."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[app.config["LOG_LEVEL"].upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.monotonic()
    g.request_id = secrets.token_hex(8)
    request_id.set(g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint and request.endpoint.endswith("static"):
        return response
    actor = getattr(current_user, "actor", None) if "_login_user" in g else None
    logger().info(
        "request",
        request_id=g.get("request_id", ""),
        actor=actor.id if actor else None,
        method=request.method,
        path=_SECRET_PATH.sub(r"\1...", request.path),
        status=response.status_code,
        ms=round((time.monotonic() - g.get("began", time.monotonic())) * 1000, 1),
    )
    return response
