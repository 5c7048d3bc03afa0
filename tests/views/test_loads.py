"""The page of loads keeps what was typed, whoever was quicker and whatever was wrong, and marks what is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.people.models import RoleGrant
from intake.review.models import Capacity
from intake.views.coordinator import loads
from intake.vocabulary import Role
from tests.factories.office import Office
from tests.factories.people import person_with

ADDRESS = "/desk/calls/CALL-A/loads"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def send(office: Office, who: str, numbers: dict[str, tuple[str, str, str]], path: str = ADDRESS) -> Any:
    """Send most, least and what was seen, for some."""
    data: dict[str, str] = {}
    for name, (most, least, seen) in numbers.items():
        number = office.w.people[name]
        data |= {f"most_{number}": most, f"least_{number}": least, f"seen_{number}": seen}
    return office.browser(who).post(path, data=data)


def kept(office: Office) -> dict[str, tuple[int | None, int]]:
    """Most and least of each for whom anything is set."""
    names = {number: name for name, number in office.w.people.items()}
    rows = office.ask(lambda: db.session.execute(sa.select(Capacity.person_id, Capacity.most, Capacity.least)).all())
    return {names[row.person_id]: (row.most, row.least) for row in rows}


def field(page: str, office: Office, who: str, name: str) -> tuple[str, str]:
    """The value of somebody's field and what is said of it."""
    found = re.search(rf'<input[^>]* id="{name}-{office.w.people[who]}" value="([^"]*)".*?</td>', page, re.DOTALL)
    assert found
    said = re.search(r'-said">([^<]+)<', found[0])
    return found[1], said[1] if said else ""


def test_what_was_typed_stays_beside_what_somebody_else_set(office: Office) -> None:
    assert send(office, "C3", {"R1": ("4", "1", "|"), "R3": ("3", "", "|")}).status_code == 302
    answer = send(office, "C1", {"R1": ("7", "", "|"), "R2": ("6", "2", "|"), "R3": ("", "", "|")})
    assert answer.status_code == 409
    assert [field(answer.text, office, "R1", each) for each in ("most", "least")] == [("7", "now: 4"), ("", "now: 1")]
    assert [field(answer.text, office, "R2", each) for each in ("most", "least")] == [("6", ""), ("2", "")]
    assert field(answer.text, office, "R3", "most") == ("3", ""), "nothing was typed here: it is as it stands"
    again = dict(re.findall(r'name="(\w+_\d+)" (?:id="[^"]*" )?value="([^"]*)"', answer.text))
    assert office.browser("C1").post(ADDRESS, data=again).status_code == 302
    assert kept(office) == {"R1": (7, 0), "R2": (6, 2), "R3": (3, 0)}


def test_numbers_of_who_moved_to_another_page_are_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loads, "PAGE", 2)
    assert "Gus Reader" in office.browser("C1").get(ADDRESS).text
    office.ask(lambda: [person_with(f"Aaron {n}", (Role.REVIEWER, {})) for n in range(3)])
    assert "Gus Reader" not in office.browser("C1").get(ADDRESS).text
    assert send(office, "C1", {"R1": ("4", "", "|")}).status_code == 302
    assert kept(office) == {"R1": (4, 0)}


def test_of_who_reviews_no_more_nothing_is_kept_and_that_is_told(office: Office) -> None:
    mine = RoleGrant.person_id == office.w.people["R1"]
    office.ask(lambda: db.session.execute(sa.update(RoleGrant).where(mine).values(revoked_at=clock.now())))
    answer = send(office, "C1", {"R1": ("4", "", "|"), "R2": ("5", "", "|")})
    assert kept(office) == {"R2": (5, 0)}
    page = office.browser("C1").get(answer.location).text
    assert "1 of them is no reviewer any more: their numbers were not kept." in page


def test_every_fault_is_told_at_once_where_it_is(office: Office) -> None:
    answer = send(office, "C1", {"R1": ("2", "9", "|"), "R2": ("4", "x", "|"), "R3": ("-1", "", "|")})
    assert answer.status_code == 422
    number, order = "Write a whole number from 0 to 1000, or nothing.", "The least is more than the most."
    said = {who: [field(answer.text, office, who, each) for each in ("most", "least")] for who in ("R1", "R2", "R3")}
    assert said == {
        "R1": [("2", ""), ("9", order)],
        "R2": [("4", ""), ("x", number)],
        "R3": [("-1", number), ("", "")],
    }
    links = re.findall(r'<li><a href="#([^"]*)">([^<]*)</a>', answer.text)
    assert links == [
        (f"least-{office.w.people['R1']}", f"Least of Gus Reader: {order}"),
        (f"least-{office.w.people['R2']}", f"Least of Hana Reader: {number}"),
        (f"most-{office.w.people['R3']}", f"Most of Ivo Outside: {number}"),
    ]
    assert kept(office) == {}
