"""The parts of a call: basics, themes, rules, rubric and letters, changed only in ways that keep what was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.basics import Basics, change_basics
from intake.call.criteria import Scale, change_rubric, rows_of
from intake.call.exchanging import edition, push, take
from intake.call.letters import change_letters, own_words, unknown_places
from intake.call.models import Call, FormVersion
from intake.call.rules import Written, add_rule, change_rule, move_rule, remove_rule
from intake.call.setup import differences, setup_of, setup_of_programme
from intake.call.themes import Wanted, pasted, set_themes
from intake.catalogue import load
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.form.canonical import as_data
from intake.form.standard import standard
from intake.people.models import Person
from intake.policy import Actor, Grant
from intake.vocabulary import Currency, Role, RuleLevel
from tests.call.setting_up import NOW, call, events, office
from tests.catalogue.files import small
from tests.factories.world import build


@pytest.fixture
def catalogue(room: Flask) -> Iterator[None]:
    with clock.at(NOW):
        load(small())
        db.session.add(Person(id=5, email="office@example.org", name="Dora Desk"))
        db.session.commit()
        yield


@pytest.fixture
def world(room: Flask) -> Any:
    """Call A, in which reviews have begun."""
    return build()


def themes(code: str = "PRG-1") -> list[tuple[str, str, bool]]:
    return [(each.name, each.name_zh, each.retired_at is not None) for each in call(code).themes]


def put(wanted: list[Wanted], **given: Any) -> list[str]:
    one = call(given.pop("code", "PRG-1"))
    said = set_themes(one, wanted, **{"version": one.version, "by": office(), **given})
    db.session.commit()
    return said


# --- themes -----------------------------------------------------------------------------------------------------------


def test_pasted_lines_become_themes() -> None:
    text = "1. Light | 光\n\n (2) Sound\t聲\n– Heat\n5G networks\n   \n· 3D printing ｜ 打印 | 更多"
    assert [(each.name, each.name_zh) for each in pasted(text)] == [
        ("Light", "光"),
        ("Sound", "聲"),
        ("Heat", ""),
        ("5G networks", ""),
        ("3D printing", "打印 | 更多"),
    ]


def test_themes_are_named_ordered_added_and_let_go(catalogue: None) -> None:
    light, sound = call().themes
    put([Wanted(sound.id, "Light", "光"), Wanted(light.id, "Sound"), Wanted(None, "Heat")])
    assert themes() == [("Light", "光", False), ("Sound", "", False), ("Heat", "", False)]
    assert call().themes[0].id == sound.id
    put([Wanted(light.id, "Sound")])
    assert themes() == [("Sound", "", False)]
    assert events("call.arranged")[0] == {"changes": {"themes": [["Light", "Sound"], ["Light | 光", "Sound", "Heat"]]}}


def test_the_same_themes_again_change_nothing(catalogue: None) -> None:
    version = call().version
    put([Wanted(each.id, each.name) for each in call().themes])
    assert call().version == version
    assert events("call.arranged") == []


def test_a_theme_in_use_is_retired(world: Any) -> None:
    first, second = call("CALL-A").themes
    assert put([Wanted(second.id, second.name)], code="CALL-A") == [first.name]
    assert themes("CALL-A") == [("Theme 2 of A", "", False), ("Theme 1 of A", "", True)]
    put([Wanted(first.id, first.name), Wanted(second.id, second.name)], code="CALL-A")
    assert themes("CALL-A") == [("Theme 1 of A", "", False), ("Theme 2 of A", "", False)]


def test_two_themes_do_not_share_a_name_and_none_is_nameless(catalogue: None) -> None:
    light, sound = call().themes
    for wanted, field in (
        ([Wanted(light.id, "Light"), Wanted(sound.id, "LIGHT")], "name-1"),
        ([Wanted(light.id, "")], "name-0"),
        ([Wanted(light.id, "Light", "x" * 201)], "name_zh-0"),
    ):
        with pytest.raises(Incomplete) as refused:
            put(wanted)
        assert set(refused.value.fields) == {field}
        db.session.rollback()


def test_nobody_writes_over_what_they_have_not_read(catalogue: None) -> None:
    read = call().version
    put([])
    for act in (
        lambda one: set_themes(one, [], version=read, by=office()),
        lambda one: change_letters(one, {}, version=read, by=office()),
        lambda one: change_rubric(one, [], version=read, by=office()),
        lambda one: add_rule(one, Written("x"), version=read, by=office()),
        lambda one: change_basics(one, Basics.of(one), version=read, by=office()),
        lambda one: take(one, "rules", version=read, seen="", by=office()),
        lambda one: push(one, "rules", version=read, seen="", by=office()),
    ):
        with pytest.raises(Stale):
            act(call())


def test_only_its_coordinators_change_a_call(catalogue: None) -> None:
    other = Actor(9, frozenset({Grant(Role.COORDINATOR, call_id=call().id + 1), Grant(Role.ADMINISTRATOR)}))
    version = call().version
    for act in (
        lambda one: set_themes(one, [], version=version, by=other),
        lambda one: change_letters(one, {}, version=version, by=other),
        lambda one: change_rubric(one, [], version=version, by=other),
        lambda one: add_rule(one, Written("x"), version=version, by=other),
        lambda one: change_basics(one, Basics.of(one), version=version, by=other),
        lambda one: take(one, "rules", version=version, seen="", by=other),
    ):
        with pytest.raises(Refused) as refused:
            act(call())
        assert refused.value.hidden


# --- basics -----------------------------------------------------------------------------------------------------------


def change(one: Call, **said: Any) -> bool:
    done = change_basics(one, replace(Basics.of(one), **said), version=one.version, by=office())
    db.session.commit()
    return done


def test_the_basics_are_set_with_a_note_of_both(catalogue: None) -> None:
    assert change(call(), title="Renamed", currency=Currency.CNY, team_confirms=True)
    assert not change(call())
    assert events("call.arranged") == [
        {"changes": {"title": ["First call", "Renamed"], "currency": ["USD", "CNY"], "team_confirms": [False, True]}}
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"duration_least": None}, "duration_least"),
        ({"duration_most": None}, "duration_most"),
        ({"duration_least": 24, "duration_most": 12}, "duration_most"),
        ({"max_award_minor": 0}, "max_award_minor"),
    ],
)
def test_basics_that_do_not_fit_are_refused_beside_their_field(
    catalogue: None, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        change(call(), **said)
    assert set(refused.value.fields) == {field}


def test_a_programme_without_a_sponsor_has_none_that_decides(catalogue: None) -> None:
    with pytest.raises(Incomplete) as refused:
        change(call("IDEAS"), sponsor_decides=True)
    assert set(refused.value.fields) == {"sponsor_decides"}


def test_what_proposals_hold_stays(world: Any) -> None:
    for said in ({"currency": Currency.CNY}, {"panel": False}, {"sponsor_decides": False}):
        with pytest.raises(Incomplete) as refused:
            change(call("CALL-A"), **said)
        assert set(refused.value.fields) == set(said)
        db.session.rollback()


# --- rules ------------------------------------------------------------------------------------------------------------


def test_rules_are_added_moved_changed_and_taken_away(catalogue: None) -> None:
    by = office()
    one = call()
    made = add_rule(one, Written("Only one at a time, please.", check_name="judge"), version=one.version, by=by)
    again = add_rule(one, Written("Full-time.", "the guide", RuleLevel.WARN, "full-time"), version=one.version, by=by)
    third = add_rule(one, Written("Full-time too.", check_name="full-time"), version=one.version, by=by)
    db.session.commit()
    assert [made.code, again.code, third.code] == ["only-one-at-a", "full-time", "full-time-2"]
    one = call()
    move_rule(one, "full-time", -2, version=one.version, by=by)
    remove_rule(one, "alone", version=one.version, by=by)
    change_rule(one, "cap", Written("Within the cap!", facts={"most": 3}), version=one.version, by=by)
    db.session.commit()
    found = call().rules
    assert [(each.code, each.position) for each in found] == [
        ("cap", 0),
        ("full-time", 1),
        ("only-one-at-a", 2),
        ("full-time-2", 3),
    ]
    assert (found[0].text, found[0].facts, found[1].level) == ("Within the cap!", {"most": 3}, RuleLevel.WARN)
    assert len(events("call.arranged")) == 6


def test_a_rule_moved_past_the_end_stays_there(catalogue: None) -> None:
    one = call()
    version = one.version
    move_rule(one, "cap", -1, version=version, by=office())
    assert events("call.arranged") == [] and one.version == version


def test_a_rule_that_a_proposal_was_judged_by_stays(world: Any) -> None:
    from intake.proposal.operations import screen_out
    from tests.factories.world import complete

    screen_out(complete(world, "P2"), "award-cap", "too much", by=world.actor("C1"))
    db.session.commit()
    one = call("CALL-A")
    with pytest.raises(Incomplete, match="ineligible by this rule"):
        remove_rule(one, "award-cap", version=one.version, by=office())
    take(one, "rules", version=one.version, seen=edition(one.programme, "rules"), by=office())
    db.session.commit()
    assert [each.code for each in call("CALL-A").rules] == ["award-cap"]


# --- rubric -----------------------------------------------------------------------------------------------------------


def test_the_rubric_is_rewritten_until_a_review_begins(catalogue: None) -> None:
    one = call()
    scales = [Scale("merit", "Merit", "Is it good?", 60, 1, 3, {"1": "no", "2": "so so", "3": "yes"})]
    scales.append(Scale("", "Reach", "", 40, 0, 10))
    assert change_rubric(one, scales, version=one.version, by=office())
    db.session.commit()
    assert [(each.code, each.weight, each.position) for each in call().criteria] == [
        ("merit", 60, 0),
        ("criterion-1", 40, 1),
    ]
    assert len(events("call.arranged")[0]["changes"]["rubric"][0]) == 4


@pytest.mark.parametrize(
    ("scales", "field"),
    [
        ([Scale("", "A", "", 60, 1, 5), Scale("", "B", "", 30, 1, 5)], "weight-1"),
        ([Scale("", "", "", 100, 1, 5)], "name-0"),
        ([Scale("", "A", "", 100, 5, 5)], "most-0"),
        ([Scale("", "A", "", 0, 1, 5), Scale("", "B", "", 100, 1, 5)], "weight-0"),
    ],
)
def test_a_rubric_that_does_not_fit_is_refused(catalogue: None, scales: list[Scale], field: str) -> None:
    one = call()
    with pytest.raises(Incomplete) as refused:
        change_rubric(one, scales, version=one.version, by=office())
    assert set(refused.value.fields) == {field}


def test_once_a_review_has_begun_the_rubric_stays(world: Any) -> None:
    one = call("CALL-A")
    scales = [Scale(**{**row, "weight": 100}) for row in rows_of(one)[:1]]
    with pytest.raises(Incomplete, match="A review has begun"):
        change_rubric(one, scales, version=one.version, by=office())
    with pytest.raises(Incomplete, match="A review has begun"):
        take(one, "rubric", version=one.version, seen=edition(one.programme, "rubric"), by=office())
    assert len(call("CALL-A").criteria) == 2


# --- letters ----------------------------------------------------------------------------------------------------------


def test_own_words_name_what_they_are_about(catalogue: None) -> None:
    one = call()
    text = "Dear { name }, 100 % of {title}.\n\nThe office"
    assert change_letters(one, {"received": text, "declined": ""}, version=one.version, by=office())
    db.session.commit()
    said = own_words(call(), "received", {"name": "Ada %s", "title": "{number}"})
    assert [str(each) for each in said] == ["Dear Ada %s, 100 % of {number}.", "The office"]
    assert own_words(call(), "declined", {}) == ()
    assert call().letters == {"received": text}


def test_a_place_that_no_letter_knows_is_refused(catalogue: None) -> None:
    assert unknown_places("{number} {Name} {x{title} }") == ["{Name}", "{", "}"]
    one = call()
    with pytest.raises(Incomplete) as refused:
        change_letters(one, {"received": "Dear {who}", "declined": "Sorry"}, version=one.version, by=office())
    assert set(refused.value.fields) == {"received"}


# --- the call and its programme ---------------------------------------------------------------------------------------


def test_a_part_is_pushed_to_the_programme_and_taken_from_it(catalogue: None) -> None:
    one = call()
    assert differences(one) == {"rules"}
    assert push(one, "rules", version=one.version, seen=edition(one.programme, "rules"), by=office())
    db.session.commit()
    one = call()
    assert differences(one) == set()
    assert setup_of_programme(one.programme)["rules"] == setup_of(one)["rules"]
    assert events("programme.arranged")[0]["call"] == "PRG-1"
    remove_rule(one, "cap", version=one.version, by=office())
    db.session.commit()
    one = call()
    assert differences(one) == {"rules"}
    assert take(one, "rules", version=one.version, seen=edition(one.programme, "rules"), by=office())
    db.session.commit()
    assert [each.code for each in call().rules] == ["cap", "alone"]
    assert not take(call(), "rules", version=call().version, seen=edition(call().programme, "rules"), by=office())


def test_a_programme_that_changed_since_is_not_taken(catalogue: None) -> None:
    one = call()
    seen = edition(one.programme, "rules")
    one.programme.setup = {"rules": []}
    db.session.commit()
    take(call(), "rules", version=call().version, seen=seen, by=office())  # the standard is to have none, too
    one.programme.setup = {"rules": [{**row, "text": "Other"} for row in setup_of(call())["rules"]] or [RULE]}
    db.session.commit()
    with pytest.raises(Stale):
        take(call(), "rules", version=call().version, seen=seen, by=office())


RULE = {"code": "r", "text": "Be kind.", "source": "", "level": "stop", "check_name": "judge", "facts": {}}


def test_taking_a_form_publishes_nothing(catalogue: None) -> None:
    one = call()
    ours = as_data(standard(themes=True, standing=False, declarations=()))
    other = as_data(standard(themes=False, standing=False, declarations=()))
    one.programme.setup = {"form": other}
    db.session.add(FormVersion(call_id=one.id, ordinal=1, definition=ours, sha256="a" * 64, published_at=NOW))
    db.session.commit()
    one = call()
    assert differences(one) == {"form", "rules"}
    for _ in range(2):  # the version that is being worked on is one
        one = call()
        take(one, "form", version=one.version, seen=edition(one.programme, "form"), by=office())
        db.session.commit()
    rows = db.session.execute(
        sa.select(FormVersion.ordinal, FormVersion.published_at, FormVersion.definition).order_by(FormVersion.ordinal)
    ).all()
    assert [(row.ordinal, row.published_at) for row in rows] == [(1, NOW), (2, None)]
    assert rows[1].definition == other
    assert differences(call()) == {"form", "rules"}, "what is in force is still the published form"


def test_a_call_that_published_a_form_works_on_the_standard_one_where_the_programme_has_none(catalogue: None) -> None:
    own = as_data(standard(themes=False, standing=False, declarations=()))
    db.session.add(FormVersion(call_id=call().id, ordinal=1, definition=own, sha256="a" * 64, published_at=NOW))
    db.session.commit()
    one = call()
    assert one.themes, "so its standard form asks for one of them"
    assert take(one, "form", version=one.version, seen=edition(one.programme, "form"), by=office())
    db.session.commit()
    published, worked_on = call().forms
    assert (published.definition, published.published_at) == (own, NOW)
    assert worked_on.published_at is None
    assert worked_on.definition == as_data(standard(themes=True, standing=False, declarations=()))


def test_a_call_that_published_nothing_goes_back_to_the_standard_form(catalogue: None) -> None:
    one = call()
    definition = as_data(standard(themes=True, standing=False, declarations=()))
    db.session.add(FormVersion(call_id=one.id, ordinal=1, definition=definition, sha256="a" * 64))
    db.session.commit()
    one = call()
    take(one, "form", version=one.version, seen=edition(one.programme, "form"), by=office())
    db.session.commit()
    assert call().forms == []


def test_the_catalogue_leaves_what_the_office_changed(catalogue: None) -> None:
    put([Wanted(None, "Heat")])
    change(call(), title="Renamed", duration_most=36)
    one = call()
    add_rule(one, Written("More."), version=one.version, by=office())
    change_rubric(one, [Scale("", "Only", "", 100, 1, 5)], version=one.version, by=office())
    db.session.commit()
    file = small()
    file["calls"][0] |= {"title": "Of the file", "duration_months": [1, 2], "max_award": 5, "themes": ["Cold"]}
    load(file)
    db.session.commit()
    one = call()
    assert (one.title, one.duration_least, one.duration_most, one.max_award_minor) == ("Renamed", 12, 36, 500)
    assert [each.name for each in one.themes] == ["Heat"]
    assert [each.code for each in one.rules] == ["cap", "alone", "more"]
    assert [each.name for each in one.criteria] == ["Only"]
