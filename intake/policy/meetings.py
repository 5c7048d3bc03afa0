"""The rulings on a meeting: who sees it, runs it, answers when they can come, writes its minutes.

``meeting.queries.seen_by`` is the twin of ``view_meeting`` in SQL.
"""

from __future__ import annotations

from typing import Any

from intake.policy.actor import Actor
from intake.policy.attending import office_of, participant_of, reads_item
from intake.policy.proposals import reads_as_office
from intake.policy.relations import oversees
from intake.policy.ruling import UNSEEN, YES, Ruling, no
from intake.vocabulary import ComesAs, Words, say


def view_meeting(actor: Actor, meeting: Any) -> Ruling:
    """A coordinator of the call; a stand-in of one of its proposals; whoever was told and may read something of it, or
    attends no item in particular."""
    if oversees(actor, meeting.call):
        return YES
    if any(item.proposal is not None and reads_as_office(actor, item.proposal) for item in meeting.items):
        return YES
    mine = participant_of(actor, meeting)
    if mine is None:
        return UNSEEN
    put_down = [item for item in meeting.items if any(row.participant_id == mine.id for row in item.attendance)]
    return YES if not put_down or any(reads_item(actor, item, meeting) for item in put_down) else UNSEEN


def run_meeting(actor: Actor, meeting: Any) -> Ruling:
    """Planning and holding the meeting: a coordinator of the call."""
    if oversees(actor, meeting.call):
        return YES
    seen = view_meeting(actor, meeting)
    return no(say("Only a coordinator of the call may do this.")) if seen else seen


def answer_slots(actor: Actor, meeting: Any) -> Ruling:
    """Saying which of the times that are offered would do: whoever is asked to the meeting, until it is chosen."""
    seen = view_meeting(actor, meeting)
    if not seen:
        return seen
    if participant_of(actor, meeting) is None:
        return no(say("Only those who are asked to the meeting answer."))
    why = slots_closed(meeting)
    return no(why) if why else YES


def slots_closed(meeting: Any) -> Words | None:
    """Why the times that were offered are not answered any more, or None."""
    if meeting.cancelled_at is not None:
        return say("The meeting was cancelled.")
    if meeting.begins_at is not None:
        return say("The time is chosen: %(when)s.", when=meeting.begins_at)
    return None


def writes_minutes(actor: Actor, item: Any, meeting: Any) -> Ruling:
    """Whoever reads the item and coordinates the call, stands in for its proposal, or chairs the meeting and comes as
    the office: minutes are the office's."""
    if not reads_item(actor, item, meeting):
        return UNSEEN
    if oversees(actor, meeting.call) or office_of(actor, item, meeting):
        return YES
    mine = participant_of(actor, meeting)
    if mine is not None and mine.comes_as is ComesAs.OFFICE and meeting.chair_id == actor.id:
        return YES
    return no(say("Only a coordinator of the call and the chair write the minutes."))
