"""Publications of a pasted list: a title a line, or blocks of a title and its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake import typed
from intake.affinity.importing.found import Found, Raw, decoded, doi_in, gathered, refused
from intake.vocabulary import Words

LONGER_THAN_A_TITLE = 200
"""Characters: a line of more is taken for an abstract's."""
LONGEST_LINE = 600
"""Characters: a longer one is searched for nothing; what is in it is too long for a title anyway."""
_BULLET = re.compile(r"^\s*(?:[-*•‣–·]\s+|\[\d{1,4}\]\s*|\(?\d{1,3}[.)]\s+)")
_ABSTRACT = re.compile(r"^\s*(?:abstract|summary|摘要)\s*(?:[:：.—–-]\s*|$)", re.IGNORECASE)
_DOI = re.compile(r"\s*(?:https?://(?:dx\.)?doi\.org/|doi\s*[:：]?\s*)?10\.\d{4,9}/\S+\s*$", re.IGNORECASE)
_YEAR = re.compile(r"\s*[(（]((?:18|19|20)\d\d)[)）]\s*\.?\s*$")

Line = tuple[int, str]


def from_pasted(data: bytes) -> Found:
    """The publications of pasted text.

    Empty lines part blocks. The first line of a block is a title. The others are its abstract where one of them says
    “Abstract”, is longer than a title, or goes on in small letters; else each of them is a title too. Numbers and dots
    before a title go; a year in brackets and a DOI at its end are kept as such.
    """
    text = decoded(data)
    if isinstance(text, Words):
        return refused(text)
    return gathered(raw for block in _blocks(text) for raw in _entries(block))


def _blocks(text: str) -> Iterator[list[Line]]:
    """The runs of lines that are not empty, each line with its number and single spaces."""
    block: list[Line] = []
    for number, line in enumerate(typed.LINE_ENDS.sub("\n", text).split("\n"), start=1):
        words = line.split()
        if words:
            block.append((number, " ".join(words)))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _entries(block: list[Line]) -> Iterator[Raw]:
    """What one block tells of."""
    (number, first), rest = block[0], block[1:]
    if _is_abstract([line for _, line in rest]):
        yield _with_abstract(number, first, rest)
        return
    entry: Raw | None = None
    for number, line in block:
        if entry and _DOI.fullmatch(line):  # a line of its own belongs to the title above it
            entry = Raw(entry.line, entry.title, "", entry.year, doi_in(line))
            continue
        if entry:
            yield entry
        entry = _titled(number, line)
    if entry:
        yield entry


def _is_abstract(lines: list[str]) -> bool:
    """Whether the lines after the first are an abstract: one says so or is too long for a title, or most begin in the
    middle of a sentence (a title may begin with a small letter: “p-adic numbers”)."""
    lines = [line for line in lines if not _DOI.fullmatch(line)]
    begun = sum(line[:1].islower() for line in lines)
    return (
        any(_ABSTRACT.match(line) or len(line) > LONGER_THAN_A_TITLE for line in lines) or 0 < len(lines) <= 2 * begun
    )


def _with_abstract(number: int, first: str, rest: list[Line]) -> Raw:
    title = _titled(number, first)
    doi = next((doi_in(line) for _, line in rest if _DOI.fullmatch(line)), title.doi)
    abstract = " ".join(_ABSTRACT.sub("", line) for _, line in rest if not _DOI.fullmatch(line))
    return Raw(number, title.title, abstract, title.year, doi)


def _titled(number: int, line: str) -> Raw:
    """A title line without its bullet, its year and its DOI."""
    if len(line) > LONGEST_LINE:
        return Raw(number, line)
    bare = _BULLET.sub("", line)
    doi = _DOI.search(bare)
    bare = bare[: doi.start()] if doi else bare
    year = _YEAR.search(bare)
    bare = bare[: year.start()] if year else bare
    return Raw(number, bare, "", year[1] if year else "", doi_in(doi[0]) if doi else "")
