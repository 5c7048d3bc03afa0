"""Owners of actions are reminded the day before one is due and once its day is over, in the office's morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from intake import clock
from intake.extensions import db
from intake.meeting import letters
from intake.meeting.models import Item, Meeting, MeetingAction
from intake.meeting.queries import read_by
from intake.notification.operations import tell
from intake.people.queries import with_grants
from intake.people.sign_in import actor_of
from intake.programme.models import Office

MORNING = 8
"""The hour of the office's clock from which reminders go."""


def due(now: datetime, most: int) -> list[int]:
    """The ids of actions whose owner is due a reminder at ``now``, those due first first, at most ``most``.
    Statements: 2, and none but the first before the morning."""
    here = now.astimezone(office_zone())
    if here.hour < MORNING:
        return []
    asked = (
        sa.select(MeetingAction.id)
        .join(MeetingAction.item)
        .join(Item.meeting)
        .where(MeetingAction.done_at.is_(None), Meeting.cancelled_at.is_(None), _waits(here.date()))
        .order_by(MeetingAction.due_on, MeetingAction.id)
    )
    return list(db.session.scalars(asked.limit(most)))


def remind(action_id: int, now: datetime) -> bool:
    """Remind the action's owner, where that is still due, and where they may still read its item.

    Demands: nothing: the time does it. Records: that it was done. Tells: the owner. Returns: whether it was due.
    """
    today = now.astimezone(office_zone()).date()
    action = db.session.scalars(
        sa.select(MeetingAction)
        .where(MeetingAction.id == action_id, MeetingAction.done_at.is_(None), _waits(today))
        .options(sa.orm.joinedload(MeetingAction.item).joinedload(Item.meeting))
        .with_for_update(of=MeetingAction, skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if action is None:
        return False
    over = action.due_on < today
    action.reminded_before_at = action.reminded_before_at or now
    if over:
        action.reminded_over_at = now
    owner = with_grants([action.owner_id])[0]
    reads = sa.select(Item.id).where(Item.id == action.item_id, read_by(actor_of(owner)))
    if owner.active and db.session.scalar(reads) is not None:
        wording = letters.action_over if over else letters.action_due
        tell([owner], wording(action.item.meeting.title, action.due_on))
    db.session.flush()
    return True


def office_zone() -> ZoneInfo:
    """The office's own zone, UTC before there is an office. Statements: 1."""
    return ZoneInfo(db.session.scalar(sa.select(Office.time_zone)) or "UTC")


def office_today() -> date:
    """The day that it is at the office. Statements: 1."""
    return clock.now().astimezone(office_zone()).date()


def _waits(today: date) -> sa.ColumnElement[bool]:
    """Due tomorrow (or today, where nobody was reminded yesterday), or over; and not reminded of that yet."""
    soon = sa.and_(
        MeetingAction.due_on.between(today, today + timedelta(days=1)), MeetingAction.reminded_before_at.is_(None)
    )
    return sa.or_(soon, sa.and_(MeetingAction.due_on < today, MeetingAction.reminded_over_at.is_(None)))
