"""Meetings in the world of the scenarios, made by the product's own verbs.

The meeting of call A is planned by C1: item 1 is P1 (F1 and F2 of its team, R1 who reviews it, S1 of the sponsor),
item 2 is P3 (F3, S1), item 3 a theme (S1 and a guest), item 4 P4 (F2 leads it; C3 who coordinates A is on its team, and
comes as the office).
"""

from __future__ import annotations

from datetime import UTC, datetime

from intake.call.queries import one as call_with
from intake.extensions import db
from intake.meeting import agenda, planning, slots
from intake.meeting.inviting import standing
from intake.meeting.models import Item, Meeting
from intake.meeting.queries import one
from intake.people.models import Person
from intake.vocabulary import ComesAs, MeetingKind
from tests.factories.world import World

TITLE = "Spring round with Alba"
GUEST = ("Olga Guest", "olga@outside.example")
NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
"""12:00 in Hong Kong, 05:00 in Berlin."""
LATER = datetime(2026, 4, 2, 7, 0, tzinfo=UTC)
ZONES = {"S1": "Asia/Shanghai", "guest": "Europe/Berlin"}
COMES = {
    "F1": ComesAs.APPLICANT,
    "F2": ComesAs.APPLICANT,
    "F3": ComesAs.APPLICANT,
    "R1": ComesAs.REVIEWER,
    "S1": ComesAs.CONTACT,
    "C3": ComesAs.OFFICE,
}
ITEMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("A first look", "P1", ("F1", "F2", "R1", "S1")),
    ("A second look", "P3", ("F3", "S1")),
    ("The theme as a whole", "", ("S1", "guest")),
    ("A third look", "P4", ("F2", "C3")),
)


def planned(world: World) -> int:
    """The meeting with its agenda and its people; nobody was told. Returns: its id."""
    by = world.actor("C1")
    call = call_with("CALL-A")
    assert call is not None
    made = planning.make(
        call, kind=MeetingKind.MATCHING, title=TITLE, place="Room P5", zone="Asia/Hong_Kong", minutes=90, by=by
    )
    number = made.id
    lines = _people(world, number)
    for heading, name, people in ITEMS:
        meeting = fresh(number)
        agenda.put(
            meeting,
            None,
            heading=heading,
            minutes=20,
            proposal_id=world.proposals[name] if name else None,
            theme_id=meeting.call.themes[0].id,
            contact_id=world.people["S1"] if "S1" in people else None,
            attendee_ids={lines[each] for each in people},
            by=by,
        )
    return number


def _people(world: World, number: int) -> dict[str, int]:
    by = world.actor("C1")
    lines = {}
    for who, part in COMES.items():
        person = db.session.get_one(Person, world.people[who])
        zone = ZONES.get(who, "Asia/Hong_Kong")
        lines[who] = planning.ask_person(fresh(number), person, part, zone, by=by).id
    lines["guest"] = planning.ask_guest(fresh(number), *GUEST, ZONES["guest"], by=by).id
    return lines


def with_another(world: World, number: int) -> int:
    """One more item: P2, which nobody matched yet, with F2 who leads it, S1, and the second theme. Returns: its id."""
    meeting = fresh(number)
    made = agenda.put(
        meeting,
        None,
        heading="A plan of their own",
        minutes=5,
        proposal_id=world.proposals["P2"],
        theme_id=meeting.call.themes[1].id,
        contact_id=world.people["S1"],
        attendee_ids=(),
        by=world.actor("C1"),
    )
    return made.id


def arranged(world: World, at: datetime = NOON) -> int:
    """The meeting at its time, which is early in Berlin; everybody has a letter. Returns: its id."""
    number = planned(world)
    slots.choose(fresh(number), at, anyway=True, by=world.actor("C1"))
    return number


def fresh(number: int) -> Meeting:
    """The meeting as it is in the database."""
    db.session.flush()
    found = one(number)
    assert found is not None
    return found


def about(meeting: Meeting, world: World, name: str) -> Item:
    """The item about a proposal; "" is the one about a theme."""
    wanted = world.proposals[name] if name else None
    return next(each for each in meeting.items if each.proposal_id == wanted)


def line_of(meeting: Meeting, world: World, who: str) -> int:
    """The id of a participant's line."""
    person = world.people.get(who)
    return next(each.id for each in standing(meeting) if each.person_id == person)
