"""Who is named to whom on the pages of a meeting: owners of actions, who attends a withheld item, a sealed call."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.meeting import closing, minutes, planning
from intake.meeting.models import Attendance
from intake.people.models import Person
from intake.vocabulary import ComesAs
from tests.factories.meetings import GUEST, NOON, about, fresh, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN, PEOPLE, TITLES
from tests.views.meeting_pages import DAY_BEFORE, HOUR_AFTER, get, made, post


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def a_task(office: Office, number: int, owner: str) -> None:
    meeting = fresh(number)
    owner_id, due = office.w.people[owner], NOON.date() + timedelta(days=9)
    minutes.give_action(meeting, about(meeting, office.w, "P1"), "Send it", owner_id, due, by=office.w.actor("C1"))


@pytest.mark.parametrize(
    ("owner", "hidden_from", "named_to"), [("R1", ("F1", "S1"), ("R1", "C1")), ("F1", ("R1",), ("F1", "S1", "C1"))]
)
def test_the_owner_of_an_action_is_somebody_to_whom_they_are_not_named(
    office: Office, owner: str, hidden_from: tuple[str, ...], named_to: tuple[str, ...]
) -> None:
    number = made(office)
    office.ask(lambda: setattr(fresh(number).call, "applicants_named", False))
    with clock.at(HOUR_AFTER):
        office.ask(lambda: a_task(office, number, owner))
        office.ask(lambda: closing.hold(fresh(number), by=office.w.actor("C1")))
    full = PEOPLE[owner][-1]
    for path in (f"/meetings/{number}", f"/meetings/{number}/paper"):
        for who in hidden_from:
            page = main(office, who, path)
            assert "somebody" in page, who
            assert full not in page, who
        assert [who for who in named_to if full not in main(office, who, path)] == []


def main(office: Office, who: str, path: str, at: Any = HOUR_AFTER) -> str:
    """The words of a page without its head, which names the reader."""
    page = get(office, who, path, at).get_data(as_text=True)
    return words(page[page.index("<main") :])


def withheld(office: Office) -> int:
    """The meeting with R2 and a guest, who attend but the item that is withheld from C3."""
    number = made(office, planned)

    def ask() -> None:
        w, by = office.w, office.w.actor("C1")
        extra = {
            planning.ask_person(
                fresh(number), db.session.get_one(Person, w.people["R2"]), ComesAs.REVIEWER, "UTC", by=by
            ).id,
            planning.ask_guest(fresh(number), "Gina Stranger", "gina@out.example", "UTC", by=by).id,
        }
        meeting = fresh(number)
        for row in extra:
            about(meeting, w, "P4").attendance.append(Attendance(participant_id=row))

    with clock.at(BEGAN):
        office.ask(ask)
    return number


def test_a_coordinator_in_conflict_does_not_learn_who_attends_a_withheld_item(office: Office) -> None:
    number = withheld(office)
    hidden = (PEOPLE["R2"][-1], "Gina Stranger", PEOPLE["F2"][-1])
    for path in ("", "/paper", "/plan"):
        page = get(office, "C3", f"/meetings/{number}{path}").get_data(as_text=True)
        assert [name for name in hidden[:2] if name in page] == [], path
    plan = get(office, "C1", f"/meetings/{number}/plan").get_data(as_text=True)
    chairs = re.findall(r"<option[^>]*>([^<]+)", plan.partition('name="chair_id"')[2].partition("</select>")[0])
    assert chairs == ["Nobody yet", *sorted((PEOPLE["C1"][-1], PEOPLE["C3"][-1]))]
    replies = {}
    for address in ("r2@example.org", "gina@out.example", "r3@example.org", "nobody@out.example"):
        guest = {"form": "guest", "name": "X", "email": address, "zone": "Asia/Hong_Kong"}
        reply = post(office, "C3", f"/meetings/{number}/people", **guest)
        replies[address] = (reply.status_code, reply.location, main(office, "C3", f"/meetings/{number}", DAY_BEFORE))
    assert len(set(replies.values())) == 1
    known = post(office, "C3", f"/meetings/{number}/people", form="guest", name="X", email=GUEST[1], zone="UTC")
    assert known.status_code == 422


def test_who_is_asked_already_for_a_withheld_item_is_offered_as_before(office: Office) -> None:
    number = made(office, planned)

    def choices() -> list[str]:
        page = get(office, "C3", f"/meetings/{number}/people").get_data(as_text=True)
        return re.findall(r'<option[^>]*value="(\w+:\d+)"', page)

    put = post(office, "C1", f"/meetings/{number}/items/new", proposal_id=office.w.proposals["P6"], minutes="10")
    assert put.status_code == 302
    before = choices()
    who = f"reviewer:{office.w.people['R2']}"
    assert who in before
    line = {"form": "person", "who": who, "zone": "UTC"}
    assert post(office, "C1", f"/meetings/{number}/people", **line).status_code == 302
    assert choices() == before


def test_a_meeting_of_a_call_that_is_sealed_names_nobody_but_the_office(office: Office) -> None:
    number = withheld(office)

    def seal() -> None:
        call = fresh(number).call
        call.closes_at = call.sealed_until = BEGAN + timedelta(days=60)

    office.ask(seal)
    others = [PEOPLE[who][-1] for who in ("F1", "F2", "F3", "R1", "R2")] + ["Gina Stranger"]
    for path in ("", "/paper", "/plan", "/people"):
        page = main(office, "C1", f"/meetings/{number}{path}")
        assert [name for name in others if name in page] == [], path
        assert [title for title in TITLES.values() if title in page] == [], path
    assert "This call is sealed until" in main(office, "C1", f"/meetings/{number}")
