"""Two coordinators at one agenda: whoever comes second hears of it, and loses no word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from intake import clock
from intake.errors import Stale
from intake.extensions import db
from intake.meeting import agenda, minutes
from intake.proposal.models import TeamMember
from tests.factories.meetings import about, arranged, fresh, line_of
from tests.factories.office import Office
from tests.factories.review import same_page, words
from tests.factories.world import BEGAN, TITLES

DAY_BEFORE = BEGAN + timedelta(days=2)


class Desk:
    """A meeting that is arranged, the browsers of those who run it, and what the database says of its agenda."""

    def __init__(self, app: Flask) -> None:
        self.office = Office(app)
        with clock.at(BEGAN):
            self.number: int = self.office.ask(lambda: arranged(self.office.w))
        self.home = f"/meetings/{self.number}"

    def item(self, name: str) -> int:
        """The id of the item about a proposal; "" is the one about a theme."""
        found: int = self.office.ask(lambda: about(fresh(self.number), self.office.w, name).id)
        return found

    def get(self, path: str = "", who: str = "C1") -> str:
        """A page of the meeting."""
        with clock.at(DAY_BEFORE):
            reply = self.office.browser(who).get(self.home + path)
        assert reply.status_code == 200, path
        return reply.get_data(as_text=True)

    def post(self, path: str, data: dict[str, Any], who: str = "C1") -> TestResponse:
        """Send a form."""
        with clock.at(DAY_BEFORE):
            return self.office.browser(who).post(self.home + path, data=data)

    def form(self, name: str, who: str = "C1") -> dict[str, Any]:
        """What a browser sends back of the form of an item when nobody touches it."""
        page = self.get(f"/items/{self.item(name)}", who)
        panel = re.search(r'<form class="panel".*?</form>', page, re.DOTALL)
        assert panel is not None
        sent: dict[str, Any] = dict(
            re.findall(r'<input[^>]*name="(seen|heading|minutes)"[^>]*value="([^"]*)"', panel[0])
        )
        for select in re.finditer(r'<select[^>]*name="(\w+)".*?</select>', panel[0], re.DOTALL):
            chosen = re.search(r'<option selected value="(\d*)"', select[0])
            sent[select[1]] = chosen[1] if chosen else ""
        boxes = re.findall(r'<input(?=[^>]*name="attendee_ids")(?=[^>]*checked)[^>]*value="(\d+)"', panel[0])
        return sent | {"attendee_ids": boxes}

    def moving(self, who: str = "C1") -> str:
        """What the buttons that move an item carry."""
        found = re.search(r'name="act" value="up">.*?name="seen" value="(\w+)"', self.get(who=who), re.DOTALL)
        assert found is not None
        return found[1]

    def order(self) -> list[int]:
        """The ids of the items in their order."""
        found: list[int] = self.office.ask(lambda: [each.id for each in fresh(self.number).items])
        return found

    def kept(self, name: str, *columns: str) -> list[Any]:
        """What the database says of an item."""
        return list(
            self.office.ask(lambda: [getattr(about(fresh(self.number), self.office.w, name), c) for c in columns])
        )


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The meeting of the scenarios; C1 and C3 coordinate its call."""
    return Desk(app)


