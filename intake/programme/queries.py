"""What may be asked about programmes and the collaboration's history."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.extensions import db
from intake.programme.models import Milestone, Programme, Sponsor


def history() -> Sequence[Milestone]:
    """Every line of the history, the oldest first. Statements: 1."""
    return db.session.scalars(sa.select(Milestone).order_by(Milestone.since, Milestone.id)).all()


def programmes() -> Sequence[Programme]:
    """Every programme with its sponsor, by the sponsor's name (those without one last), then by name. Statements: 1."""
    return db.session.scalars(
        sa.select(Programme)
        .outerjoin(Programme.sponsor)
        .options(joinedload(Programme.sponsor))
        .order_by(Programme.sponsor_id.is_(None), Sponsor.name, Programme.name, Programme.id)
    ).all()
