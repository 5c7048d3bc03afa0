"""What may happen to working days: an administrator says that a day is worked or off, or leaves it to the calendar."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from intake.audit.operations import record
from intake.extensions import db
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, Region
from intake.workday.models import WorkingDay


def set_day(region: Region, day: date, *, working: bool, name: str, by: Actor) -> WorkingDay:
    """Say that ``region`` works on ``day``, or does not, whatever the published holidays say. The last word counts.

    Demands: area.administration. Records: ``workday.set``. Raises: Refused. Returns: the row.
    """
    demand(may(by, Action.AREA_ADMINISTRATION))
    asked = sa.select(WorkingDay).where(WorkingDay.region == region, WorkingDay.day == day)
    known = db.session.scalars(asked).one_or_none()
    was = _said(known) if known is not None else ""
    row = known or WorkingDay(region=region, day=day)
    row.working, row.name = working, name
    db.session.add(row)
    db.session.flush()
    record(
        "workday.set", "workday", row.id, by=by, was=was, became=_said(row), day=day.isoformat(), region=region.value
    )
    return row


def leave_day(row: WorkingDay, *, by: Actor) -> None:
    """Leave the day to the published holidays again.

    Demands: area.administration. Records: ``workday.left``. Raises: Refused.
    """
    demand(may(by, Action.AREA_ADMINISTRATION))
    facts = {"day": row.day.isoformat(), "region": row.region.value}
    record("workday.left", "workday", row.id, by=by, was=_said(row), **facts)
    db.session.delete(row)
    db.session.flush()


def _said(row: WorkingDay) -> str:
    return "working" if row.working else "off"
