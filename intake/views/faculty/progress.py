"""How far the writing of a proposal is, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from intake.form.definition import Page, Section, label_in
from intake.policy import Actor, may
from intake.proposal.answers import answers_of, asked_sections, form_of, may_change, part_of
from intake.proposal.models import Proposal
from intake.proposal.rulebook import Fault, Judged, judge
from intake.views.language import language
from intake.vocabulary import Action

OWN_PAGES = {"team": "faculty.team", "attachments": "faculty.attachments"}
"""The sections that are lists, with pages of their own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the column: ``mark`` is done, begun or empty; ``open`` says whether it may change now."""

    name: str
    label: str
    url: str
    mark: str
    open: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The sections in their order, everything that stands in the way of submitting, and how it stands to each rule."""

    parts: Sequence[Part]
    faults: Sequence[Fault]
    rules: Sequence[Judged] = ()

    def part(self, name: str) -> Part:
        """The section of that name."""
        return next(each for each in self.parts if each.name == name)


def part_url(proposal: Proposal, part: str, field: str = "") -> str:
    """The page of a section by its name, at one of its fields with what it still wants."""
    anchor = field or None
    if part in OWN_PAGES:
        return url_for(OWN_PAGES[part], proposal_id=proposal.id, _anchor=anchor)
    return url_for("faculty.edit", proposal_id=proposal.id, part=part, check=1 if field else None, _anchor=anchor)


def section_url(proposal: Proposal, section: Section, anchor: str = "", more: int | None = None) -> str:
    """The page of a section, at one of its questions, with so many empty rows."""
    part = part_of(section)
    if part in OWN_PAGES:
        return url_for(OWN_PAGES[part], proposal_id=proposal.id)
    return url_for("faculty.edit", proposal_id=proposal.id, part=part, more=more, _anchor=anchor or None)


def progress(proposal: Proposal, actor: Actor) -> Progress:
    """How far it is. Whole proposals only. Statements: those of ``judge``."""
    found = judge(proposal)
    editing = bool(may(actor, Action.PROPOSAL_EDIT, proposal))
    wanting = {fault.part for fault in found.faults}
    parts = [
        Part(
            part_of(section),
            _label(section),
            section_url(proposal, section),
            _mark(proposal, section, part_of(section) in wanting),
            editing and may_change(proposal, section),
        )
        for section in asked_sections(form_of(proposal))
    ]
    return Progress(parts, found.faults, found.rules)


def _label(section: Section) -> str:
    return label_in(section.label, language())


def _mark(proposal: Proposal, section: Section, wanting: bool) -> str:
    begun = _begun(proposal, section)
    if wanting:
        return "begun" if begun else "empty"
    needs_nothing = section.page is Page.QUESTIONS and not any(each.required for each in section.questions)
    return "done" if begun or needs_nothing else "empty"


def _begun(proposal: Proposal, section: Section) -> bool:
    """Whether anything stands in the section."""
    if section.page is Page.TEAM:
        return bool(proposal.team)
    files = [file for file in proposal.attachments if file.removed_at is None]
    if section.page is Page.FILES:
        return bool(files)
    answers = answers_of(proposal)
    keys = {each.key for each in section.questions}
    return any(answers.get(key) for key in keys) or any(file.question in keys for file in files)
