"""A sealed call on the office's pages: nothing of what was submitted shows before the close, everything after."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.call.models import Call
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.operations import submit
from intake.vocabulary import Role, State
from tests.factories import listing as make
from tests.factories.office import Office
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with
from tests.factories.world import TITLES

ClientFor = Callable[[Any], FlaskClient]
HERE = "/desk/calls/HIRP-2020/proposals"
TITLE = "A secret of light"


@pytest.fixture
def sealed(app: Flask) -> dict[str, Any]:
    """A call that closes in an hour and is sealed for a quarter longer, with two proposals and a draft."""
    with app.app_context():
        closes = clock.now() + timedelta(hours=1)
        call = make.call(closes_at=closes, grace_minutes=15, sealed_until=closes + timedelta(minutes=15))
        open_call = make.call("AIR-2021")
        who = make.coordinator(call)
        make.grant(who, Role.COORDINATOR, call_id=open_call.id)
        rows = [make.proposal(call, title=TITLE), make.proposal(call, title=TITLE)]
        make.conflict(rows[1], who)
        make.proposal(call, State.DRAFT)
        make.proposal(open_call, title="In the open")
        found = {"who": who.id, "ids": [each.id for each in rows], "numbers": [each.number for each in rows]}
        found["until"] = call.sealed_until
        db.session.commit()
        return found


def shows(page: str, sealed: dict[str, Any]) -> bool:
    """Whether the page tells of a proposal of the sealed call."""
    return TITLE in page or any(str(number) in page for number in sealed["numbers"])


PLACES = ["/desk", "/desk/calls", "/desk/proposals", HERE, f"{HERE}.csv", "/search?q=secret"]


@pytest.mark.parametrize("path", PLACES)
def test_no_list_no_count_and_no_file_tells_of_it(client_for: ClientFor, sealed: dict[str, Any], path: str) -> None:
    client = client_for(sealed["who"])
    assert not shows(client.get(path).text, sealed)
    with clock.at(sealed["until"]):
        after = client.get(path).text
    assert shows(after, sealed) or path == "/desk/calls"


def test_the_desk_says_that_it_is_sealed_and_counts_drafts_alone(client_for: ClientFor, sealed: dict[str, Any]) -> None:
    client = client_for(sealed["who"])
    page = client.get("/desk").text
    assert "Sealed: nobody in the office reads a proposal before" in page
    assert re.search(r"sealed, 1 draft", page)
    assert '<span class="big">1</span> <span class="tile-label">To screen<' in page, "the open call's alone"
    assert "Sealed: nobody in the office" in client.get(HERE).text
    with clock.at(sealed["until"]):
        after = client.get("/desk").text
    assert "Sealed" not in after
    assert '<span class="big">2</span> <span class="tile-label">To screen<' in after


def test_it_is_neither_opened_nor_screened(app: Flask) -> None:
    office = Office(app)
    until = clock.now() + timedelta(hours=1)
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "sealed_until", until))
    for answer in (
        office.get("C1", "P2"),
        office.get("C1", "P2", "/screen"),
        office.post("C1", "P2", "/screen"),
        office.post("C1", "P2", "/return", reason="x", parts="summary"),
    ):
        assert answer.status_code == 403
        assert "This call is sealed" in answer.text
        assert TITLES["P2"] not in answer.text
    assert office.state("P2") is State.SUBMITTED
    assert office.get("C2", "P2").status_code == 404
    with clock.at(until):
        assert TITLES["P2"] in office.get("C1", "P2").text
        assert office.post("C1", "P2", "/screen", rules="award-cap").status_code == 302
    assert office.state("P2") is State.ELIGIBLE


def test_the_letter_to_the_office_names_no_title(room: Flask) -> None:
    load_catalogue()
    call, ada = call_with("AIR-2021"), faculty_member()
    cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
    for title, until in ((TITLE, call.closes_at), ("In the open", None)):
        call.sealed_until = until
        submit(draft(call, ada, title=title), by=actor(ada))
    letters = db.session.scalars(sa.select(Message).where(Message.to_person_id == cora.id).order_by(Message.id)).all()
    said = [each.subject + each.body_text + each.body_html for each in letters]
    assert [TITLE in each for each in said] == [False, False]
    assert "You can read it once the call has closed." in said[0]
    assert "In the open" in said[1]


def test_everybody_reads_that_a_call_is_sealed_and_nobody_until_when(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        closes: datetime = clock.now() + timedelta(hours=1)
        make.call(closes_at=closes, grace_minutes=37, sealed_until=closes + timedelta(minutes=37))
        db.session.commit()
    page = client.get("/calls/HIRP-2020").text
    assert "This call is sealed" in page
    assert f"{closes + timedelta(minutes=37):%H:%M}" not in page


def test_people_on_the_team_read_on(app: Flask, client_for: ClientFor, sealed: dict[str, Any]) -> None:
    with app.app_context():
        lead = db.session.scalars(sa.select(Person).where(Person.name.like("Applicant%")).order_by(Person.id)).first()
        assert lead is not None
        number = lead.id
    assert TITLE in client_for(number).get(f"/proposals/{sealed['ids'][0]}").text
