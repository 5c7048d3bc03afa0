"""How a stored file leaves: as an attachment under its own name, never shown inside our pages, never in parts."""

from __future__ import annotations

from io import BytesIO

from flask import current_app, send_file
from flask.typing import ResponseReturnValue

from intake.logs import logger
from intake.proposal.attaching import not_clean
from intake.proposal.models import Attachment
from intake.storage import FileMissing, StoreUnavailable
from intake.views.display import tr
from intake.views.errors import page
from intake.vocabulary import FileState, say


def send_attachment(file: Attachment, name: str) -> ResponseReturnValue:
    """A file of a proposal, for download as ``name``. One that is not clean is given to nobody: 422 says why."""
    if file.state is not FileState.CLEAN:
        return page(422, tr(not_clean(file)))
    return send_stored(file.file_key, name, file.content_type)


def send_stored(file_key: str, name: str, content_type: str) -> ResponseReturnValue:
    """The whole file, for download. One that the store has lost answers 404 with its name, a store that is away 503."""
    try:
        data = current_app.extensions["store"].get(file_key)
    except StoreUnavailable:
        return store_away()
    except FileMissing:
        logger().error("file missing")
        return page(404, tr(say("The file %(name)s is missing from the store. Tell an administrator.", name=name)))
    reply = send_file(
        BytesIO(data), mimetype=content_type, as_attachment=True, download_name=name, etag=False, conditional=False
    )
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reply


def store_away() -> ResponseReturnValue:
    """The page that says so; call it where the store's error was caught, so that the log has its trace."""
    logger().exception("file store away")
    return page(503, tr(say("The file store does not answer. Try again in a minute.")))
