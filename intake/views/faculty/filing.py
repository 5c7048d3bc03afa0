"""What a page shows of the files of one question, or of those attached freely; the macro ``files_of_question`` draws.

A section's page asks ``files_shown(proposal, key)`` for each of its attachment questions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext, ngettext

from intake.extensions import db
from intake.form.definition import FileLimits, Question, Section, label_in
from intake.people.models import Person
from intake.policy import may
from intake.proposal.answers import form_of, may_change, part_of
from intake.proposal.attaching import kept
from intake.proposal.file_limits import kinds, limits_of, place_of, size_words
from intake.proposal.models import Attachment, Proposal
from intake.views.faculty.progress import section_url
from intake.views.gate import actor
from intake.views.language import language
from intake.vocabulary import Action

AT_ONCE_BYTES = 32 * 1024 * 1024
"""What one form may carry: three files of the largest kind."""
WRAPPING_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that stands, and those that it replaced, newest first, each with the name of who replaced it."""

    file: Attachment
    before: Sequence[tuple[Attachment, str]]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one place. ``id`` names its region of the page; ``refused`` are names and reasons of what was just
    sent and not taken; ``open`` says whether they may change now."""

    id: str
    question: str
    label: str
    help: str
    limits: FileLimits
    words: str
    filed: Sequence[Filed]
    open: bool
    refused: Sequence[tuple[str, str]]
    once: str

    @property
    def room(self) -> int:
        """How many more files have their place here."""
        return max(0, self.limits.most - len(self.filed))

    @property
    def at_once(self) -> int:
        """The most bytes of files that one form may carry."""
        return AT_ONCE_BYTES

    @property
    def endings(self) -> str:
        """For a field's ``accept``."""
        return ",".join(self.limits.endings)


def region_id(question: str) -> str:
    """The name of the place on a page; other pages link to it."""
    return f"{question}-files" if question else "files"


def files_shown(proposal: Proposal, question: str = "", refused: Sequence[tuple[str, str]] = ()) -> Files:
    """What the macro shows. Raises KeyError where the form asks for no such files. Whole proposals only. Statements:
    none, or 1 where somebody replaced a file who is not on the team any more."""
    place = place_of(form_of(proposal), question)
    if place is None:
        raise KeyError(question)
    section, asked = place
    limits = limits_of(asked)
    standing = kept(proposal, question)
    names = _names(proposal, standing)
    return Files(
        id=region_id(question),
        question=question,
        label=label_in(asked.label, language()) if asked else gettext("Files of this proposal"),
        help=label_in(asked.help, language()) if asked else "",
        limits=limits,
        words=limits_in_words(limits),
        filed=[Filed(each, [(old, names.get(by, "")) for old, by in _before(proposal, each)]) for each in standing],
        open=_open(proposal, section, asked),
        refused=refused,
        once=secrets.token_urlsafe(16),
    )


def _open(proposal: Proposal, section: Section, asked: Question | None) -> bool:
    return bool(may(actor(), Action.PROPOSAL_EDIT, proposal)) and may_change(proposal, section, asked)


def limits_in_words(limits: FileLimits) -> str:
    """Such as "PDF, at most 10 MB and 10 pages, up to 3 files"."""
    told = {"kinds": kinds(limits), "size": size_words(limits.max_bytes)}
    if limits.max_pages is None:
        each = gettext("%(kinds)s, at most %(size)s", **told)
    else:
        each = ngettext(
            "%(kinds)s, at most %(size)s and %(num)s page",
            "%(kinds)s, at most %(size)s and %(num)s pages",
            limits.max_pages,
            **told,
        )
    many = ngettext("%(num)s file", "up to %(num)s files", limits.most)
    return f"{each}, {many}"


def back_to(proposal: Proposal, question: str) -> str:
    """The page on which the files of the question stand, at their place."""
    place = place_of(form_of(proposal), question) if question else None
    if place is None:
        return url_for("faculty.attachments", proposal_id=proposal.id, _anchor=region_id(""))
    return section_url(proposal, place[0], anchor=region_id(question))


def part_name(proposal: Proposal, question: str) -> str:
    """The name of the section in which they stand."""
    place = place_of(form_of(proposal), question)
    return part_of(place[0]) if place else ""


def _before(proposal: Proposal, file: Attachment) -> Iterator[tuple[Attachment, int | None]]:
    """The files that this one replaced, one after the other, each with who replaced it."""
    by_id = {each.id: each for each in proposal.attachments}
    while file.replaces_id is not None and file.replaces_id in by_id:
        by = file.added_by_id
        file = by_id[file.replaces_id]
        yield file, by


def _names(proposal: Proposal, standing: Sequence[Attachment]) -> dict[int | None, str]:
    """The names of those who replaced files."""
    wanted = {by for each in standing for _, by in _before(proposal, each) if by is not None}
    names: dict[int | None, str] = {each.person_id: each.name for each in proposal.team if each.person_id}
    unknown = wanted - set(names)
    if unknown:
        rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(unknown)))
        names |= {row.id: row.name for row in rows}
    return names
