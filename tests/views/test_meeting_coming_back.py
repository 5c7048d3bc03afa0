"""After a button of a meeting's page one comes back to where it stood, and reads there what was done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.people.models import Person
from tests.factories.meetings import NOON, about, fresh, line_of, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.views.meeting_pages import DAY_BEFORE, get, item, made, post, text
from tests.views.test_agenda_at_once import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def part(page: str, place: str) -> str:
    """What stands in the element of that id."""
    found = re.search(rf'<(section|li)[^>]* id="{place}".*?</\1>', page, re.DOTALL)
    assert found is not None, place
    return found[0]


def said_once(desk: Desk, location: str, place: str, told: str) -> None:
    """The page that it leads to says ``told`` at ``place`` and nowhere else, with the focus there; and not again."""
    assert location.endswith(f"?at={place}#{place}")
    page = desk.office.browser("C1").get(location).text
    assert words(page).count(told) == 1
    inside = part(page, place)
    assert told in words(inside)
    assert 'tabindex="-1" data-focus' in inside
    assert told not in words(desk.office.browser("C1").get(location).text)


def test_an_item_that_was_put_changed_moved_or_taken_off_says_so_in_its_place(desk: Desk) -> None:
    with clock.at(DAY_BEFORE):
        put = desk.post("/items/new", {"heading": "Anything else", "minutes": "5", "once": "k"})
        new = desk.order()[-1]
        said_once(desk, put.location, f"item-{new}", "It is on the agenda.")
        first = desk.item("P1")
        changed = desk.post(f"/items/{first}", desk.form("P1") | {"minutes": "30"})
        said_once(desk, changed.location, f"item-{first}", "The item is changed.")
        moved = desk.post(f"/items/{first}/move", {"act": "down", "seen": desk.moving()})
        said_once(desk, moved.location, f"item-{first}", "Moved.")
        gone = desk.post(f"/items/{desk.item('P3')}/remove", {"seen": desk.form("P3")["seen"]})
        said_once(desk, gone.location, "agenda", "The item is taken off the agenda.")


def test_an_item_that_is_gone_already_says_so_at_the_agenda(desk: Desk) -> None:
    gone, seen = desk.item("P3"), desk.form("P3")["seen"]
    assert desk.post(f"/items/{gone}/remove", {"seen": seen}, "C3").status_code == 302
    with clock.at(DAY_BEFORE):
        for path in ("remove", "move"):
            late = desk.post(f"/items/{gone}/{path}", {"seen": seen, "act": "up"})
            assert late.status_code == 302
            said_once(desk, late.location, "agenda", "The item is not on the agenda any more.")
    assert [desk.post(f"/items/{gone}/remove", {}, who).status_code for who in ("F1", "N")] == [403, 404]


def test_somebody_who_is_taken_off_already_is_said_to_be(desk: Desk) -> None:
    row = desk.office.ask(lambda: line_of(fresh(desk.number), desk.office.w, "F3"))
    with clock.at(DAY_BEFORE):
        off = desk.post(f"/people/{row}/remove", {})
        said_once(desk, off.location, "people", "Cleo Double is taken off.")
        again = desk.post(f"/people/{row}/remove", {})
        said_once(desk, again.location, "people", "They are not on the list any more.")


def test_what_stands_in_the_way_is_said_at_the_top(desk: Desk) -> None:
    late = desk.post(f"/items/{desk.item('P3')}/remove", {"seen": "older"})
    assert late.location == desk.home
    flashes = re.search(r'<div class="flashes".*?</div>\s*</div>', desk.get(), re.DOTALL)
    assert flashes is not None
    assert "Somebody changed the agenda" in words(flashes[0])


def test_a_place_that_the_page_has_not_leaves_the_word_at_the_top(desk: Desk) -> None:
    put = desk.post("/items/new", {"heading": "Anything else", "minutes": "5", "once": "k"})
    with clock.at(DAY_BEFORE):
        page = desk.office.browser("C1").get(f"{desk.home}?at=item-999999").text
    assert put.status_code == 302
    flashes = re.search(r'<div class="flashes".*?</div>\s*</div>', page, re.DOTALL)
    assert flashes is not None
    assert "It is on the agenda." in words(flashes[0])


def test_an_action_and_an_outcome_say_so_in_their_cards(desk: Desk) -> None:
    first = desk.item("P1")
    path = f"/items/{first}/actions"
    data: dict[str, Any] = {"what": "Look", "due_on": "2026-03-20", "owner_id": desk.office.w.people["C1"], "once": "k"}
    with clock.at(DAY_BEFORE):
        noted = desk.post(path, data)
        said_once(desk, noted.location, "actions", "The action is noted, and its owner is told.")


def test_an_item_without_its_investigator_says_so(office: Office) -> None:
    number = made(office, planned)
    third = item(office, number, "P3")

    def close() -> None:
        about(fresh(number), office.w, "P3").attendance = []
        row = next(each for each in fresh(number).participants if each.person_id == office.w.people["F3"])
        row.removed_at = NOON
        db.session.get_one(Person, office.w.people["F3"]).active = False

    office.ask(close)
    form = get(office, "C1", f"/meetings/{number}/items/{third}").text
    seen = re.search(r'name="seen" value="(\w+)"', form)
    assert seen is not None
    sent = {"heading": "A look", "minutes": "20", "proposal_id": office.w.proposals["P3"], "seen": seen[1]}
    done = post(office, "C1", f"/meetings/{number}/items/{third}", **sent)
    assert done.status_code == 302
    assert "The item is changed. Cleo Double, who leads the proposal, is not asked: the account is closed." in text(
        office, "C1", done.location
    )


def test_words_are_asked_for_beside_their_field(office: Office) -> None:
    number = made(office, planned)
    row = office.ask(lambda: line_of(fresh(number), office.w, "S1"))
    sent = {"heading": "", "minutes": "10", "proposal_id": office.w.proposals["P2"], "attendee_ids": [row]}
    asks = post(office, "C1", f"/meetings/{number}/items/new", **sent)
    assert asks.status_code == 422
    assert re.findall(r'id="(\w+)-error"', asks.text) == ["heading"]
    told = "Say in words what it is about. Jun Alba may not read the proposal, not even its title."
    assert told in words(asks.text)
    assert post(office, "C1", f"/meetings/{number}/items/new", **sent | {"heading": "A plan"}).status_code == 302
    assert "A plan" in words(get(office, "C1", f"/meetings/{number}").text)
