"""How a stored file leaves: as an attachment under its own name, never shown inside our pages."""

from __future__ import annotations

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from intake.storage import FileMissing
from intake.views.display import tr
from intake.views.errors import page
from intake.vocabulary import say


def send_stored(file_key: str, name: str, content_type: str) -> ResponseReturnValue:
    """The file in pieces, for download. A file that the store has lost answers 404 with its name."""
    try:
        pieces = current_app.extensions["store"].stream(file_key)
    except FileMissing:
        return page(404, tr(say("The file %(name)s is missing from the store. Tell an administrator.", name=name)))
    reply = Response(pieces, content_type=content_type)
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    reply.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return reply
