"""The pages of setting up calls and of writing, with more on them than in the demonstration: axe finds nothing, none is
wider than the window."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys import seldom
from tests.journeys.acts import press
from tests.journeys.looking import STILL, look_round, wrong_with
from tests.journeys.people import People
from tests.journeys.seldom import COLLEAGUE, LEADER, OFFICE, Seldom

KINDS = ("which_company", "costs", "steps", "cv", "months", "own_money", "place", "means", "partners", "there_since")
CHECKS = ("answer-between", "appointment", "nothing-confidential")


@pytest.fixture(scope="module")
def made(site: Flask) -> Seldom:
    """What this module looks at, made once."""
    return seldom.make(site)


def looked_at(page: Page, firsts: list[str], *followed: str, fewest: int) -> None:
    """Nothing is wrong with these pages, nor with those of the ``followed`` addresses that they lead to."""
    seen, wrong = look_round(page, firsts, lambda link: link.startswith(followed or "-"), most=60)
    assert wrong == {}, json.dumps(wrong, indent=1)
    assert len(seen) >= fewest, sorted(seen)


def test_the_set_up_of_a_call(people: People, made: Seldom) -> None:
    home = f"/desk/calls/{made.in_preparation}"
    firsts = [f"{home}/setup", f"{home}/form/publish", f"{home}/form/discard", f"{home}/form/versions/1"]
    firsts += [f"{home}/setup/rules/new?check={check}" for check in CHECKS]
    looked_at(people.named(OFFICE, **STILL), firsts, f"{home}/", "/desk/calls/new", fewest=25)


def test_the_page_of_each_kind_of_question(people: People, made: Seldom) -> None:
    pages = [f"/desk/calls/{made.in_preparation}/form/questions/{key}" for key in KINDS]
    looked_at(people.named(OFFICE, **STILL), pages, fewest=len(KINDS))


def test_what_the_office_allows_and_answers(people: People, made: Seldom) -> None:
    home = f"/desk/calls/{made.running}"
    firsts = [f"{home}/{part}" for part in ("setup", "places", "waivers", "extensions", "settings", "form/versions")]
    firsts += ["/desk/handovers", f"/desk/proposals/{made.selected}/next-stage"]
    firsts += [f"/desk/proposals/{made.received}{rest}" for rest in ("", "/changes", "?tab=messages", "?tab=files")]
    looked_at(
        people.named(OFFICE, **STILL), firsts, f"{home}/waivers/", f"{home}/extensions/", "/desk/handovers/", fewest=15
    )


def test_the_writing_of_every_kind_of_answer(people: People, made: Seldom) -> None:
    home = f"/proposals/{made.written}"
    firsts = [home, f"{home}/check", *(f"{home}/edit/{part}" for part in ("idea", "team", "money", "more"))]
    firsts += [f"/calls/{made.running}", f"/calls/{made.running}/notice", f"/calls/{made.running}/start-from"]
    looked_at(people.named(LEADER, **STILL), firsts, f"/calls/{made.running}/start-from?", fewest=9)


def test_what_is_missing_and_what_was_received(people: People, made: Seldom) -> None:
    home, received = f"/proposals/{made.empty}", f"/proposals/{made.received}"
    firsts = [f"{home}/check", f"{home}/edit/idea?check=1", f"{home}/edit/more?check=1", received, "/proposals"]
    looked_at(people.named(COLLEAGUE, **STILL), firsts, f"{received}/receipt/", fewest=6)


def test_what_opens_by_a_mailed_link(people: People, made: Seldom) -> None:
    page = people.nobody(**STILL)
    looked_at(page, list(made.by_link), fewest=2)
    page.goto(made.by_link[0])
    press(page, "Accept")
    assert wrong_with(page) == []
    page.goto("/endorse/nothing")
    assert wrong_with(page) == []


def test_what_cannot_be_saved(people: People, made: Seldom) -> None:
    page = people.named(OFFICE, **STILL)
    home = f"/desk/calls/{made.in_preparation}"
    for path, button in (
        ("/desk/calls/new", "Set it up"),
        (f"{home}/form/add", "Add it"),
        (f"{home}/form/preview", "Check"),
        (f"{home}/setup/invitations", "Invite them"),
    ):
        page.goto(path)
        press(page, button)
        assert wrong_with(page) == [], path
    page.goto(f"{home}/setup/basics")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_label("Shortest duration").fill("many")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()
    assert wrong_with(page) == []


def test_the_corrected_working_days(people: People, made: Seldom) -> None:
    looked_at(people.named("admin@example.org", **STILL), ["/administration/working-days"], fewest=1)
