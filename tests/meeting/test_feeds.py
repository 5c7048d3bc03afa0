"""A person's own calendar: what is in it, each checked at the moment of asking, and its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from intake import clock
from intake.conflict.operations import declare
from intake.extensions import db
from intake.meeting import closing, feeds, minutes
from intake.meeting.models import CalendarFeed
from intake.people.models import Person
from intake.vocabulary import ConflictKind
from tests.factories.meetings import NOON, TITLE, about, arranged, fresh
from tests.factories.world import BEGAN, TITLES, World, build


@pytest.fixture
def world(room: Flask) -> World:
    return build()


def person(world: World, who: str) -> Person:
    return db.session.get_one(Person, world.people[who])


def entries(world: World, who: str) -> list[str]:
    """The titles in the person's calendar, sorted."""
    secret = feeds.make(person(world, who), by=world.actor(who))
    found = feeds.behind(secret)
    assert found is not None
    text = feeds.written(found, "Asia/Hong_Kong")
    assert not [title for title in TITLES.values() if title in text.replace("\r\n ", "")]
    assert "ATTENDEE" not in text
    return sorted(str(each["SUMMARY"]) for each in Calendar.from_ical(text).walk("VEVENT"))


def test_a_calendar_holds_meetings_reviews_actions_and_deadlines(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        meeting = fresh(number)
        item = about(meeting, world, "P1")
        minutes.give_action(
            meeting, item, "Send figures", world.people["F1"], NOON.date() + timedelta(days=3), by=world.actor("C1")
        )
    with clock.at(BEGAN + timedelta(days=2)):
        assert entries(world, "F1") == [f"Action due: {TITLE}", TITLE]
        assert entries(world, "R1") == ["Review due: Alba Industries Call 2026", TITLE]
        assert entries(world, "S1") == [TITLE]
        assert entries(world, "C1") == [
            "Alba Industries Call 2026: Closes",
            "Alba Industries Call 2026: Opens",
            TITLE,
        ]
        assert entries(world, "N") == []


def test_each_entry_is_checked_when_it_is_asked_for(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    with clock.at(BEGAN + timedelta(days=2)):
        for name in ("P1", "P3"):
            declare(world.proposal(name), ConflictKind.PERSONAL, "friends", by=world.actor("R1"))
        assert entries(world, "R1") == []
        closing.cancel(fresh(number), "no", by=world.actor("C1"))
        assert entries(world, "F1") == []


def test_one_address_stands_and_a_revoked_one_opens_nothing(world: World) -> None:
    ada, by = person(world, "F1"), world.actor("F1")
    first = feeds.make(ada, by=by)
    second = feeds.make(ada, by=by)
    assert (feeds.behind(first), feeds.behind(second)) == (None, ada)
    assert first not in set(db.session.scalars(sa.select(CalendarFeed.token_hash)))
    feeds.revoke(ada, by=by)
    feeds.revoke(ada, by=by)
    assert feeds.behind(second) is None
    assert feeds.behind("") is None


def test_a_closed_account_has_no_calendar(world: World) -> None:
    ada = person(world, "F1")
    secret = feeds.make(ada, by=world.actor("F1"))
    ada.active = False
    db.session.flush()
    assert feeds.behind(secret) is None


def test_nobody_makes_another_persons(world: World) -> None:
    with pytest.raises(PermissionError):
        feeds.make(person(world, "F1"), by=world.actor("F2"))
