"""A list of publications that somebody brings: told row by row against what is there, then kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from intake.affinity import importing
from intake.affinity.importing import Found
from intake.match.profile import add_all, known_names, names_of
from intake.people.models import Person, Publication
from intake.policy import Actor
from intake.vocabulary import PublicationSource, Words, say

MOST_BYTES = importing.MOST_BYTES
_BY_ENDING = {
    "bib": (importing.from_bibtex, PublicationSource.BIBTEX),
    "bibtex": (importing.from_bibtex, PublicationSource.BIBTEX),
    "json": (importing.from_orcid, PublicationSource.ORCID),
    "csv": (importing.from_sheet, PublicationSource.CSV),
    "tsv": (importing.from_sheet, PublicationSource.CSV),
}
ENDINGS = tuple(f".{ending}" for ending in (*_BY_ENDING, "txt"))
"""What files may end with."""


class Fate(StrEnum):
    """What becomes of one row of a list."""

    NEW = "new"
    THERE = "there"
    TWICE = "twice"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: where it begins, its title where it could be read, what becomes of it, and what is said."""

    line: int
    title: str
    fate: Fate
    says: tuple[Words, ...] = ()


def read(data: bytes, name: str = "") -> tuple[Found, PublicationSource]:
    """The publications of a file by its ending, or of what was pasted by how it looks. Never raises."""
    reader, source = _BY_ENDING.get(name.rpartition(".")[2].lower(), (importing.from_any, PublicationSource.PASTED))
    return reader(data), source


def report(person: Person, found: Found) -> list[Row]:
    """What would become of each row of the list, by its place in the list. ``publications`` must be loaded."""
    known = known_names(person)
    remarks: dict[int, list[Words]] = {}
    for each in found.problems:
        remarks.setdefault(each.line, []).append(each.says)
    rows = []
    for publication in found.publications:
        there = bool(names_of(publication.title, publication.doi) & known)
        says = remarks.pop(publication.line, [])
        if there:
            says = [say("It is in the profile already.")]
        rows.append(Row(publication.line, publication.title, Fate.THERE if there else Fate.NEW, tuple(says)))
    rows += [Row(each.line, "", Fate.TWICE, (each.says,)) for each in found.merged]
    rows += [Row(line, "", Fate.REFUSED, tuple(says)) for line, says in remarks.items()]
    return sorted(rows, key=lambda row: row.line)


def keep(
    person: Person, found: Found, source: PublicationSource, *, without: Collection[int] = (), by: Actor
) -> list[Publication]:
    """Keep what is new in the list, less the rows that begin at the lines ``without``, as one act.

    Demands: to keep the profile. Records: as ``profile.add_all``. Raises: Refused; Incomplete where there would be too
    many. Returns: what was added.
    """
    known = known_names(person)
    made = [
        Publication(title=each.title, abstract=each.abstract, year=each.year, doi=each.doi, source=source)
        for each in found.publications
        if each.line not in without and not names_of(each.title, each.doi) & known
    ]
    add_all(person, made, by=by)
    return made
