"""What may be asked about the days that the office knows better."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from intake.extensions import db
from intake.workday.counting import Overrides
from intake.workday.models import WorkingDay


def overrides() -> Overrides:
    """Every day that the office knows better than the published holidays. Statements: 1."""
    rows = db.session.execute(sa.select(WorkingDay.region, WorkingDay.day, WorkingDay.working))
    return {(row.region, row.day): row.working for row in rows}


def days() -> Sequence[WorkingDay]:
    """The same days as rows, the latest first. Statements: 1."""
    return db.session.scalars(sa.select(WorkingDay).order_by(WorkingDay.day.desc(), WorkingDay.region)).all()


def one(day_id: int) -> WorkingDay | None:
    """The row with that id, or None. Statements: 1."""
    return db.session.get(WorkingDay, day_id)
