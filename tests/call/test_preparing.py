"""A call begins from its programme, from an earlier call or as a next stage, and is announced once it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call import queries
from intake.call.models import Theme
from intake.call.preparing import announce, clone, missing, next_stage, prepare
from intake.call.setup import differences, setup_of, setup_of_programme
from intake.call.shifting import days_to, shifted
from intake.catalogue import load
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.policy import Actor, Grant
from intake.programme.models import Programme
from intake.vocabulary import CallDate, ProgrammeKind, ReadsOthers, Role
from tests.call.setting_up import NOW, call, events, office, programme
from tests.catalogue.files import small

HONG_KONG = "Asia/Hong_Kong"


@pytest.fixture(autouse=True)
def catalogue(room: Flask) -> Iterator[None]:
    with clock.at(NOW):
        load(small())
        db.session.commit()
        yield


def test_a_call_begins_with_what_its_programme_says() -> None:
    of = programme()
    rule = {"code": "r", "text": "Be kind.", "source": "us", "level": "warn", "check_name": "judge", "facts": {}}
    phases = {"panel": True, "reviews_needed": 3, "reads_others": "never"}
    of.setup = {"rules": [rule], "phases": phases, "letters": {"received": "Thank you."}}
    made = prepare(of, "PRG-2", "Second call", by=office())
    db.session.commit()
    found = call("PRG-2")
    assert found.in_preparation and found.id == made.id
    assert [(each.code, each.level.value, each.check_name) for each in found.rules] == [("r", "warn", "judge")]
    assert (found.reviews_needed, found.reads_others, found.sponsor_decides) == (3, ReadsOthers.NEVER, True)
    assert [each.weight for each in found.criteria] == [35, 25, 25, 15]
    assert found.letters == {"received": "Thank you."}
    assert differences(found) == set()
    assert events("call.prepared") == [{"origin": {"programme": "PRG"}}]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ProgrammeKind.RESEARCH_PROJECT, {"panel": True, "sponsor_decides": True, "standing": False}),
        (ProgrammeKind.FELLOWSHIP, {"team_may_edit": False, "panel": True}),
        (ProgrammeKind.INTERNSHIP, {"duration_least": 3, "panel": True}),
        (ProgrammeKind.JOINT_LABORATORY, {"team_confirms": True, "duration_most": 60}),
        (ProgrammeKind.STANDING_INTAKE, {"standing": True, "panel": False, "sponsor_decides": False}),
    ],
)
def test_each_kind_begins_with_what_it_needs(kind: ProgrammeKind, said: dict[str, object]) -> None:
    of = programme()
    of.kind = kind
    made = prepare(of, "PRG-2", "Second call", by=office())
    assert {name: getattr(made, name) for name in said} == said
    checked = [(rule.code, rule.check_name, rule.facts) for rule in made.rules]
    internship = [
        ("phd-student", "appointment", {"kinds": ["phd_student"]}),
        ("supervisor-endorsed", "supervisor-endorsed", {}),
    ]
    assert checked == (internship if kind is ProgrammeKind.INTERNSHIP else [])


def test_a_programme_by_invitation_begins_so() -> None:
    of = programme()
    of.by_invitation = True
    assert prepare(of, "PRG-2", "Second call", by=office()).by_invitation


def test_only_a_coordinator_of_the_programme_may() -> None:
    elsewhere = Actor(7, frozenset({Grant(Role.COORDINATOR, call_id=call().id)}))
    for who in (Actor(), elsewhere):
        with pytest.raises(Refused, match="Only a coordinator of the programme"):
            prepare(programme(), "PRG-2", "Second call", by=who)
    with pytest.raises(Refused, match="Only a coordinator of the programme"):
        clone(call(), "PRG-2", "Second call", [], by=elsewhere)
    with pytest.raises(Refused, match="Only a coordinator of the programme"):
        next_stage(call(), "PRG-2", "Second call", "Full", by=elsewhere)


@pytest.mark.parametrize("code", ["", "PRG-1", "prg-1", "a b", "-x", "x" * 31, "ü"])
def test_a_code_is_one_of_its_own(code: str) -> None:
    with pytest.raises(Incomplete) as refused:
        prepare(programme(), code, "Second call", by=office())
    assert set(refused.value.fields) == {"code"}


def with_dates() -> None:
    one = call()
    one.opens_at = datetime(2026, 3, 2, 1, tzinfo=UTC)  # Monday, 09:00 in Hong Kong
    one.closes_at = datetime(2026, 4, 3, 9, tzinfo=UTC)  # Friday, 17:00 in Hong Kong
    one.sponsor_deadline_at = datetime(2026, 4, 10, 22, tzinfo=UTC)  # Friday, 18:00 in New York (summer time)
    one.zones = {"sponsor_deadline": "America/New_York"}
    one.grace_minutes, one.slots = 15, 2
    one.sealed_until = datetime(2026, 4, 3, 9, 15, tzinfo=UTC)
    db.session.commit()


def test_dates_shift_by_whole_weeks_at_the_same_time_of_their_own_clocks() -> None:
    with_dates()
    moved = {each.date: each.becomes for each in shifted(call(), 52 * 7 - 5 * 7, HONG_KONG)}
    assert moved == {
        CallDate.OPENS: datetime(2027, 1, 25, 1, tzinfo=UTC),
        CallDate.CLOSES: datetime(2027, 2, 26, 9, tzinfo=UTC),
        CallDate.SPONSOR_DEADLINE: datetime(2027, 3, 5, 23, tzinfo=UTC),  # still Friday, 18:00, now in winter time
    }
    assert [each.date for each in shifted(call(), 0, HONG_KONG)] == list(moved)


def test_dates_shift_to_an_opening_day() -> None:
    with_dates()
    assert days_to(call(), date(2027, 3, 1), HONG_KONG) == 364
    assert days_to(call("IDEAS"), date(2027, 3, 1), HONG_KONG) is None


def test_a_clone_has_everything_but_people_and_retired_themes() -> None:
    with_dates()
    one = call()
    one.themes[0].name_zh = "光"
    one.themes.append(Theme(name="Old", position=2, retired_at=NOW))
    one.letters, one.headings = {"declined": "Try again, {name}."}, ["Why"]
    db.session.commit()
    with clock.at(NOW):
        made = clone(call(), "PRG-2", "Second call", shifted(call(), 364, HONG_KONG), by=office())
    db.session.commit()
    source, found = call(), call("PRG-2")
    assert setup_of(found) == setup_of(source)
    assert [(each.name, each.name_zh, each.position) for each in found.themes] == [("Light", "光", 0), ("Sound", "", 1)]
    kept = ("currency", "max_award_minor", "duration_least", "duration_most", "headings", "grace_minutes", "slots")
    assert [getattr(found, name) for name in kept] == [getattr(source, name) for name in kept]
    assert (found.zones, found.last_number, found.in_preparation) == (source.zones, 0, True)
    assert found.closes_at == datetime(2027, 4, 2, 9, tzinfo=UTC)
    assert found.sealed_until == datetime(2027, 4, 2, 9, 15, tzinfo=UTC)
    assert not {each.id for each in found.themes} & {each.id for each in source.themes}
    assert made.id == found.id


def test_a_next_stage_follows_and_is_by_invitation() -> None:
    next_stage(call(), "PRG-1-FULL", "First call, full", "Full proposal", by=office())
    db.session.commit()
    found = call("PRG-1-FULL")
    assert found.follows is not None and found.follows.code == "PRG-1"
    assert (found.stage, found.by_invitation, found.in_preparation, found.opens_at) == (
        "Full proposal",
        True,
        True,
        None,
    )
    assert [each.code for each in queries.next_stages(call().id)] == ["PRG-1-FULL"]


def test_a_call_is_announced_once_nothing_is_missing() -> None:
    prepare(programme(), "PRG-2", "Second call", by=office())
    db.session.commit()
    one = call("PRG-2")
    one.criteria[:] = []
    assert set(missing(one)) == {"basics", "dates", "rubric"}
    db.session.rollback()
    one = call("PRG-2")
    with pytest.raises(Incomplete, match="Still missing"):
        announce(one, version=one.version, by=office())
    one.summary, one.opens_at, one.closes_at = (
        "For everybody.",
        NOW,
        datetime(2026, 2, 1, tzinfo=UTC).replace(year=2027),
    )
    db.session.commit()
    one = call("PRG-2")
    with pytest.raises(Stale):
        announce(one, version=one.version - 1, by=office())
    assert queries.public_one("PRG-2") is None
    announce(one, version=one.version, by=office())
    db.session.commit()
    assert queries.public_one("PRG-2") is not None
    assert events("call.arranged") == [{"changes": {"in_preparation": [True, False]}}]
    with pytest.raises(Incomplete, match="announced already"):
        announce(call("PRG-2"), version=call("PRG-2").version, by=office())


def test_a_call_that_would_have_closed_is_not_announced() -> None:
    prepare(programme(), "PRG-2", "Second call", by=office())
    db.session.commit()
    one = call("PRG-2")
    one.summary = "For everybody."
    one.opens_at, one.closes_at = datetime(2025, 1, 1, tzinfo=UTC), NOW
    assert list(missing(one)) == ["dates"]


def test_a_standing_call_needs_no_dates() -> None:
    prepare(programme("IDEA"), "IDEAS-2", "More ideas", by=office())
    db.session.commit()
    assert set(missing(call("IDEAS-2"))) == {"basics"}


def test_the_catalogue_leaves_a_call_of_the_product_alone() -> None:
    prepare(programme(), "PRG-2", "Second call", by=office())
    db.session.commit()
    file = small()
    file["calls"].append({"code": "PRG-2", "programme": "PRG", "title": "Of the file", "currency": "CNY"})
    report = load(file)
    assert call("PRG-2").title == "Second call"
    assert report.kept == ["call PRG-2: it was made in the product"]


def test_a_programme_without_a_setup_has_the_standard() -> None:
    standard = setup_of_programme(programme())
    assert (standard["form"], standard["rules"], standard["letters"]) == (None, [], {})
    assert db.session.scalars(sa.select(Programme.setup)).all() == [{}, {}]
