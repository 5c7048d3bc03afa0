"""What reviews hold of their call: a rubric stays once somebody has begun to judge by it, and so does the panel."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from intake.call.arranging import HOLDERS
from intake.call.models import Call
from intake.extensions import db
from intake.proposal.models import Proposal
from intake.review.models import Assignment, Review
from intake.vocabulary import State, Words, say


def _any(asked: sa.Select[Any]) -> bool:
    return bool(db.session.scalar(sa.select(asked.exists())))


def rubric(call: Call, what: str) -> Words | None:
    """A review of the call has begun. Statements: 1."""
    begun = sa.select(Review.id).join(Review.assignment).join(Assignment.proposal).where(Proposal.call_id == call.id)
    if _any(begun):
        return say("A review has begun, so the rubric stays as it is: scores given by it must keep their meaning.")
    return None


def panel(call: Call, what: str) -> Words | None:
    """A proposal of the call is with the reviewers, or was decided by them and not released. Statements: 1."""
    busy = sa.select(Proposal.id).where(
        Proposal.call_id == call.id, Proposal.state.in_((State.IN_REVIEW, State.DECIDED))
    )
    return say("Proposals are with the reviewers, so the panel stays.") if _any(busy) else None


def sponsor(call: Call, what: str) -> Words | None:
    """A proposal of the call is with the sponsor. Statements: 1."""
    busy = sa.select(Proposal.id).where(Proposal.call_id == call.id, Proposal.state == State.WITH_SPONSOR)
    return say("Proposals are with the sponsor, so this stays.") if _any(busy) else None


HOLDERS.setdefault("rubric", []).append(rubric)
HOLDERS.setdefault("panel", []).append(panel)
HOLDERS.setdefault("sponsor_decides", []).append(sponsor)
