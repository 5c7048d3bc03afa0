"""The office sets a call's dates and review settings, and a call gives out its numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.call import queries
from intake.call.models import Call
from intake.call.operations import Settings, arrange, next_number
from intake.catalogue import load
from intake.engine import writing
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.policy import Actor, Grant
from intake.vocabulary import ReadsOthers, Role
from tests.catalogue.files import small

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def call(room: Flask) -> Call:
    load(small())
    db.session.commit()
    found = queries.one("PRG-1")
    assert found is not None
    return found


def coordinator(call: Call) -> Actor:
    return Actor(5, frozenset({Grant(Role.COORDINATOR, programme_id=call.programme_id)}))


def set_up(call: Call, *, sure: bool = False, **settings: Any) -> bool:
    """Arrange as the coordinator would, with what the call has and ``settings``."""
    with clock.at(NOW):
        changed = arrange(
            call, replace(Settings.of(call), **settings), by=coordinator(call), version=call.version, sure=sure
        )
    db.session.commit()
    return changed


def test_the_settings_are_set_and_the_log_tells_from_what_to_what(call: Call) -> None:
    assert set_up(call, opens_at=NOW, closes_at=NOW + DAY, reviews_needed=3, reads_others=ReadsOthers.NEVER)
    assert (call.opens_at, call.closes_at, call.reviews_needed) == (NOW, NOW + DAY, 3)
    event = db.session.scalars(sa.select(Event).where(Event.action == "call.arranged")).one()
    assert (event.actor_id, event.subject_type, event.subject_id) == (5, "call", call.id)
    assert (event.was, event.became) == ("- / -", "2026-03-01T09:00:00+00:00 / 2026-03-02T09:00:00+00:00")
    assert event.facts["changes"] == {
        "opens_at": [None, "2026-03-01T09:00:00+00:00"],
        "closes_at": [None, "2026-03-02T09:00:00+00:00"],
        "reviews_needed": [2, 3],
        "reads_others": ["after_own", "never"],
    }


def test_setting_what_is_set_already_changes_and_notes_nothing(call: Call) -> None:
    version = call.version
    assert not set_up(call)
    assert call.version == version
    assert db.session.scalars(sa.select(Event).where(Event.action == "call.arranged")).all() == []


def test_only_a_coordinator_of_the_call_may(call: Call) -> None:
    for actor in (
        Actor(),
        Actor(1, frozenset({Grant(Role.ADMINISTRATOR), Grant(Role.COORDINATOR, call_id=call.id + 1)})),
    ):
        with pytest.raises(Refused):
            arrange(call, replace(Settings.of(call), reviews_needed=3), by=actor, version=call.version)
    assert call.reviews_needed == 2


def test_what_was_read_before_somebody_else_changed_it_is_not_saved(call: Call) -> None:
    read = call.version
    set_up(call, reviews_needed=3)
    with pytest.raises(Stale):
        arrange(call, replace(Settings.of(call), reviews_needed=4), by=coordinator(call), version=read)
    assert call.reviews_needed == 3


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("closes_at", {"opens_at": NOW}),
        ("opens_at", {"closes_at": NOW}),
        ("closes_at", {"opens_at": NOW, "closes_at": NOW}),
        ("reviews_needed", {"reviews_needed": 0}),
        ("reviews_needed", {"reviews_needed": 21}),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(call: Call, field: str, settings: dict[str, Any]) -> None:
    with pytest.raises(Incomplete) as error:
        set_up(call, **settings)
    assert list(error.value.fields) == [field]
    assert (call.opens_at, call.reviews_needed) == (None, 2)


def test_a_standing_call_takes_no_dates(call: Call) -> None:
    ideas = queries.one("IDEAS")
    assert ideas is not None
    with pytest.raises(Incomplete) as error:
        set_up(ideas, opens_at=NOW, closes_at=NOW + DAY)
    assert list(error.value.fields) == ["opens_at"]


@pytest.mark.parametrize(
    ("shorter", "settings"),
    [
        (True, {"closes_at": NOW + DAY}),
        (True, {"closes_at": NOW - DAY}),
        (True, {"opens_at": NOW + DAY}),
        (True, {"opens_at": None, "closes_at": None}),
        (False, {"opens_at": NOW - DAY}),
        (False, {"reviews_needed": 3}),
    ],
)
def test_a_running_call_is_shortened_only_by_who_is_sure(call: Call, shorter: bool, settings: dict[str, Any]) -> None:
    set_up(call, opens_at=NOW - 5 * DAY, closes_at=NOW + 5 * DAY)
    if shorter:
        with pytest.raises(Incomplete) as error:
            set_up(call, **settings)
        assert list(error.value.fields) == ["sure"]
        assert call.closes_at == NOW + 5 * DAY
    assert set_up(call, sure=shorter, **settings)


def test_a_call_that_is_not_running_may_close_earlier_at_once(call: Call) -> None:
    set_up(call, opens_at=NOW + DAY, closes_at=NOW + 5 * DAY)
    assert set_up(call, closes_at=NOW + 2 * DAY)


def test_numbers_follow_one_another_and_leave_the_version(call: Call) -> None:
    version = call.version
    assert [next_number(call) for _ in range(2)] == ["PRG-1-0001", "PRG-1-0002"]
    assert call.last_number == 2
    db.session.commit()
    db.session.refresh(call)
    assert (call.version, call.last_number) == (version, 2)
    call.last_number = 9999
    db.session.commit()
    assert next_number(call) == "PRG-1-10000"


def test_a_number_whose_transaction_fails_is_given_again(call: Call) -> None:
    next_number(call)
    db.session.rollback()
    assert next_number(queries.one("PRG-1") or call) == "PRG-1-0001"


def test_submissions_at_the_same_moment_get_different_numbers(fresh_app: Flask) -> None:
    with fresh_app.app_context(), writing():
        load(small())
        db.session.commit()

    def take(_: int) -> str:
        with fresh_app.app_context(), writing():
            found = queries.one("PRG-1")
            assert found is not None
            number = next_number(found)
            db.session.commit()
            return number

    with ThreadPoolExecutor(4) as threads:
        taken = sorted(threads.map(take, range(12)))
    assert taken == [f"PRG-1-{n:04d}" for n in range(1, 13)]


# --- the seven dates, the grace and the seal --------------------------------------------------------------------------

DATED = {"opens_at": NOW - 5 * DAY, "closes_at": NOW + 5 * DAY}


def test_every_date_is_kept_and_the_zones_of_those_that_are_set(call: Call) -> None:
    dates = DATED | {
        "notice_due_at": NOW + DAY,
        "check_by_at": NOW + 9 * DAY,
        "sponsor_deadline_at": NOW + 12 * DAY,
        "review_due_at": NOW + 40 * DAY,
        "decision_at": NOW + 60 * DAY,
    }
    zones = {"sponsor_deadline": "Asia/Shanghai", "closes": "Etc/GMT+12"}
    assert set_up(call, **dates, zones=zones)
    assert {name: getattr(call, name) for name in dates} == dates
    assert call.zones == zones
    assert set_up(call, sponsor_deadline_at=None)
    assert call.zones == {"closes": "Etc/GMT+12"}


def test_a_zone_that_nobody_knows_is_refused(call: Call) -> None:
    with pytest.raises(Incomplete):
        set_up(call, **DATED, zones={"closes": "Mars/Olympus"})


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("check_by_at", {"check_by_at": NOW + 4 * DAY}),
        ("sponsor_deadline_at", {"check_by_at": NOW + 9 * DAY, "sponsor_deadline_at": NOW + 8 * DAY}),
        ("notice_due_at", {"notice_due_at": NOW + 6 * DAY}),
        ("grace_minutes", {"grace_minutes": -1}),
        ("grace_minutes", {"grace_minutes": 241}),
    ],
)
def test_dates_out_of_order_are_refused_at_their_field(call: Call, field: str, settings: dict[str, Any]) -> None:
    set_up(call, **DATED)
    with pytest.raises(Incomplete) as error:
        set_up(call, **settings)
    assert list(error.value.fields) == [field]


def test_a_call_that_has_opened_is_not_lengthened_in_passing(call: Call) -> None:
    set_up(call, **DATED)
    with pytest.raises(Incomplete) as error:
        set_up(call, closes_at=NOW + 9 * DAY)
    assert list(error.value.fields) == ["closes_at"]
    assert "Extend it" in str(error.value.fields["closes_at"])
    set_up(call, closes_at=NOW - DAY, sure=True)
    with pytest.raises(Incomplete):
        set_up(call, closes_at=NOW + DAY)
    assert set_up(call, opens_at=NOW + DAY, closes_at=NOW + 9 * DAY), "another round is no extension"


def test_a_seal_follows_the_close_and_the_grace(call: Call) -> None:
    set_up(call, opens_at=NOW + DAY, closes_at=NOW + 9 * DAY, sealed=True, grace_minutes=30)
    assert call.sealed_until == NOW + 9 * DAY + timedelta(minutes=30)
    set_up(call, closes_at=NOW + 8 * DAY)
    assert call.sealed_until == NOW + 8 * DAY + timedelta(minutes=30)
    set_up(call, grace_minutes=0)
    assert call.sealed_until == NOW + 8 * DAY
    assert set_up(call, sealed=False)
    assert call.sealed_until is None


def test_a_call_without_a_close_cannot_be_sealed(call: Call) -> None:
    with pytest.raises(Incomplete) as error:
        set_up(call, sealed=True)
    assert list(error.value.fields) == ["sealed"]
    set_up(call, opens_at=NOW + DAY, closes_at=NOW + 9 * DAY, sealed=True)
    with pytest.raises(Incomplete) as error:
        set_up(call, opens_at=None, closes_at=None)
    assert list(error.value.fields) == ["sealed"]


@pytest.mark.parametrize("received", [True, False])
def test_a_seal_is_not_broken_once_people_count_on_it(call: Call, received: bool) -> None:
    set_up(call, **DATED, sealed=True)
    if received:  # and then taken back from everybody by new dates: it does not open the seal either
        next_number(call)
        set_up(call, opens_at=NOW + DAY, sure=True)
    with pytest.raises(Incomplete) as error:
        set_up(call, sealed=False)
    assert list(error.value.fields) == ["sealed"]
    assert call.sealed_until == NOW + 5 * DAY
    with clock.at(NOW + 5 * DAY):
        assert arrange(call, replace(Settings.of(call), sealed=False), by=coordinator(call), version=call.version)