def test_a_form_that_is_older_than_the_item_shows_both_and_saves_only_on_purpose(desk: Desk) -> None:
    path, first, second = f"/items/{desk.item('P1')}", desk.form("P1"), desk.form("P1", "C3")
    assert desk.post(path, first | {"heading": "What the office saw", "minutes": "25"}, "C3").status_code == 302
    late = desk.post(path, second | {"heading": "Words that must not be lost", "minutes": "40"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert desk.kept("P1", "heading", "minutes") == ["What the office saw", 25]
    assert 'value="Words that must not be lost"' in page
    now = re.search(r'<section class="panel" id="now".*?</section>', page, re.DOTALL)
    assert now is not None
    assert [word for word in ("What the office saw", "25", "Ada Applicant") if word not in words(now[0])] == []
    assert "Save over it" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    again = {"heading": "Words that must not be lost", "minutes": "40", "seen": seen[1]}
    assert desk.post(path, second | again).status_code == 302
    assert desk.kept("P1", "heading", "minutes") == ["Words that must not be lost", 40]


def test_what_is_wrong_in_a_form_does_not_make_it_newer(desk: Desk) -> None:
    path, mine = f"/items/{desk.item('P1')}", desk.form("P1")
    assert desk.post(path, desk.form("P1", "C3") | {"minutes": "25"}, "C3").status_code == 302
    wrong = desk.post(path, mine | {"minutes": "none"})
    assert wrong.status_code == 422
    assert f'name="seen" value="{mine["seen"]}"' in wrong.get_data(as_text=True)
    assert desk.post(path, mine | {"minutes": "50"}).status_code == 409
    assert desk.kept("P1", "minutes") == [25]


def test_who_attends_counts_too(desk: Desk) -> None:
    path, mine, theirs = f"/items/{desk.item('P1')}", desk.form("P1"), desk.form("P1", "C3")
    guest = str(desk.office.ask(lambda: line_of(fresh(desk.number), desk.office.w, "R1")))
    theirs["attendee_ids"] = [each for each in theirs["attendee_ids"] if each != guest]
    assert desk.post(path, theirs, "C3").status_code == 302
    assert desk.post(path, mine | {"minutes": "30"}).status_code == 409
    assert guest not in desk.form("P1")["attendee_ids"]


def test_minutes_and_another_place_on_the_agenda_make_no_form_old(desk: Desk) -> None:
    path, mine = f"/items/{desk.item('P1')}", desk.form("P1")

    def write() -> None:
        meeting, by = fresh(desk.number), desk.office.w.actor("C1")
        item = about(meeting, desk.office.w, "P1")
        minutes.write(meeting, item, "They want figures.", item.version, by=by)

    with clock.at(DAY_BEFORE):
        desk.office.ask(write)
    down = {"act": "down", "seen": desk.moving()}
    assert desk.post(f"/items/{desk.item('P1')}/move", down).status_code == 302
    assert desk.order()[1] == desk.item("P1")
    assert desk.post(path, mine | {"minutes": "30"}).status_code == 302
    assert desk.kept("P1", "minutes", "notes") == [30, "They want figures."]


def test_an_item_that_was_taken_off_meanwhile_keeps_what_was_typed(desk: Desk) -> None:
    gone, mine = desk.item("P3"), desk.form("P3")
    assert desk.post(f"/items/{gone}/remove", {"seen": desk.form("P3", "C3")["seen"]}, "C3").status_code == 302
    late = desk.post(f"/items/{gone}", mine | {"heading": "Words that must not be lost"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert gone not in desk.order()
    assert "This item is not on the agenda any more." in page
    assert 'value="Words that must not be lost"' in page
    assert f'action="{desk.home}/items/new"' in page
    assert desk.post("/items/new", mine | {"heading": "Words that must not be lost"}).status_code == 302
    assert len(desk.order()) == 4


def test_a_withheld_item_answers_as_one_that_is_none(desk: Desk) -> None:
    """C3 is on the team of P4."""
    sent = {"heading": "Anything", "minutes": "10", "seen": "x", "once": "k"}
    withheld, nothing = (desk.post(f"/items/{n}", sent, "C3") for n in (desk.item("P4"), 999_999))
    assert (withheld.status_code, nothing.status_code) == (409, 409)
    assert same_page(withheld.get_data(as_text=True), nothing.get_data(as_text=True))
    assert TITLES["P4"] not in withheld.get_data(as_text=True)
    assert [desk.post(f"/items/{n}", sent, "F1").status_code for n in (desk.item("P1"), 999_999)] == [403, 403]
    assert [desk.post(f"/items/{n}", sent, "N").status_code for n in (desk.item("P1"), 999_999)] == [404, 404]


def test_an_item_moves_only_on_the_agenda_that_was_seen(desk: Desk) -> None:
    seen, before = desk.moving(), desk.order()
    third = before[2]
    assert desk.post(f"/items/{third}/move", {"act": "up", "seen": seen}, "C3").status_code == 302
    after = desk.order()
    assert after == [before[0], third, before[1], before[3]]
    late = desk.post(f"/items/{third}/move", {"act": "up", "seen": seen})
    assert late.status_code == 302
    assert "Somebody changed the agenda" in words(desk.get())
    assert desk.order() == after
    assert desk.post(f"/items/{third}/move", {"act": "up"}).status_code == 302
    assert desk.order() == after, "a button without its mark moves nothing"
    assert desk.post(f"/items/{third}/move", {"act": "up", "seen": desk.moving()}).status_code == 302
    assert desk.order()[0] == third


def test_an_item_that_became_another_is_not_taken_off(desk: Desk) -> None:
    item, mine = desk.item("P3"), desk.form("P3")
    assert desk.post(f"/items/{item}", mine | {"heading": "Now about the budget"}, "C3").status_code == 302
    late = desk.post(f"/items/{item}/remove", {"seen": mine["seen"]})
    assert late.status_code == 302
    assert item in desk.order()
    assert "Somebody changed the agenda" in words(desk.get())
    assert desk.post(f"/items/{item}/remove", {"seen": desk.form("P3")["seen"]}).status_code == 302
    assert item not in desk.order()


def test_the_room_itself_refuses_what_was_not_seen(desk: Desk) -> None:
    def act() -> None:
        meeting, by = fresh(desk.number), desk.office.w.actor("C1")
        item = about(meeting, desk.office.w, "P3")
        plan: dict[str, Any] = {"heading": "x", "minutes": 5, "proposal_id": None, "theme_id": None, "contact_id": None}
        for late in (
            lambda: agenda.put(meeting, item, seen="", **plan, attendee_ids=[], by=by),
            lambda: agenda.move(meeting, item, up=True, seen="", by=by),
            lambda: agenda.take_away(meeting, item, seen="", by=by),
        ):
            with pytest.raises(Stale):
                late()

    desk.office.ask(act)


def test_somebody_of_whom_the_reader_may_not_learn_makes_no_form_old(desk: Desk) -> None:
    """F2 has left the team of P1 and comes only for P4, which is withheld from C3: what becomes of their line on the
    item about P1 tells C3 nothing."""
    world = desk.office.w

    def leave() -> None:
        rows = fresh(desk.number).participants
        assert any(each.person_id == world.people["F2"] for each in rows)
        theirs = sa.and_(TeamMember.proposal_id == world.proposals["P1"], TeamMember.person_id == world.people["F2"])
        db.session.execute(sa.delete(TeamMember).where(theirs))

    def marks() -> list[str]:
        meeting = fresh(desk.number)
        item = about(meeting, world, "P1")
        return [agenda.edition(meeting, item, world.actor(who)) for who in ("C1", "C3")]

    desk.office.ask(leave)
    before, mine = desk.office.ask(marks), desk.form("P1")
    line = str(desk.office.ask(lambda: line_of(fresh(desk.number), world, "F2")))
    assert line in mine["attendee_ids"]
    assert line not in desk.form("P1", "C3")["attendee_ids"]

    def take_off() -> None:
        item = about(fresh(desk.number), world, "P1")
        item.attendance = [row for row in item.attendance if str(row.participant_id) != line]

    desk.office.ask(take_off)
    after = desk.office.ask(marks)
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
