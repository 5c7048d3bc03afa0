"""What an item's minutes are about stays what it is; and an item is put so that everybody who attends it knows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from intake import clock
from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import agenda, closing, minutes, planning
from intake.meeting.models import Item, Meeting
from intake.people.models import Person
from intake.policy import reads_item
from intake.vocabulary import ComesAs, PairingKind, PairingState
from tests.factories.meetings import NOON, about, arranged, fresh, line_of, planned
from tests.factories.world import BEGAN, World, build

STAYS = "Something was written down for this item, so it stays about the same."


@pytest.fixture
def world(room: Flask) -> World:
    return build()


def plan_of(item: Item, **changes: Any) -> dict[str, Any]:
    """The plan of an item as a form would send it again."""
    held = {name: getattr(item, name) for name in ("heading", "minutes", "proposal_id", "theme_id", "contact_id")}
    return {**held, "attendee_ids": {row.participant_id for row in item.attendance}, **changes}


def put(meeting: Meeting, item: Item, world: World, **changes: Any) -> Item:
    by = world.actor("C1")
    return agenda.put(meeting, item, **plan_of(item, **changes), by=by, seen=agenda.edition(meeting, item, by))


def write(world: World, number: int) -> None:
    item = about(fresh(number), world, "P1")
    minutes.write(fresh(number), item, "R1 calls it weak.", item.version, by=world.actor("C1"))


def act(world: World, number: int) -> None:
    by, due = world.actor("C1"), (NOON + timedelta(days=9)).date()
    minutes.give_action(fresh(number), about(fresh(number), world, "P1"), "Look", world.people["C1"], due, by=by)


def conclude(world: World, number: int) -> None:
    item, by = about(fresh(number), world, "P1"), world.actor("C1")
    minutes.conclude(fresh(number), item, PairingState.MATCHED, PairingKind.CONTACT, "", by=by)


@pytest.mark.parametrize("said", [write, act, conclude])
def test_an_item_with_something_written_down_stays_about_the_same(world: World, said: Any) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        other = fresh(number).call.themes[1].id
    with clock.at(NOON):
        said(world, number)
        for name, value in (
            ("proposal_id", world.proposals["P3"]),
            ("proposal_id", None),
            ("theme_id", other),
            ("contact_id", None),
        ):
            meeting = fresh(number)
            with pytest.raises(Incomplete) as refused:
                put(meeting, about(meeting, world, "P1"), world, **{name: value, "attendee_ids": set()})
            assert {key: str(words) for key, words in refused.value.fields.items()} == {name: STAYS}
            assert about(fresh(number), world, "P1").contact_id == world.people["S1"]
        meeting = fresh(number)
        put(meeting, about(meeting, world, "P1"), world, heading="Other words", minutes=25)
        assert (about(fresh(number), world, "P1").heading, about(fresh(number), world, "P1").minutes) == (
            "Other words",
            25,
        )


def test_a_contact_who_left_the_sponsor_stays_with_what_was_written_down(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    with clock.at(NOON):
        write(world, number)
        db.session.get_one(Person, world.people["S1"]).active = False
        meeting = fresh(number)
        put(meeting, about(meeting, world, "P1"), world, minutes=30)
        assert about(fresh(number), world, "P1").minutes == 30


def test_the_minutes_of_one_proposal_are_not_read_by_the_team_of_another(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    with clock.at(NOON):
        write(world, number)
        meeting = fresh(number)
        with pytest.raises(Incomplete):
            put(
                meeting,
                about(meeting, world, "P1"),
                world,
                proposal_id=world.proposals["P3"],
                contact_id=None,
                attendee_ids={line_of(meeting, world, "F3")},
            )
        closing.hold(fresh(number), by=world.actor("C1"))
        meeting, leads_another = fresh(number), world.actor("F3")
        assert [each.notes for each in meeting.items if reads_item(leads_another, each, meeting)] == [""]


@pytest.mark.parametrize("who", ["S1", "guest", "C2"])
def test_who_may_not_read_the_proposal_knows_the_item_by_words(world: World, who: str) -> None:
    """S1 has no packet of it, a guest has no account, and C2 coordinates another call."""
    with clock.at(BEGAN):
        number = planned(world)
        meeting, by = fresh(number), world.actor("C1")
        line = planning.ask_person(
            meeting, db.session.get_one(Person, world.people["C2"]), ComesAs.OFFICE, "UTC", by=by
        ).id if who == "C2" else line_of(meeting, world, who)  # fmt: skip
        name = next(each.called for each in fresh(number).participants if each.id == line)
        common: dict[str, Any] = {"minutes": 10, "proposal_id": world.proposals["P2"], "theme_id": None, "by": by}
        with pytest.raises(Incomplete) as refused:
            agenda.put(fresh(number), None, heading="", contact_id=None, attendee_ids={line}, **common)
        assert {key: str(words) for key, words in refused.value.fields.items()} == {
            "heading": f"Say in words what it is about. {name} may not read the proposal, not even its title."
        }
        agenda.put(fresh(number), None, heading="A plan", contact_id=None, attendee_ids={line}, **common)


def test_a_contact_of_the_item_needs_words_too_and_its_team_needs_none(world: World) -> None:
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        common: dict[str, Any] = {"heading": "", "minutes": 10, "theme_id": None, "by": by}
        with pytest.raises(Incomplete) as refused:
            agenda.put(
                fresh(number),
                None,
                **common,
                proposal_id=world.proposals["P2"],
                contact_id=world.people["S1"],
                attendee_ids=(),
            )
        assert set(refused.value.fields) == {"heading"}
        lines = {line_of(fresh(number), world, "F2"), line_of(fresh(number), world, "C1")}
        agenda.put(
            fresh(number), None, **common, proposal_id=world.proposals["P2"], contact_id=None, attendee_ids=lines
        )


def test_an_investigator_whose_account_is_closed_stops_no_item(world: World) -> None:
    """F2 leads P2 and P4; F3 leads P3 and is asked to nothing yet."""
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        agenda.take_away(
            fresh(number),
            about(fresh(number), world, "P3"),
            seen=agenda.edition(fresh(number), about(fresh(number), world, "P3"), by),
            by=by,
        )
        line = next(each for each in fresh(number).participants if each.person_id == world.people["F3"])
        planning.take_off(fresh(number), line, by=by)
        db.session.get_one(Person, world.people["F3"]).active = False
        item = agenda.put(
            fresh(number),
            None,
            heading="A look",
            minutes=5,
            proposal_id=world.proposals["P3"],
            theme_id=None,
            contact_id=None,
            attendee_ids=(),
            by=by,
        )
        assert [row.participant_id for row in item.attendance] == []
        assert agenda.left_out(fresh(number), item) == ["Cleo Double"]
        assert agenda.left_out(fresh(number), about(fresh(number), world, "P1")) == []
