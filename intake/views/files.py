"""How a stored file leaves: as an attachment under its own name, never shown inside our pages."""

from __future__ import annotations

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from intake.logs import logger
from intake.storage import FileMissing, StoreUnavailable
from intake.views.display import tr
from intake.views.errors import page
from intake.vocabulary import say


def send_stored(file_key: str, name: str, content_type: str) -> ResponseReturnValue:
    """The file in pieces, for download; never a part of it. One that is lost answers 404, a store that is away 503."""
    try:
        pieces = current_app.extensions["store"].stream(file_key)
    except StoreUnavailable:
        logger().exception("file store away")
        return page(503, tr(say("The file store does not answer. Try again in a minute.")))
    except FileMissing:
        logger().error("file missing")
        return page(404, tr(say("The file %(name)s is missing from the store. Tell an administrator.", name=name)))
    reply = Response(pieces, content_type=content_type)
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    reply.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reply
