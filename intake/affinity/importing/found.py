"""What an import found: publications, each once, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape

from intake import typed
from intake.affinity.words import bare
from intake.vocabulary import Limit, Words, say

MOST_BYTES = 2 * 1024 * 1024
MOST_ENTRIES = 2_000
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_TAG = re.compile(
    r"</?(?:[bip]|em|strong|su[bp]|br|span|scp|(?:jats|mml):[\w-]{1,40})(?:\s[\w:-]{1,40}=[^<>]{0,200})?\s?/?>",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d|2100)(?!\d)")


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication. ``abstract`` and ``doi`` (bare, in small letters) may be empty, ``year`` None. ``line`` is where
    it begins in what was read, from 1; of ORCID's works, which work it is."""

    title: str
    abstract: str
    year: int | None
    doi: str
    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of one line (0: of the whole)."""

    line: int
    says: Words


@dataclass(frozen=True, slots=True)
class Found:
    """``publications`` in the order of the file; ``problems`` and ``merged`` (what stood there twice) by line."""

    publications: tuple[Publication, ...] = ()
    problems: tuple[Remark, ...] = ()
    merged: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """One entry as it was read, before anything is checked."""

    line: int
    title: str
    abstract: str = ""
    year: str = ""
    doi: str = ""


def refused(says: Words, line: int = 0) -> Found:
    """Nothing found, and why."""
    return Found(problems=(Remark(line, says),))


def decoded(data: bytes) -> str | Words:
    """The text of a file in UTF-8 or (with its mark) UTF-16, or why it cannot be read.

    Other codes are refused rather than guessed: a wrong guess fills a list with signs that nobody wrote.
    """
    if len(data) > MOST_BYTES:
        return say("This is more than %(most)s MB. Import it in parts.", most=MOST_BYTES // 1024**2)
    code = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        return say("The file is not in UTF-8. Save it again as UTF-8 (in Excel “CSV UTF-8”) and import that.")


def gathered(raws: Iterable[Raw], problems: Iterable[Remark] = ()) -> Found:
    """The publications of what was read: each checked, then those with the same DOI or the same title made one.

    Nothing is cut: too long a title leaves the entry out, too long an abstract is left out, and both are told.
    """
    told, kept = list(problems), []
    for number, raw in enumerate(raws):
        if number == MOST_ENTRIES:
            says = say("Only the first %(most)s entries were read. Import the others by themselves.", most=MOST_ENTRIES)
            told.append(Remark(raw.line, says))
            break
        publication, remarks = checked(raw)
        told += [Remark(raw.line, each) for each in remarks]
        if publication:
            kept.append(publication)
    publications, merged = once(kept)
    return Found(tuple(publications), tuple(sorted(told, key=lambda each: each.line)), tuple(merged))


def checked(raw: Raw) -> tuple[Publication | None, list[Words]]:
    """The publication of one entry (None where it has no title that can be kept) and what is wrong with it."""
    title, abstract = _plain(raw.title), _plain(raw.abstract)
    if not bare(title):
        return None, [say("There is no title.")]
    if len(title) > Limit.TITLE:
        return None, [say("The title is longer than %(most)s characters.", most=Limit.TITLE)]
    wrong = []
    if len(abstract) > Limit.ABSTRACT:
        abstract = ""
        wrong.append(say("The abstract is longer than %(most)s characters and was left out.", most=Limit.ABSTRACT))
    year = year_in(raw.year)
    if year is None and raw.year.strip():
        wrong.append(say("The year was not understood and was left out."))
    doi = doi_in(raw.doi)
    if not doi and raw.doi.strip():
        wrong.append(say("The DOI was not understood and was left out."))
    return Publication(title, abstract, year, doi, raw.line), wrong


def year_in(text: str) -> int | None:
    """The first year from 1800 to 2100 in ``text``, which may be a date."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def doi_in(text: str) -> str:
    """The DOI in ``text``, bare and in small letters (they have no case), or nothing."""
    found = _DOI.search(_clean(text))
    doi = found[0].rstrip(".,;)>]}\"'").lower() if found else ""
    return doi if len(doi) <= Limit.NAME else ""


def once(publications: Iterable[Publication]) -> tuple[list[Publication], list[Remark]]:
    """Each publication once. A later one with the same DOI or title (case, accents and signs aside) only fills in what
    the first lacks."""
    kept: list[Publication] = []
    place: dict[str, int] = {}
    merged: list[Remark] = []
    for each in publications:
        names = _names(each)
        at = next((place[name] for name in names if name in place), None)
        if at is None:
            at = len(kept)
            kept.append(each)
        else:
            first = kept[at]
            merged.append(Remark(each.line, say("The same as in line %(line)s.", line=first.line)))
            kept[at] = replace(
                first,
                abstract=first.abstract or each.abstract,
                year=first.year if first.year is not None else each.year,
                doi=first.doi or each.doi,
            )
        for name in names:
            place.setdefault(name, at)
    return kept, merged


def _names(publication: Publication) -> list[str]:
    """What a publication is known by."""
    return [f"doi {publication.doi}"] * bool(publication.doi) + [f"title {bare(publication.title)}"]


def _plain(text: str) -> str:
    """Text as publishers give it out, without the marks of a web page: “H<sub>2</sub>O &amp; air” is “H2O & air”."""
    return _clean(_TAG.sub("", unescape(text)))


def _clean(text: str) -> str:
    """One line, without signs that no field keeps."""
    return typed.line(typed.without_unkeepable(typed.LINE_ENDS.sub("\n", text)))
