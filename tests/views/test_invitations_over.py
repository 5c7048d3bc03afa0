"""The page of an answered invitation says that the answer can be changed only while it can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.vocabulary import ConflictKind
from tests.factories.invited import ASKED_ON, TOO_BUSY, answers_of, invited, line_up, link_of, page_of
from tests.factories.office import Office
from tests.factories.review import words

CAN = "You can change the answer while nobody else was asked instead."
CONFLICT = {"answer": "conflict", "kind": ConflictKind.PERSONAL.value, "statement": "We are related."}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    """P2 is asked of R3 and F3."""
    made = Office(app)
    invited(made)
    return made


def over(office: Office, data: dict[str, str]) -> str:
    """What the link shows once it was answered with these words."""
    path = link_of(office, "R3")
    nobody = office.app.test_client()
    with clock.at(ASKED_ON + timedelta(hours=1)):
        assert nobody.post(path, data=data).status_code == 302
    reply = nobody.get(path)
    assert reply.status_code == 410
    return words(reply.get_data(as_text=True))


def test_the_answer_can_be_changed_while_nobody_else_was_asked(office: Office) -> None:
    page = over(office, TOO_BUSY)
    assert "You declined this invitation" in page
    assert CAN in page
    shown = office.browser("R3").get(link_of(office, "R3"))
    assert "Change the answer" in shown.text


def test_once_an_alternate_is_asked_it_cannot(office: Office) -> None:
    line_up(office, "R1")
    page = over(office, TOO_BUSY)
    assert "R1" in answers_of(office)
    assert "You declined this invitation" in page
    assert CAN not in page
    assert "Sign in" not in page
    shown = office.browser("R3").get(link_of(office, "R3"))
    assert "Change the answer" not in shown.text
    assert office.browser("R3").get(page_of(office, "R3")).status_code == 404


def test_after_a_declared_conflict_it_cannot(office: Office) -> None:
    page = over(office, CONFLICT)
    assert CAN not in page
    assert "Change the answer" not in office.browser("R3").get(link_of(office, "R3")).text
