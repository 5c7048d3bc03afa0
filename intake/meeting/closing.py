"""How a meeting ends: it is held, or cancelled."""

from __future__ import annotations

from datetime import datetime

from intake import clock
from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import letters
from intake.meeting.inviting import standing, tell
from intake.meeting.log import note
from intake.meeting.models import Meeting
from intake.meeting.planning import demand_plannable
from intake.policy import Actor
from intake.vocabulary import say


def cancel(meeting: Meeting, reason: str, *, by: Actor) -> None:
    """The meeting does not take place.

    Demands: meeting.run. From: neither held nor cancelled. Records: when and why, a higher sequence, an event. Tells:
    everybody who was told of it, with a calendar file that takes it out. Raises: Refused; Incomplete without a reason.
    """
    demand_plannable(meeting, by)
    if not reason.strip():
        raise Incomplete(say("Say why it is cancelled."), {"reason": say("Say why it is cancelled.")})
    meeting.cancelled_at, meeting.cancel_reason = clock.now(), reason.strip()
    meeting.sequence += 1
    tell(meeting, [each for each in standing(meeting) if each.told_at is not None], letters.cancelled, ends=True)
    note(meeting, "cancelled", by=by)


def hold(meeting: Meeting, *, by: Actor) -> None:
    """The meeting took place. Its minutes and outcomes may still be written; what they said before is kept from now on.

    Demands: meeting.run. From: arranged, and begun. Records: when, an event. Raises: Refused; Incomplete.
    """
    demand_plannable(meeting, by)
    if meeting.begins_at is None or meeting.begins_at > clock.now():
        raise Incomplete(say("A meeting is held once its time has come."))
    meeting.held_at = clock.now()
    db.session.flush()
    note(meeting, "held", by=by)


def record_held(meeting: Meeting, begins_at: datetime, *, by: Actor) -> None:
    """The meeting took place at a time that is over, whether anybody was told of that time or not. As after ``hold``,
    its minutes and outcomes may still be written, and who attended an item reads them.

    Demands: meeting.run. From: no time is chosen, or its time has come. Records: when it began and that it was held,
    who may see it from now on, an event. Tells: nobody. Raises: Refused; Incomplete for a time to come, with nobody
    asked, or where everybody still expects it.
    """
    demand_plannable(meeting, by)
    if begins_at > clock.now():
        raise Incomplete(say("A meeting is held once its time has come."), {"begins_at": say("This time is to come.")})
    if meeting.begins_at is not None and meeting.begins_at > clock.now():
        words = say("Everybody expects it at another time. Cancel it, and record a copy of it as held.")
        raise Incomplete(words, {"already": words})
    if len(standing(meeting)) < 2:
        raise Incomplete(say("First put down who was there."))
    now = clock.now()
    meeting.begins_at, meeting.held_at = begins_at, now
    for each in standing(meeting):
        each.told_at = each.told_at or now
    db.session.flush()
    note(meeting, "held", by=by)
