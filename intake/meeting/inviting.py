"""How those who are asked to a meeting are told: each by a letter of their own, and once it is arranged with a calendar
file of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

import sqlalchemy as sa

from intake import clock
from intake.extensions import db
from intake.meeting import letters
from intake.meeting.calendar import Entry, Party, letter_file
from intake.meeting.known import actors
from intake.meeting.models import Meeting, MeetingLink, Participant
from intake.notification.letters import Letter, desk
from intake.notification.operations import post
from intake.people.sign_in import hashed
from intake.policy import may
from intake.programme.models import Office
from intake.vocabulary import Action

Wording = Callable[[Meeting, Participant, str], Letter]


def standing(meeting: Meeting) -> list[Participant]:
    """Those who are asked to it, in the order in which they were."""
    return [each for each in meeting.participants if each.removed_at is None]


def tell(meeting: Meeting, people: Iterable[Participant], wording: Wording, *, ends: bool = False) -> None:
    """Write the letter to each of ``people``; with a calendar file where the meeting has a time, which takes it out of
    the calendar where it ``ends``. Whoever has no account gets a link of their own.

    Who may see nothing of the meeting any more gets no news of it: if it stands in their calendar, they are told that
    they need not come. Records: letters, links, who was told and whose calendar knows of it.
    """
    asked = list(people)
    lost = set() if ends else _lost(meeting, asked)
    _write(meeting, [each for each in asked if each.id not in lost], wording, ends)
    _write(meeting, [each for each in asked if each.id in lost and each.invited], letters.taken_off, True)
    db.session.flush()


def _lost(meeting: Meeting, people: list[Participant]) -> set[int]:
    """The ids of those with an account who may not see the meeting, were they told of it now. Statements: 4."""
    known = {person.id: actor for person, actor in actors(each.person_id for each in people)}
    lost = set()
    for each in people:
        if each.person_id is not None:
            before, each.told_at = each.told_at, each.told_at or clock.now()
            if not may(known[each.person_id], Action.MEETING_VIEW, meeting):
                lost.add(each.id)
            each.told_at = before
    return lost


def _write(meeting: Meeting, people: list[Participant], wording: Wording, ends: bool) -> None:
    if not people:
        return
    now, office = clock.now(), office_party()
    for each in people:
        path = path_for(each)
        with_file = meeting.begins_at is not None and (each.invited or not ends)
        file = _file(meeting, each, path, office, ends) if with_file else ""
        each.told_at, each.invited = each.told_at or now, with_file and not ends
        if each.person is None or each.person.active:
            letter = wording(meeting, each, path)
            post(letter, to=each.address, name=each.called, person_id=each.person_id, calendar=file)


def path_for(participant: Participant) -> str:
    """Where their link leads; a guest's is made anew for each letter, and only its hash is kept."""
    if participant.person_id is not None:
        return f"/meetings/{participant.meeting_id}"
    token = secrets.token_urlsafe(32)
    db.session.add(MeetingLink(token_hash=hashed(token), participant_id=participant.id))
    return f"/meeting/{token}"


def entry_of(meeting: Meeting, zone: str, url: str, *, ends: bool = False) -> Entry:
    """The meeting as a calendar shows it, with its whole time; it must have one."""
    assert meeting.begins_at is not None
    return Entry(
        uid=meeting.uid,
        title=meeting.title,
        at=meeting.begins_at,
        stamp=clock.now(),
        minutes=meeting.minutes,
        zone=zone,
        place=meeting.place,
        url=url,
        sequence=meeting.sequence,
        cancelled=ends,
    )


def office_party() -> Party:
    """The office as the organiser. Statements: 1."""
    name = db.session.scalar(sa.select(Office.name)) or "Intake"
    return Party(name, desk.sender)


def new_uid() -> str:
    """A name for a meeting that no other calendar entry has."""
    return f"{secrets.token_hex(16)}@{desk.sender.rpartition('@')[2]}"


def _file(meeting: Meeting, to: Participant, path: str, office: Party, ends: bool) -> str:
    entry = entry_of(meeting, to.zone, desk.public_url + path, ends=ends)
    return letter_file(entry, office, Party(to.called, to.address))
