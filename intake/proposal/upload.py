"""What an applicant may attach: decided by reading the file, never by its name alone. Pure: bytes in, facts out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from intake.errors import BadUpload
from intake.proposal.contents import Kind, read_office, read_picture
from intake.proposal.contents_pdf import read_pdf
from intake.vocabulary import Limit, say

EXTENSIONS = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".xlsx": Kind.XLSX,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
}
"""The endings that a name may have, for the page's ``accept`` too."""

_BEGINNINGS = {b"%PDF-": "pdf", b"PK\x03\x04": "zip", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that we take. ``name`` is safe to show; ``content_type`` is ours, not the browser's; ``size`` in bytes;
    ``sha256`` in lower-case hexadecimal; ``pages`` for a PDF only."""

    name: str
    content_type: str
    pages: int | None
    size: int
    sha256: str


def check(name: str, data: bytes) -> Checked:
    """Read ``data`` and say what it is. ``name`` is what the browser called it; its ending must agree.

    Raises BadUpload, and nothing else whatever the bytes, with a reason that says what to do instead.
    """
    shown = clean_name(name)
    if not data:
        raise BadUpload(say("This file is empty. Please choose it again."))
    if len(data) > Limit.FILE_BYTES:
        raise BadUpload(
            say("This file is larger than %(most)s MB. Please make it smaller.", most=Limit.FILE_BYTES // 1024**2)
        )
    try:
        kind, pages = _read(data)
    except BadUpload:
        raise
    except Exception:
        # Readers of foreign formats fail in more ways than they document; whatever it was, the file is not whole.
        raise BadUpload(
            say("This file is damaged or incomplete. Please open it, save it again and upload the new copy.")
        ) from None
    if EXTENSIONS.get(_ending(shown)) is not kind:
        raise BadUpload(
            say(
                "This is a %(kind)s file, but its name says otherwise. Please rename it to end with %(ending)s.",
                kind=kind.name,
                ending=next(e for e, k in EXTENSIONS.items() if k is kind),
            )
        )
    return Checked(shown, kind.value, pages, len(data), hashlib.sha256(data).hexdigest())


def _read(data: bytes) -> tuple[Kind, int | None]:
    """The first bytes choose the reader, and the reader proves them right. Returns the kind, and a PDF's pages."""
    match next((reader for beginning, reader in _BEGINNINGS.items() if data.startswith(beginning)), None):
        case "pdf":
            return Kind.PDF, read_pdf(data)
        case "zip":
            return read_office(data), None
        case "png":
            read_picture(data, Kind.PNG)
            return Kind.PNG, None
        case "jpeg":
            read_picture(data, Kind.JPEG)
            return Kind.JPEG, None
    if data.startswith(_OLD_OFFICE):
        raise BadUpload(
            say(
                "This is an older Office file, or one with a password. Please save it as .docx, .xlsx or PDF "
                "without a password, and upload that."
            )
        )
    raise BadUpload(say("We take PDF, Word (.docx), Excel (.xlsx), PNG and JPEG files, and this is none of them."))


def clean_name(name: str) -> str:
    """``name`` fit to show and to download under: without folders, control characters and those that reorder or hide
    text, composed (NFC), at most ``Limit.FILE_NAME`` characters with its ending kept. Never empty."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    tidy = " ".join(unicodedata.normalize("NFC", seen).split()).strip(". ")
    ending = _ending(tidy)
    stem = tidy[: len(tidy) - len(ending)].strip(". ")
    return (stem[: Limit.FILE_NAME - len(ending)].rstrip(". ") or "file") + tidy[len(tidy) - len(ending) :]


def _ending(name: str) -> str:
    """The last dot and what follows, in lower case, if that is short enough to be an ending; else nothing."""
    found = re.search(r"\.[^. ]{1,10}$", name)
    return found[0].lower() if found else ""
