"""What may happen to the time of a meeting: times are offered, answered, one is chosen, and it may move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from intake import clock
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.meeting import letters
from intake.meeting.doubts import doubts_about, together
from intake.meeting.inviting import standing, tell
from intake.meeting.log import note
from intake.meeting.models import Meeting, MeetingSlot, Participant, SlotReply
from intake.meeting.planning import demand_plannable
from intake.meeting.queries import behind_link
from intake.policy import UNSEEN, Actor, may, participant_of, slots_closed
from intake.ruling import demand
from intake.vocabulary import Action, SlotAnswer, say

MOST_SLOTS = 20


def offer(meeting: Meeting, instants: Iterable[datetime], *, by: Actor) -> list[MeetingSlot]:
    """Offer times to everybody who is asked.

    Demands: meeting.run. From: no time is chosen. Records: the times, an event. Tells: everybody who is asked, for
    their answer. Raises: Refused; Incomplete for none, one that is over or offered already, too many, nobody to offer
    them to, or once a time is chosen; a time that is wrong is named in ``fields`` as ISO 8601. Returns: the new ones.
    """
    demand_plannable(meeting, by)
    _demand_open(meeting)
    starts = sorted(set(instants))
    known = {each.begins_at for each in meeting.slots}
    if not starts:
        raise Incomplete(say("Give at least one time."))
    wrong = {each.isoformat(): say("This time is offered already.") for each in starts if each in known}
    wrong |= {each.isoformat(): say("This time is over.") for each in starts if each <= clock.now()}
    if wrong:
        raise Incomplete(say("Give times that are still to come, each once."), wrong)
    if len(known) + len(starts) > MOST_SLOTS:
        raise Incomplete(say("At most %(most)s times are offered.", most=MOST_SLOTS))
    if len(standing(meeting)) < 2:
        raise Incomplete(say("First ask somebody to the meeting."))
    made = [MeetingSlot(begins_at=each, replies=[]) for each in starts]
    meeting.slots.extend(made)
    db.session.flush()
    tell(meeting, standing(meeting), letters.offered)
    note(meeting, "slots_offered", by=by)
    return made


def take_back(meeting: Meeting, slot: MeetingSlot, *, by: Actor) -> None:
    """Offer this time no more; the answers to it go too. Nobody is told.

    Demands: meeting.run. Raises: Refused; Incomplete once a time is chosen.
    """
    demand_plannable(meeting, by)
    _demand_open(meeting)
    meeting.slots.remove(slot)
    db.session.flush()


def answer(meeting: Meeting, answers: Mapping[int, SlotAnswer], *, by: Actor) -> None:
    """Say of each time that is offered (by id) whether it suits the actor; said again, the last word counts.

    Demands: meeting.answer. Records: the answers. Raises: Refused; Incomplete where one is left open.
    """
    demand(may(by, Action.MEETING_ANSWER, meeting))
    mine = participant_of(by, meeting)
    assert mine is not None
    _keep(meeting, mine, answers)


def answer_by_link(token: str, meeting: Meeting, answers: Mapping[int, SlotAnswer]) -> None:
    """As ``answer``, by a guest with the link of their letter; ``meeting`` is the one that it is for, locked.

    Demands: the link. Raises: Refused; Incomplete.
    """
    found = behind_link(token)
    guest = next((each for each in standing(meeting) if found is not None and each.id == found.id), None)
    if guest is None:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    _demand_open(meeting)
    _keep(meeting, guest, answers)


def choose(meeting: Meeting, begins_at: datetime, *, anyway: bool = False, by: Actor) -> None:
    """Let the meeting take place then: for the first time, or at another time than before.

    Demands: meeting.run. Records: the time, a higher sequence where it moves, an event. Tells: everybody who is asked,
    with a calendar file. Raises: Refused; Incomplete for a time that is over, with nobody asked, once it is over, or
    where something speaks against it (``doubts_about``), unless ``anyway``.
    """
    demand_plannable(meeting, by)
    if begins_at == meeting.begins_at:
        return
    if begins_at <= clock.now():
        over = say("This time is over. If the meeting was held then, tick that it was.")
        raise Incomplete(say("Choose a time that is still to come."), {"begins_at": over})
    if len(standing(meeting)) < 2:
        raise Incomplete(say("First ask somebody to the meeting."))
    doubts = [] if anyway else doubts_about(meeting, begins_at, by)
    if doubts:
        raise Incomplete(together(doubts), {"anyway": say("Choose another time, or tick that it is to stand.")})
    moves = meeting.begins_at is not None
    meeting.begins_at = begins_at
    meeting.sequence += moves
    tell(meeting, standing(meeting), letters.moved if moves else letters.invited)
    note(meeting, "moved" if moves else "arranged", by=by)


def suits(meeting: Meeting, slot: MeetingSlot, people: Iterable[Participant]) -> dict[SlotAnswer | None, int]:
    """How many of ``people`` gave each answer to the time; None: no answer yet. Statements: 0."""
    given = {each.participant_id: each.answer for each in slot.replies}
    counts: dict[SlotAnswer | None, int] = {}
    for each in people:
        said = given.get(each.id)
        counts[said] = counts.get(said, 0) + 1
    return counts


def _keep(meeting: Meeting, line: Participant, answers: Mapping[int, SlotAnswer]) -> None:
    if not meeting.slots:
        raise Incomplete(say("No time is offered now."))
    open_ones = [each for each in meeting.slots if each.id not in answers]
    if open_ones:
        words = say("Answer for this time too.")
        raise Incomplete(
            say("Say of each time whether it suits you."), {f"slot_{each.id}": words for each in open_ones}
        )
    for slot in meeting.slots:
        reply = next((each for each in slot.replies if each.participant_id == line.id), None)
        if reply is None:
            slot.replies.append(SlotReply(participant_id=line.id, answer=answers[slot.id]))
        elif reply.answer is not answers[slot.id]:
            reply.answer, reply.at = answers[slot.id], clock.now()
    db.session.flush()


def _demand_open(meeting: Meeting) -> None:
    why = slots_closed(meeting)
    if why is not None:
        raise Incomplete(why)
