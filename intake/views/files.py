"""How a stored file leaves: as an attachment under its own name, never shown inside our pages, never in parts."""

from __future__ import annotations

from io import BytesIO

from flask import current_app, send_file
from flask.typing import ResponseReturnValue

from intake.logs import logger
from intake.storage import FileMissing, StoreUnavailable
from intake.views.display import tr
from intake.views.errors import page
from intake.vocabulary import say


def send_stored(file_key: str, name: str, content_type: str) -> ResponseReturnValue:
    """The whole file, for download. One that the store has lost answers 404 with its name, a store that is away 503."""
    try:
        data = current_app.extensions["store"].get(file_key)
    except StoreUnavailable:
        logger().exception("file store away")
        return page(503, tr(say("The file store does not answer. Try again in a minute.")))
    except FileMissing:
        logger().error("file missing")
        return page(404, tr(say("The file %(name)s is missing from the store. Tell an administrator.", name=name)))
    reply = send_file(
        BytesIO(data), mimetype=content_type, as_attachment=True, download_name=name, etag=False, conditional=False
    )
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reply
