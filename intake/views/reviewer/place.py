"""Where a proposal stands in its reviewer's queue, for the line on top of its pages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import url_for

from intake.policy import assignment_of
from intake.proposal.models import Proposal
from intake.review.models import Assignment
from intake.review.queries import line_of
from intake.views.gate import actor


@dataclass(frozen=True, slots=True)
class Place:
    """The place from 1, of how many; the addresses of the neighbours, and of the next review to write, if any."""

    position: int
    total: int
    assignment: Assignment
    before: str | None
    after: str | None
    next_open: str | None


def place_of(proposal: Proposal) -> Place:
    """The proposal's place in the actor's queue. Statements: 1."""
    line = line_of(actor())
    here = next((at for at, each in enumerate(line) if each.proposal_id == proposal.id), 0)
    later = [each for each in line[here + 1 :] + line[:here] if each.open and each.proposal_id != proposal.id]
    return Place(
        position=here + 1,
        total=len(line),
        assignment=assignment_of(actor(), proposal),  # type: ignore[arg-type]
        before=_url(line[here - 1].proposal_id) if here else None,
        after=_url(line[here + 1].proposal_id) if here + 1 < len(line) else None,
        next_open=_url(later[0].proposal_id) if later else None,
    )


def _url(proposal_id: int) -> str:
    return url_for("reviewer.review", proposal_id=proposal_id)


def rendered_key() -> str:
    """A one-time key for a form that is drawn now."""
    return secrets.token_urlsafe(16)
