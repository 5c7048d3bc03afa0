"""What is compared: what a proposal asks, and what tells of a reviewer, a sponsor contact or a theme."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

_BETWEEN = re.compile("[,;\uff0c\uff1b\u3001\r\n]")
Id = int | str
"""By what the caller knows a proposal, a candidate or a theme; of one kind within one comparison."""
HIGHEST_LEVEL = 3
"""Of a declared theme: 1 knows of it, 2 works in it, 3 is an expert."""


@dataclass(frozen=True, slots=True)
class Source:
    """One text that tells of a candidate: a publication, their statement, their keywords, a theme's description.

    ``key`` is its name among the candidate's own, such as ``publication 12``.
    """

    key: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a proposal asks: title, abstract, its themes and its keywords."""

    id: Id
    title: str
    abstract: str = ""
    themes: frozenset[Id] = frozenset()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who or what may answer it. ``themes`` gives the level, 1 to 3, of each theme that was declared."""

    id: Id
    sources: tuple[Source, ...] = ()
    themes: Mapping[Id, int] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(1 <= level <= HIGHEST_LEVEL for level in self.themes.values()):
            raise ValueError(f"The level of a theme is 1 to {HIGHEST_LEVEL}.")
        if len({each.key for each in self.sources}) < len(self.sources):
            raise ValueError("Two texts of a candidate have the same key.")


def person(
    id: Id,
    publications: Iterable[Source],
    *,
    statement: str = "",
    keywords: str = "",
    themes: Mapping[Id, int] | None = None,
) -> Candidate:
    """A reviewer or a sponsor contact, of their publications and of the statement and keywords as typed. What is not
    empty is a text of theirs; the keywords are also compared as such."""
    typed = [Source("statement", "", statement), Source("keywords", "", keywords)]
    own = tuple(each for each in typed if each.text.strip())
    return Candidate(id, (*publications, *own), themes or {}, keyword_list(keywords))


Compared = TypeVar("Compared", Subject, Candidate)


def in_order(compared: Sequence[Compared]) -> list[Compared]:
    """Subjects or candidates by their ids, so that the order of the rows changes nothing. Raises: ValueError where an
    id stands twice."""
    if len({each.id for each in compared}) < len(compared):
        raise ValueError("Two of those compared have the same id.")
    return sorted(compared, key=lambda each: (isinstance(each.id, str), each.id))


def asked(subject: Subject) -> str:
    """The text of a proposal that is compared."""
    return f"{subject.title}\n{subject.abstract}"


def told(candidate: Candidate) -> list[str]:
    """The texts of a candidate that are compared, in the order of ``sources_of``."""
    return [f"{each.title}\n{each.text}" for each in sources_of(candidate)]


def sources_of(candidate: Candidate) -> list[Source]:
    """The candidate's sources by their keys."""
    return sorted(candidate.sources, key=lambda each: each.key)


def digest(text: str) -> str:
    """The name of a text under which its vector is kept: SHA-256, 64 hexadecimal signs."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keyword_list(text: str) -> tuple[str, ...]:
    """The keywords in what a person typed: parted by commas, semicolons, their Chinese forms or new lines."""
    return tuple(dict.fromkeys(each.strip() for each in _BETWEEN.split(text) if each.strip()))
