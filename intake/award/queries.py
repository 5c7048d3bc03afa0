"""What may be asked about awards."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.award.models import Award
from intake.extensions import db
from intake.programme.models import Programme


def published(year: int | None = None, programme: str = "", most: int | None = None) -> Sequence[Award]:
    """The awards that the public may see, the latest year first, then by title; programme and sponsor loaded.

    ``programme`` is a programme's code. Statements: 1.
    """
    asked = (
        sa.select(Award)
        .join(Award.programme)
        .where(Award.published_at.is_not(None))
        .options(joinedload(Award.programme).joinedload(Programme.sponsor))
        .order_by(Award.year.desc(), Award.title, Award.id)
        .limit(most)
    )
    if year is not None:
        asked = asked.where(Award.year == year)
    if programme:
        asked = asked.where(Programme.code == programme)
    return db.session.scalars(asked).all()


def years_published() -> Sequence[int]:
    """The years that have a published award, the latest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Award.year).where(Award.published_at.is_not(None)).distinct().order_by(Award.year.desc())
    ).all()


def programmes_published() -> Sequence[Programme]:
    """The programmes that have a published award, by name. Statements: 1."""
    of_published = sa.select(Award.programme_id).where(Award.published_at.is_not(None))
    return db.session.scalars(
        sa.select(Programme).where(Programme.id.in_(of_published)).order_by(Programme.name, Programme.id)
    ).all()
