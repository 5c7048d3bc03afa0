"""What may be asked about matches."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.extensions import db
from intake.match.models import Match
from intake.proposal.models import Proposal


def standing_of(proposal: Proposal) -> Match | None:
    """The match that stands, with theme and contact, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Match)
        .where(Match.proposal_id == proposal.id, Match.undone_at.is_(None))
        .options(joinedload(Match.theme), joinedload(Match.contact))
    ).one_or_none()


def of_proposal(proposal: Proposal) -> Sequence[Match]:
    """Every match of the proposal, undone ones too, oldest first, with theme and contact. Statements: 1."""
    return db.session.scalars(
        sa.select(Match)
        .where(Match.proposal_id == proposal.id)
        .options(joinedload(Match.theme), joinedload(Match.contact))
        .order_by(Match.id)
    ).all()
