"""A conflict of a reviewer that the office has not answered is counted beside the name of its tab, until it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conflict.levels import levels_of
from intake.conflict.looking_again import look_again
from intake.conflict.setting import set_levels
from intake.desk.open_conflicts import unanswered
from intake.extensions import db
from intake.people.models import Person
from intake.people.operations import change_person
from intake.review.operations import put_back, unassign
from tests.factories.counting import statements
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.team import accepted

TABS = ("", "?tab=team", "?tab=conflicts", "?tab=log", "/board")


@pytest.fixture
def office(app: Flask) -> Office:
    """R1 and R2 review P1 and are of departments of its team; they were asked all the same, with a reason. So was R3,
    who has no conflict."""
    return Office(app)


def counted(office: Office, name: str = "P1", path: str = "") -> str:
    """What stands beside the name of the tab; "" for nothing."""
    tabs = re.search(r'<nav class="tabs".*?</nav>', office.get("C1", name, path).get_data(as_text=True), re.DOTALL)
    assert tabs is not None
    found = re.search(r'Conflicts(?: <span class="count">(\d+)</span>)?</a>', tabs[0])
    assert found is not None
    return found[1] or ""


def laboratory(office: Office, who: str, name: str) -> None:
    """Somebody works in a laboratory from now on."""

    def change() -> None:
        person = db.session.get_one(Person, office.w.people[who])
        change_person(person, person.version, by=office.w.actor("AD"), laboratory=name)

    office.ask(change)


def row(office: Office, who: str) -> Any:
    """Their assignment to P1."""
    rows = office.w.proposal("P1").assignments
    return next(each for each in rows if each.reviewer_id == office.w.people[who])


def arisen(office: Office) -> None:
    """R3 and F1 turn out to share a laboratory, which warns."""
    laboratory(office, "F1", "Light Laboratory")
    laboratory(office, "R3", "light laboratory")


def test_a_new_warning_is_counted_on_every_tab_of_its_proposal_alone(office: Office) -> None:
    assert [counted(office, path=tab) for tab in TABS] == [""] * len(TABS), "a reason was given when they were asked"
    arisen(office)
    assert [counted(office, path=tab) for tab in TABS] == ["1"] * len(TABS)
    assert counted(office, "P3") == ""
    page = office.get("C1", "P1", "?tab=conflicts").get_data(as_text=True)
    lines = {words(each).split(" Reviews it")[0].split(" Lead")[0]: each for each in page.split("<tr>")}
    assert {name for name, each in lines.items() if "Not answered yet:" in each} == {"Ivo Outside"}


def taken_off(office: Office) -> None:
    unassign(office.w.proposal("P1"), row(office, "R3"), "too near", by=office.w.actor("C1"))


def back_with_a_reason(office: Office) -> None:
    taken_off(office)
    put_back(office.w.proposal("P1"), row(office, "R3"), "nobody else knows it", by=office.w.actor("C1"))


def level(office: Office, word: str) -> None:
    """What the same laboratory does in call A from now on."""
    call = db.session.get_one(Call, office.w.calls["A"])
    levels = levels_of({"laboratory": word})
    set_levels(call, levels, call.conflict_years, version=call.version, by=office.w.actor("C1"))


ANSWERS: list[Callable[[Office], None]] = [taken_off, back_with_a_reason, lambda office: level(office, "note")]


@pytest.mark.parametrize("answer", ANSWERS, ids=["taken off", "put back with a reason", "only noted now"])
def test_what_is_answered_is_counted_no_more(office: Office, answer: Callable[[Office], None]) -> None:
    arisen(office)
    assert counted(office) == "1"
    office.ask(lambda: answer(office))
    assert counted(office) == ""


def test_what_is_found_no_more_is_counted_no_more_and_again_when_it_comes_back(office: Office) -> None:
    arisen(office)
    laboratory(office, "R3", "")
    assert counted(office) == ""
    laboratory(office, "R3", "Light Laboratory")
    assert counted(office) == "1"


def test_a_reason_for_one_warning_answers_no_later_one(office: Office) -> None:
    laboratory(office, "F1", "Light Laboratory")
    laboratory(office, "R1", "Light Laboratory")
    assert counted(office) == "1"
    office.ask(lambda: _asked_just_now(office, "R1"))
    assert counted(office) == "", "the office knew it when it gave the reason"


def _asked_just_now(office: Office, who: str) -> None:
    row(office, who).assigned_at = clock.now()


def test_a_reviewer_who_is_on_the_team_now_is_counted_until_taken_off(office: Office) -> None:
    def join() -> None:
        accepted(office.w.proposals["P1"], db.session.get_one(Person, office.w.people["R3"]))
        look_again([office.w.proposals["P1"]], by=office.w.actor("F1"))

    office.ask(join)
    assert counted(office) == "1"
    office.ask(lambda: taken_off(office))
    assert counted(office) == ""


def test_it_asks_one_statement_where_nothing_is_new(office: Office) -> None:
    def asked(name: str) -> int:
        proposal = office.w.proposal(name)
        with statements() as sent:
            unanswered(proposal)
        return len(sent)

    assert office.ask(lambda: [asked(name) for name in ("P1", "P2", "P7")]) == [1, 0, 0]
    arisen(office)
    assert office.ask(lambda: asked("P1")) <= 16
