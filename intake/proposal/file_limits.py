"""Which files a question takes, and whether one is within its limits. Pure: names and bytes in, facts out."""

from __future__ import annotations

from pathlib import PurePosixPath

from intake.errors import BadUpload
from intake.form.definition import FileLimits, Form, Kind, Page, Question, Section
from intake.proposal.upload import EXTENSIONS, Checked, check, clean_name
from intake.vocabulary import Limit, say

FREE = FileLimits(most=Limit.FILES_OF_A_PROPOSAL)
"""What may be attached freely, to no question."""
KINDS = {".pdf": "PDF", ".docx": "Word (.docx)", ".xlsx": "Excel (.xlsx)", ".png": "PNG", ".jpg": "JPEG"}
"""The kinds of files by an ending of theirs, in names that every language knows."""


def place_of(form: Form, question: str) -> tuple[Section, Question | None] | None:
    """The section in which files answer ``question`` (empty: are attached freely), and the question; None where the
    form asks for no such files."""
    for section in form.sections:
        if not question and section.page is Page.FILES:
            return section, None
        for each in section.questions:
            if each.key == question and each.kind is Kind.ATTACHMENT:
                return section, each
    return None


def limits_of(question: Question | None) -> FileLimits:
    """What a question takes, or what may be attached freely."""
    return FREE if question is None else question.files or FileLimits()


def look_at(name: str, data: bytes, limits: FileLimits) -> Checked:
    """Read a file through and say what it is. Pure, and slow for a large one: do it before anything is locked.

    Raises BadUpload, and nothing else whatever the bytes, when it is no file that we take or outside the limits.
    """
    shown_name = clean_name(name)
    if data and PurePosixPath(shown_name).suffix.lower() in EXTENSIONS:
        _fit_ending(shown_name, limits)
    if len(data) > limits.max_bytes:
        raise _too_large(limits)
    found = check(name, data)
    fit(found, limits)
    return found


def fit(file: Checked, limits: FileLimits) -> None:
    """Go on only if the file is within the limits. Raises BadUpload."""
    _fit_ending(file.name, limits)
    if file.size > limits.max_bytes:
        raise _too_large(limits)
    if limits.max_pages is not None and (file.pages or 0) > limits.max_pages:
        raise BadUpload(
            say(
                "This PDF has %(pages)s pages; here it may have up to %(most)s. Please shorten it.",
                pages=file.pages,
                most=limits.max_pages,
            )
        )


def _fit_ending(name: str, limits: FileLimits) -> None:
    ending = PurePosixPath(name).suffix.lower()
    if EXTENSIONS.get(ending) not in {EXTENSIONS[each] for each in limits.endings}:
        raise BadUpload(
            say("Here we take %(kinds)s, and this file ends with %(ending)s.", kinds=kinds(limits), ending=ending)
        )


def _too_large(limits: FileLimits) -> BadUpload:
    return BadUpload(
        say("This file is larger than %(most)s. Please make it smaller.", most=size_words(limits.max_bytes))
    )


def kinds(limits: FileLimits) -> str:
    """The kinds of files that the limits let in, such as ``PDF, Word (.docx)``."""
    taken = {EXTENSIONS[each] for each in limits.endings}
    return ", ".join(name for ending, name in KINDS.items() if EXTENSIONS[ending] in taken)


def size_words(size: int) -> str:
    """A limit in bytes as ``10 MB`` or ``500 kB`` (of 1,024), never more than it is."""
    if size >= 1024**2:
        return f"{size * 10 // 1024**2 / 10:g} MB"
    return f"{size // 1024} kB" if size >= 1024 else f"{size} bytes"
