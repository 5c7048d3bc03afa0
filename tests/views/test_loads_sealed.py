"""The loads of a call that is sealed (again) count nothing of its proposals, and neither does any other page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.extensions import db
from intake.review.capacity import given, given_elsewhere
from intake.review.queries import loads
from tests.factories.office import Office
from tests.factories.review import words


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def sealed(office: Office, letter: str = "A") -> None:
    """The close of the call was moved, and nobody in the office reads its proposals before it."""

    def act() -> None:
        call = db.session.get_one(Call, office.w.calls[letter])
        call.closes_at = clock.now() + timedelta(days=2)
        call.sealed_until = clock.now() + timedelta(days=3)

    office.ask(act)


def of(office: Office, who: str, call: str = "CALL-A") -> tuple[str, str]:
    """What the page says that a reviewer has in this call, and elsewhere now."""
    page = office.browser("C1").get(f"/desk/calls/{call}/loads").text
    row = words(page.split(who)[1].split("</tr>")[0])
    found = re.match(r"\D*(\d+) (\d+)", row)
    assert found, row
    return found[1], found[2]


def test_the_page_of_loads_counts_nothing_of_a_sealed_call(office: Office) -> None:
    assert of(office, "Gus Reader") == ("5", "0")
    sealed(office)
    assert of(office, "Gus Reader") == ("0", "0")


def test_no_count_of_what_somebody_reviews_tells_of_a_sealed_call(office: Office) -> None:
    r1 = office.w.people["R1"]

    def counts() -> list[dict[int, int]]:
        a, b, by = office.w.calls["A"], office.w.calls["B"], office.w.actor("C1")
        return [given(a, [r1], seen_by=by), given_elsewhere(b, [r1], seen_by=by), loads([r1], seen_by=by)]

    assert office.ask(counts) == [{r1: 5}, {r1: 3}, {r1: 1}]
    sealed(office)
    assert office.ask(counts) == [{}, {}, {}]
