"""How far the writing of a proposal is, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from intake.policy import Actor, may
from intake.proposal.models import Proposal
from intake.proposal.parts import PARTS
from intake.proposal.rulebook import Fault, faults
from intake.views.display import tr
from intake.vocabulary import Action, State

OWN_PAGES = {"team": "faculty.team", "attachments": "faculty.attachments"}
"""The parts that are lists, with pages of their own."""


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
    """The parts in their order and everything that stands in the way of submitting."""

    parts: Sequence[Part]
    faults: Sequence[Fault]

    def part(self, name: str) -> Part:
        """The part of that name."""
        return next(each for each in self.parts if each.name == name)


def part_url(proposal: Proposal, part: str, field: str = "") -> str:
    """The page of a part, at one of its fields."""
    anchor = field or None
    if part in OWN_PAGES:
        return url_for(OWN_PAGES[part], proposal_id=proposal.id, _anchor=anchor)
    return url_for("faculty.edit", proposal_id=proposal.id, part=part, _anchor=anchor)


def progress(proposal: Proposal, actor: Actor) -> Progress:
    """How far it is. Whole proposals only. Statements: 1, where a rule counts running projects."""
    found = faults(proposal)
    editing = bool(may(actor, Action.PROPOSAL_EDIT, proposal))
    wanting = {fault.part for fault in found}
    parts = [
        Part(
            name,
            tr(label),
            part_url(proposal, name),
            _mark(proposal, name, name in wanting),
            editing and (proposal.state is not State.RETURNED or name in proposal.returned_parts),
        )
        for name, label in PARTS.items()
    ]
    return Progress(parts, found)


def _mark(proposal: Proposal, part: str, wanting: bool) -> str:
    begun = _begun(proposal)[part]
    if wanting:
        return "begun" if begun else "empty"
    return "done" if begun or part == "declarations" else "empty"


def _begun(proposal: Proposal) -> dict[str, bool]:
    """Whether anything stands in each part."""
    return {
        "summary": bool(proposal.title or proposal.title_zh or proposal.abstract),
        "theme": bool(proposal.theme_id or proposal.keywords),
        "team": bool(proposal.team),
        "description": bool(proposal.description),
        "budget": proposal.amount_minor is not None or proposal.duration_months is not None,
        "attachments": any(file.removed_at is None for file in proposal.attachments),
        "declarations": proposal.nothing_confidential or proposal.own_work or proposal.one_university,
    }
