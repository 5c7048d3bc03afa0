"""What people note of themselves and others of them: who confirms it, who takes it away, and which buttons show."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.conflict.models import Supervision
from intake.extensions import db
from intake.people.models import PersonAddress
from tests.factories.office import Office
from tests.factories.team import accepted


@pytest.fixture
def office(app: Flask) -> Office:
    """R3 reviews P1, on whose team F1 is."""
    return Office(app)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def page_of(office: Office, who: str) -> str:
    return f"/people/{office.w.people[who]}/known-as"


def test_a_reviewer_takes_no_address_away_that_an_administrator_noted(office: Office) -> None:
    office.ask(lambda: accepted(office.w.proposals["P1"], name="I. Outside", email="ivo@home.example"))
    page, proposal = page_of(office, "R3"), f"/reviews/{office.w.proposals['P1']}"
    assert office.browser("AD").post(f"{page}/addresses", data={"address": "ivo@home.example"}).status_code == 302
    row = office.ask(lambda: db.session.scalars(sa.select(PersonAddress.id)).one())
    remove = f"{page}/addresses/{row}/remove"
    seen = text(office.browser("R3").get(page))
    assert remove not in seen
    assert "noted by an administrator, who alone takes it away" in seen
    assert remove in text(office.browser("AD").get(page))
    assert office.browser("R3").post(remove).status_code == 403
    assert office.browser("R3").get(proposal).status_code == 404
    assert office.browser("AD").post(remove).status_code == 302
    assert office.browser("R3").get(proposal).status_code == 200


def test_the_other_of_the_two_confirms_a_note(office: Office) -> None:
    sent = {"supervision-other": "r3@example.org", "supervision-way": "over", "supervision-since": "2015"}
    assert office.browser("F1").post(f"{page_of(office, 'F1')}/supervision", data=sent).status_code == 302
    row = office.ask(lambda: db.session.scalars(sa.select(Supervision.id)).one())
    confirm = {who: f"{page_of(office, who)}/supervision/{row}/confirm" for who in ("F1", "R3")}
    mine = text(office.browser("F1").get(page_of(office, "F1")))
    assert "nobody has confirmed it yet" in mine
    assert confirm["F1"] not in mine
    assert office.browser("F1").post(confirm["F1"]).status_code == 422
    for who in ("N", "R1"):
        assert office.browser(who).post(confirm["R3"]).status_code == 404, who
    theirs = text(office.browser("R3").get(page_of(office, "R3")))
    assert "Was supervised by Ada Applicant" in theirs
    assert confirm["R3"] in theirs
    assert office.browser("R3").get(f"/reviews/{office.w.proposals['P1']}").status_code == 200
    assert office.browser("R3").post(confirm["R3"]).status_code == 302
    assert office.browser("R3").get(f"/reviews/{office.w.proposals['P1']}").status_code == 404
    forget = f"{page_of(office, 'F1')}/supervision/{row}/forget"
    mine = text(office.browser("F1").get(page_of(office, "F1")))
    assert (forget in mine, "nobody has confirmed it yet" in mine) == (False, False)
    assert office.browser("F1").post(forget).status_code == 403


def test_an_administrator_confirms_what_somebody_noted(office: Office) -> None:
    sent = {"supervision-other": "r3@example.org", "supervision-way": "under"}
    office.browser("F1").post(f"{page_of(office, 'F1')}/supervision", data=sent)
    row = office.ask(lambda: db.session.scalars(sa.select(Supervision.id)).one())
    confirm = f"{page_of(office, 'F1')}/supervision/{row}/confirm"
    assert confirm in text(office.browser("AD").get(page_of(office, "F1")))
    assert office.browser("AD").post(confirm).status_code == 302
    kept = office.ask(lambda: db.session.scalars(sa.select(Supervision.confirmed_by_id)).one())
    assert kept == office.w.people["AD"]
