"""A meeting as one reader may see it: the lines of the agenda, who comes, and the times with their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.meeting.inviting import standing
from intake.meeting.models import Item, Meeting, MeetingAction, MeetingSlot, NotesChange, Participant
from intake.meeting.queries import clashes
from intake.meeting.slots import suits
from intake.meeting.times import told_in
from intake.policy import (
    Actor,
    attends,
    chair_named,
    may,
    meets,
    named_in,
    participant_of,
    reads_as_office,
    reads_item,
    writes_minutes,
)
from intake.proposal.letters import page_of_office, page_of_team
from intake.proposal.models import Proposal
from intake.vocabulary import Action, SlotAnswer


@dataclass(frozen=True, slots=True)
class Task:
    """An action of an item; ``owner`` is empty where the reader may not learn who is to do it."""

    action: MeetingAction
    owner: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line of the agenda. Where it is not ``read``, all but ``minutes`` is empty."""

    minutes: int
    begins_at: datetime | None
    read: bool
    item: Item | None = None
    title: str = ""
    under: str = ""
    url: str = ""
    people: tuple[str, ...] = ()
    writes: bool = False
    office: bool = False
    notes: str = ""
    tasks: tuple[Task, ...] = ()
    changes: tuple[NotesChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that is offered: on every clock that counts, how it suits those whom the reader may know of, how many and
    by name, and who is busy."""

    slot: MeetingSlot
    told: str
    counts: dict[SlotAnswer | None, int]
    answers: dict[int, SlotAnswer]
    busy: tuple[Participant, ...]
    said: dict[SlotAnswer | None, tuple[str, ...]]


def agenda_of(meeting: Meeting, who: Actor) -> list[AgendaLine]:
    """The agenda, each item's time reckoned from the meeting's; what may not be read is only its length."""
    lines, begins = [], meeting.begins_at
    for item in meeting.items:
        lines.append(_line(meeting, item, who, begins))
        begins = begins + timedelta(minutes=item.minutes) if begins is not None else None
    return lines


def _line(meeting: Meeting, item: Item, who: Actor, begins: datetime | None) -> AgendaLine:
    if not reads_item(who, item, meeting):
        return AgendaLine(item.minutes, begins, False)
    writes = bool(writes_minutes(who, item, meeting))
    open_to_all = writes or meeting.held_at is not None
    told = (each for each in item.actions if open_to_all or each.owner_id == who.id)
    tasks = tuple(Task(each, each.owner.name if named_in(who, each.owner_id, item, meeting) else "") for each in told)
    title, under, url = _named(item, who)
    people = tuple(each.called for each in standing(meeting) if attends(each, item) and meets(who, each, meeting))
    office = item.proposal is not None and reads_as_office(who, item.proposal)
    notes = item.notes if open_to_all else ""
    changes = tuple(item.changes) if writes else ()
    names = (title, under, url, people)
    return AgendaLine(item.minutes, begins, True, item, *names, writes, office, notes, tasks, changes)


def _named(item: Item, who: Actor) -> tuple[str, str, str]:
    """Title, what stands under it, and the proposal's page: of a proposal only to who may read its title."""
    paper = item.proposal
    theme = item.theme.name if item.theme is not None else ""
    if paper is None or not may(who, Action.PROPOSAL_VIEW, paper):
        return item.heading or theme, theme if item.heading else "", ""
    title = paper.title or paper.title_zh
    under = " · ".join(each for each in (paper.number or "", item.heading, theme) if each)
    return title, under, page_of(paper, who)


def page_of(paper: Proposal, who: Actor) -> str:
    """The page that the reader has of the proposal, or nothing."""
    if may(who, Action.PROPOSAL_VIEW_AS_TEAM, paper):
        return page_of_team(paper)
    if may(who, Action.PROPOSAL_VIEW_AS_OFFICE, paper):
        return page_of_office(paper)
    if may(who, Action.PROPOSAL_VIEW_AS_REVIEWER, paper):
        return f"/reviews/{paper.id}"
    return f"/packets/{paper.id}" if may(who, Action.PROPOSAL_VIEW_AS_SPONSOR, paper) else ""


def people_of(meeting: Meeting, who: Actor) -> list[Participant]:
    """Those who are asked to it and of whom the reader may learn."""
    return [each for each in standing(meeting) if meets(who, each, meeting)]


def chair_of(meeting: Meeting, who: Actor) -> str:
    """The name of the chair; empty where there is none, or none whom the reader may learn of."""
    return meeting.chair.name if meeting.chair is not None and chair_named(who, meeting) else ""


def offers_of(meeting: Meeting, who: Actor) -> list[Offer]:
    """The times that are offered, the earliest first, on the clocks of all whom the reader may know of.
    Statements: 1."""
    people = people_of(meeting, who)
    busy = clashes(meeting, [each.begins_at for each in meeting.slots])
    zones = zones_of(meeting, who)
    return [
        Offer(
            slot,
            told_in(slot.begins_at, zones),
            suits(meeting, slot, people),
            {each.participant_id: each.answer for each in slot.replies},
            tuple(each for each in people if each.id in busy[slot.begins_at]),
            _said(slot, people),
        )
        for slot in sorted(meeting.slots, key=lambda each: each.begins_at)
    ]


def _said(slot: MeetingSlot, people: list[Participant]) -> dict[SlotAnswer | None, tuple[str, ...]]:
    """The names of those who gave each answer; None: no answer yet."""
    given = {each.participant_id: each.answer for each in slot.replies}
    return {said: tuple(each.called for each in people if given.get(each.id) is said) for said in (*SlotAnswer, None)}


def zones_of(meeting: Meeting, who: Actor) -> list[str]:
    """The reader's own zone first, then the meeting's, then those of the others whom they may know of."""
    mine = participant_of(who, meeting)
    own = [mine.zone] if mine is not None else []
    return list(dict.fromkeys([*own, meeting.zone, *(each.zone for each in people_of(meeting, who))]))


def whole_time(meeting: Meeting) -> int:
    """How many minutes the items take together, withheld ones too."""
    return sum(each.minutes for each in meeting.items)
