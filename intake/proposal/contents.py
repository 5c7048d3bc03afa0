"""Reads an attached picture or office file and says what it is, or refuses it with BadUpload; ``contents_pdf`` does
so for PDF. Nothing is run or unpacked to disk, and each reader has a bound on what it lets a small file grow to."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from io import BytesIO
from xml.etree import ElementTree

from PIL import Image

from intake.errors import BadUpload
from intake.vocabulary import say


class Kind(StrEnum):
    """The kinds of file that we take, each with the content type that it is served with."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PNG = "image/png"
    JPEG = "image/jpeg"


MEGABYTE = 1024 * 1024
MEMBERS_MOST = 2_000
UNPACKED_BYTES_MOST = 100 * MEGABYTE
RATIO_MOST = 200
"""How many times larger than itself a packed file may become; true documents stay under a few dozen."""
RATIO_COUNTS_FROM_BYTES = MEGABYTE
PIXELS_MOST = 40_000_000

_MAIN_PARTS = {f"{kind}.main+xml": kind for kind in (Kind.DOCX, Kind.XLSX)}
_MEMBER_TYPES = "[Content_Types].xml"


def read_office(data: bytes) -> Kind:
    """DOCX or XLSX. Raises BadUpload when it is another kind of ZIP, is broken, has macros, or would unpack to more
    than a document can need."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = package.infolist()
        _refuse_bomb(members)
        names = [member.filename for member in members]
        if len(names) != len(set(names)) or any(_leads_outside(name) for name in names):
            raise BadUpload(
                say("This file has unusual names inside, as no office program writes them. We can't take it.")
            )
        if _MEMBER_TYPES not in names:
            raise BadUpload(say("This is a ZIP archive. Please upload the documents in it on their own."))
        types = _content_types(package)
        _refuse_macros(names, types)
        _read_through(package, members)
    found = {_MAIN_PARTS[content_type] for content_type in types if content_type in _MAIN_PARTS}
    if len(found) != 1:
        raise BadUpload(
            say("This is neither a Word document nor an Excel workbook. Please save it as .docx, .xlsx or PDF.")
        )
    return found.pop()


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > MEMBERS_MOST
        or unpacked > UNPACKED_BYTES_MOST
        or (unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > RATIO_MOST * packed)
        or any(m.file_size > RATIO_COUNTS_FROM_BYTES and m.file_size > RATIO_MOST * m.compress_size for m in members)
    ):
        raise BadUpload(say("Unpacked, this file is larger than we can open safely. Please upload it as PDF."))
    if any(member.flag_bits & 0x1 for member in members):
        raise BadUpload(say("This file is locked with a password. Please save a copy without one and upload that."))


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _content_types(package: zipfile.ZipFile) -> set[str]:
    listing = package.getinfo(_MEMBER_TYPES)
    source = package.read(listing) if listing.file_size <= MEGABYTE else b""
    # Without a DOCTYPE there are no entities that could grow, and without NUL bytes no encoding to hide one in.
    if not source or re.search(rb"<!(DOCTYPE|ENTITY)|\x00", source):
        raise BadUpload(say("This file's list of contents is not what an office program writes. We can't take it."))
    return {entry.get("ContentType", "") for entry in ElementTree.fromstring(source)}  # noqa: S314 - see above


def _refuse_macros(names: list[str], types: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names) or any(
        word in content_type.lower() for content_type in types for word in ("macro", "vbaproject", "activex")
    ):
        raise BadUpload(
            say("This file contains macros. Please save it without macros, as .docx, .xlsx or PDF, and upload that.")
        )


def _read_through(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Read every member to its end, which proves its checksum; the sum of the sizes was bounded before."""
    for member in members:
        with package.open(member) as file:
            while file.read(MEGABYTE):
                pass


def read_picture(data: bytes, kind: Kind) -> None:
    """Raises BadUpload, or one of Pillow's errors, unless ``data`` is a whole picture of ``kind`` and not too large."""
    try:
        with Image.open(BytesIO(data), formats=[kind.name]) as picture:
            if picture.width * picture.height > PIXELS_MOST:
                raise _too_large_a_picture()
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large_a_picture() from None
    if kind is Kind.JPEG:
        # ``verify`` looks no further than a JPEG's head; decoding it at an eighth of its size finds one cut short.
        with Image.open(BytesIO(data), formats=[kind.name]) as picture:
            picture.draft("L", (1, 1))
            picture.load()


def _too_large_a_picture() -> BadUpload:
    return BadUpload(
        say(
            "This picture has more than %(most)s million pixels. Please make it smaller.", most=PIXELS_MOST // 1_000_000
        )
    )
