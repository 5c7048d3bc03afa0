"""What speaks against a time: who is busy, who said no, and for whom it is night or a weekend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from intake.meeting.inviting import standing
from intake.meeting.models import Meeting, Participant
from intake.meeting.queries import clashes
from intake.meeting.times import on_a_weekend, outside_hours, same_clock, told
from intake.policy import Actor, meets
from intake.vocabulary import SlotAnswer, Words, say


def doubts_about(meeting: Meeting, begins_at: datetime, by: Actor) -> list[Words]:
    """A sentence for each that speaks against the time, if the meeting took place then, of those of whom the actor may
    learn; the order is: busy, said no, then clock by clock. Statements: 1."""
    people = [each for each in standing(meeting) if meets(by, each, meeting)]
    said = []
    if busy := _names(people, clashes(meeting, [begins_at])[begins_at]):
        said.append(say("In another meeting then: %(names)s.", names=busy))
    if refusing := _names(people, _refusing(meeting, begins_at)):
        said.append(say("Said no to this time: %(names)s.", names=refusing))
    for zone in _clocks(begins_at, people):
        there = {"names": _names(people, {each.id for each in people if same_clock(begins_at, each.zone, zone)})}
        there["when"] = told(begins_at, zone)
        if outside_hours(begins_at, meeting.minutes, zone):
            said.append(say("Before 08:00 or after 20:00 for %(names)s: %(when)s.", **there))
        if on_a_weekend(begins_at, zone):
            said.append(say("On a weekend for %(names)s: %(when)s.", **there))
    return said


def together(sentences: Iterable[Words]) -> Words:
    """The sentences one after another; there is at least one."""
    first, *others = sentences
    for each in others:
        first = say("%(sentence)s %(next)s", sentence=first, next=each)
    return first


def _clocks(instant: datetime, people: list[Participant]) -> list[str]:
    """Their zones, of those whose clocks show the same then the first."""
    found: list[str] = []
    for each in people:
        if not any(same_clock(instant, each.zone, zone) for zone in found):
            found.append(each.zone)
    return found


def _refusing(meeting: Meeting, begins_at: datetime) -> set[int]:
    replies = (row for slot in meeting.slots if slot.begins_at == begins_at for row in slot.replies)
    return {row.participant_id for row in replies if row.answer is SlotAnswer.NO}


def _names(people: list[Participant], ids: set[int]) -> str:
    return ", ".join(each.called for each in people if each.id in ids)
