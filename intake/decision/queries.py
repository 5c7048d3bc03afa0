"""What may be asked about decisions and outcomes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.decision.models import Decision, SponsorOutcome
from intake.extensions import db
from intake.proposal.models import Proposal


def pending(proposal: Proposal) -> Decision | None:
    """The decision that is recorded and not released, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Decision).where(
            Decision.proposal_id == proposal.id, Decision.released_at.is_(None), Decision.reopened_at.is_(None)
        )
    ).one_or_none()


def of_proposal(proposal: Proposal) -> Sequence[Decision]:
    """Every decision on the proposal, reopened ones too, oldest first, with who recorded it. Statements: 1."""
    return db.session.scalars(
        sa.select(Decision)
        .where(Decision.proposal_id == proposal.id)
        .options(joinedload(Decision.recorded_by))
        .order_by(Decision.id)
    ).all()


def released(proposal: Proposal) -> Decision | None:
    """The newest released decision, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Decision)
        .where(Decision.proposal_id == proposal.id, Decision.released_at.is_not(None))
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()


def outcomes_of(proposal: Proposal) -> Sequence[SponsorOutcome]:
    """What the sponsor answered, oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(SponsorOutcome).where(SponsorOutcome.proposal_id == proposal.id).order_by(SponsorOutcome.id)
    ).all()
