"""What may happen to a meeting before it is held: it is made, changed, copied; people are asked to it or taken off."""

from __future__ import annotations

from typing import Any

from intake import clock
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.meeting import letters
from intake.meeting.chairing import chair_after, chair_for_copy
from intake.meeting.inviting import new_uid, standing, tell
from intake.meeting.log import note
from intake.meeting.models import Attendance, Item, Meeting, Participant
from intake.meeting.queries import known_under
from intake.meeting.times import is_zone
from intake.people.models import Person
from intake.people.queries import with_email
from intake.policy import Actor, attends, may, meets, reads_item
from intake.ruling import demand
from intake.vocabulary import Action, ComesAs, MeetingKind, say

MOST_PARTICIPANTS = 60


def make(call: Call, *, kind: MeetingKind, title: str, place: str, zone: str, minutes: int, by: Actor) -> Meeting:
    """Begin to plan a meeting of the call; nobody is told. Whoever makes it takes part as the office.

    Demands: call.oversee. Records: the meeting, an event. Raises: Refused; Incomplete for a zone that is none.
    Returns: the meeting.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    _check_zone(zone)
    made = _new(call, by, kind=kind, title=title, place=place, zone=zone, minutes=minutes)
    made.participants.append(_line(by.id, ComesAs.OFFICE, zone, by))
    db.session.flush()
    note(made, "planned", by=by)
    return made


def change(
    meeting: Meeting, version: int, *, title: str, place: str, minutes: int, zone: str, chair_id: int | None, by: Actor
) -> bool:
    """Change what a meeting is called, where it is, how long it takes, and who chairs it.

    Demands: meeting.run. Records: the change, an event. Tells: everybody who is asked, with a new calendar file, where
    the meeting is arranged and their calendar shows something else. Raises: Refused; Stale; Incomplete once it is over,
    for a chair who is not of the office, or a zone that is none. Returns: whether anything changed.
    """
    demand_plannable(meeting, by)
    if meeting.version != version:
        raise Stale
    _check_zone(zone)
    chair_id = chair_after(meeting, chair_id, by)
    told = (title, place, minutes) != (meeting.title, meeting.place, meeting.minutes)
    if not told and (zone, chair_id) == (meeting.zone, meeting.chair_id):
        return False
    meeting.title, meeting.place, meeting.minutes = title, place, minutes
    meeting.zone, meeting.chair_id = zone, chair_id
    if told and meeting.begins_at is not None:
        meeting.sequence += 1
        tell(meeting, standing(meeting), letters.changed)
    db.session.flush()
    note(meeting, "changed", by=by)
    return True


def ask_person(meeting: Meeting, person: Person, comes_as: ComesAs, zone: str, *, by: Actor) -> Participant:
    """Ask somebody with an account to the meeting.

    Demands: meeting.run. Records: the participant, an event. Tells: them, where the meeting is arranged. Raises:
    Refused; Incomplete for somebody who is asked already, whose account is closed, a zone that is none, or once it is
    over. Returns: the participant; nothing happens where they are asked already and the actor may not learn of it.
    """
    demand_plannable(meeting, by)
    _check_zone(zone)
    if not person.active:
        raise Incomplete(say("They cannot be asked: the account is closed."))
    line = _line(person.id, comes_as, zone, by)
    line.person = person
    return _asked(meeting, line, by)


def ask_guest(meeting: Meeting, name: str, email: str, zone: str, *, by: Actor) -> Participant:
    """Ask somebody by name and address; where the address is known of an account, its person is asked as a guest.

    Demands, Records, Tells, Raises, Returns: as ``ask_person``; a guest's letter brings a link of their own.
    """
    demand_plannable(meeting, by)
    _check_zone(zone)
    known = with_email(email) or known_under(email)
    if known is not None:
        return ask_person(meeting, known, ComesAs.GUEST, zone, by=by)
    line = _line(None, ComesAs.GUEST, zone, by)
    line.name, line.email, line.person = name, email.strip().lower(), None
    return _asked(meeting, line, by)


def take_off(meeting: Meeting, participant: Participant, *, by: Actor) -> None:
    """Take somebody off the meeting, from all its items too; they see it no more.

    Demands: meeting.run, and that the actor may learn of them. Records: when, an event. Tells: them, if they were told
    of it; a calendar file takes it out of their calendar. Raises: Refused; Incomplete once it is over.
    """
    demand_plannable(meeting, by)
    if participant.removed_at is not None or not meets(by, participant, meeting):
        raise Incomplete(say("Choose somebody from the list."))
    for item in meeting.items:
        item.attendance = [each for each in item.attendance if each.participant_id != participant.id]
    if participant.told_at is not None:
        meeting.sequence += 1
        tell(meeting, [participant], letters.taken_off, ends=True)
    participant.removed_at = clock.now()
    if participant.person_id is not None and participant.person_id == meeting.chair_id:
        meeting.chair_id = None
    db.session.flush()
    note(meeting, "participant_taken_off", by=by)


def copy(meeting: Meeting, *, by: Actor) -> Meeting:
    """A new meeting with the same place, people and agenda, less what is withheld from the actor; without times.

    Demands: meeting.run. Records: the new meeting, an event. Raises: Refused. Returns: it.
    """
    demand(may(by, Action.MEETING_RUN, meeting))
    kept = {name: getattr(meeting, name) for name in ("kind", "title", "place", "zone", "minutes")}
    made = _new(meeting.call, by, chair_id=chair_for_copy(meeting, by), **kept)
    lines: dict[int, Participant] = {}
    for each in standing(meeting):
        if meets(by, each, meeting):
            line = _line(each.person_id, each.comes_as, each.zone, by)
            line.name, line.email = each.name, each.email
            lines[each.id] = line
    made.participants = list(lines.values())
    db.session.flush()
    read = [item for item in meeting.items if reads_item(by, item, meeting)]
    for position, item in enumerate(read, start=1):
        again = Item(position=position, heading=item.heading, minutes=item.minutes, proposal_id=item.proposal_id)
        again.theme_id, again.contact_id = item.theme_id, item.contact_id
        again.attendance = [Attendance(participant_id=lines[number].id) for number in _attending(item, meeting, lines)]
        made.items.append(again)
    db.session.flush()
    note(made, "planned", by=by)
    return made


def demand_plannable(meeting: Meeting, by: Actor) -> None:
    """Go on only for who runs a meeting that is not over. Raises Refused; Incomplete."""
    demand(may(by, Action.MEETING_RUN, meeting))
    if meeting.over:
        raise Incomplete(say("The meeting is over, so its plan stays as it is."))


def _attending(item: Item, meeting: Meeting, lines: dict[int, Participant]) -> list[int]:
    return [each.id for each in standing(meeting) if each.id in lines and attends(each, item)]


def _asked(meeting: Meeting, line: Participant, by: Actor) -> Participant:
    known = next((each for each in standing(meeting) if _same(each, line)), None)
    if known is not None and meets(by, known, meeting):
        raise Incomplete(say("%(name)s is asked already.", name=known.called))
    if known is not None:
        return known  # an error would tell that they come for an item that is withheld from the actor
    if len(standing(meeting)) >= MOST_PARTICIPANTS:
        raise Incomplete(say("At most %(most)s people are asked to a meeting.", most=MOST_PARTICIPANTS))
    meeting.participants.append(line)
    db.session.flush()
    if meeting.begins_at is not None:
        tell(meeting, [line], letters.invited)
    note(meeting, "participant_asked", by=by)
    return line


def _same(one: Participant, other: Participant) -> bool:
    return one.email == other.email if other.person_id is None else one.person_id == other.person_id


def _new(call: Call, by: Actor, **columns: Any) -> Meeting:
    made = Meeting(call=call, call_id=call.id, uid=new_uid(), made_by_id=by.id, **columns)
    made.participants, made.items, made.slots = [], [], []
    db.session.add(made)
    return made


def _line(person_id: int | None, comes_as: ComesAs, zone: str, by: Actor) -> Participant:
    return Participant(person_id=person_id, comes_as=comes_as, zone=zone, added_by_id=by.id)


def _check_zone(zone: str) -> None:
    if not is_zone(zone):
        raise Incomplete(say("Choose a time zone."), {"zone": say("Choose a time zone from the list.")})
