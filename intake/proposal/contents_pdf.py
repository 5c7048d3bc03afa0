"""Reads an attached PDF: how many pages it has, and that it does nothing but show them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pikepdf
import pikepdf.settings

from intake.errors import BadUpload
from intake.vocabulary import say

PAGES_MOST = 500
PARTS_MOST = 1_000_000
"""How many values we look at in one file; a 10 MB article has some 100,000."""
STREAM_BYTES_MOST = 100 * 1024 * 1024

# A few packed bytes can stand for gigabytes. qpdf's own limits are for the whole process and unset by default.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=STREAM_BYTES_MOST,
    run_length_max_memory=STREAM_BYTES_MOST,
    png_max_memory=STREAM_BYTES_MOST,
    tiff_max_memory=STREAM_BYTES_MOST,
    parser_max_nesting=200,
)

_ACTIONS_REFUSED = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition"}
_KEYS_REFUSED = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}


def read_pdf(data: bytes) -> int:
    """The number of pages. Raises BadUpload when it is locked, broken, empty, too long, or would do something."""
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            _refuse_active(pdf.objects)
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise _locked() from None
    if pages == 0:
        raise BadUpload(say("This PDF has no pages. Please check that it is the right file."))
    if pages > PAGES_MOST:
        raise BadUpload(
            say(
                "This PDF has %(pages)s pages; we take up to %(most)s. Please shorten it.", pages=pages, most=PAGES_MOST
            )
        )
    return pages


def _locked() -> BadUpload:
    return BadUpload(
        say("This PDF is locked with a password or by rights. Please save a copy without protection and upload that.")
    )


def _refuse_active(objects: Iterable[pikepdf.Object]) -> None:
    """Walk everything in the file, reachable or not: scripts hide in pages, fields, outlines and spare objects."""
    waiting = list(objects)
    seen = 0
    while waiting:
        seen += 1
        if seen > PARTS_MOST:
            raise BadUpload(
                say("This PDF is too intricate to be checked. Please print it to a new PDF, and upload that.")
            )
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            values: list[object] = list(part)
        elif isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            _refuse_active_part(part)
            values = [value for _, value in part.items()]
        else:
            continue
        # What is indirect is in the list of objects already; following it would walk in circles.
        waiting.extend(v for v in values if isinstance(v, pikepdf.Object) and not v.is_indirect)


def _refuse_active_part(part: pikepdf.Dictionary | pikepdf.Stream) -> None:
    keys = set(part.keys())
    action = part.get("/S")
    if keys & _KEYS_REFUSED or (isinstance(action, pikepdf.Name) and str(action) in _ACTIONS_REFUSED):
        raise BadUpload(
            say(
                "This PDF contains a script or starts something when it is opened, and readers must be able to open "
                "it safely. Please print it to a new PDF, and upload that."
            )
        )
    if keys & {"/EF", "/EmbeddedFiles"}:
        raise BadUpload(
            say("This PDF has other files inside. Please upload those on their own, and this one without them.")
        )
