"""The office answers requests to hand a proposal over; of a draft it reads the call, both names and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.handing_over import ask
from intake.vocabulary import Relation, TeamAnswer
from tests.factories.office import Office
from tests.factories.team import accepted
from tests.factories.world import BEGAN, TITLES, complete

WHY = "I go on leave for a year."


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """P5 (a draft of F2) and P2 (submitted, of F2) are to go to F1, who is on both teams; C3 is on neither."""
    made = Office(app)
    with clock.at(BEGAN + timedelta(days=3)):

        def prepare() -> None:
            for name in ("P5", "P2"):
                accepted(made.w.proposals[name], db.session.get_one(Person, made.w.people["F1"]))
                ask(complete(made.w, name), made.w.people["F1"], f"{WHY} {name}", by=made.w.actor("F2"))

        made.ask(prepare)
        yield made


def addresses(office: Office, who: str = "C1") -> list[str]:
    """The requests on the list of a coordinator, in its order."""
    text = office.browser(who).get("/desk/handovers").text
    return re.findall(r'href="(/desk/handovers/\d+)"', text)


def leader(office: Office, name: str) -> str:
    """Who leads the proposal."""
    found: str = office.ask(lambda: complete(office.w, name).principal.name)
    return found


def test_the_desk_counts_what_waits_and_leads_there(office: Office) -> None:
    home = office.browser("C1").get("/desk").text
    tile = home.split('href="/desk/handovers"')[1].split("</a>")[0]
    assert ">2</span>" in tile
    assert "To hand over" in tile
    assert len(addresses(office)) == 2
    assert "To hand over" not in office.browser("C2").get("/desk").text
    assert addresses(office, "C2") == []


def test_a_draft_shows_only_the_call_the_names_and_the_reason(office: Office) -> None:
    address = addresses(office)[0]
    shown = office.browser("C1").get(address).text
    for told in ("Alba Industries Call 2026", "Ben Bidder", "Ada Applicant", f"{WHY} P5", "a draft"):
        assert told in shown
    listed = office.browser("C1").get("/desk/handovers").text
    for page in (shown, listed):
        assert TITLES["P5"] not in page
        assert f"/proposals/{office.w.proposals['P5']}" not in page
    assert TITLES["P2"] in office.browser("C1").get(addresses(office)[1]).text, "a received one the office reads"


def test_the_office_approves_once(office: Office) -> None:
    address = addresses(office)[0]
    since = office.last_letter()
    for _ in range(2):
        reply = office.browser("C1").post(address, data={"and": "approve", "answer": "Fine.", "once": "k"})
        assert (reply.status_code, reply.location) == (302, "/desk/handovers")
    assert leader(office, "P5") == "Ada Applicant"
    assert office.letters(since) == {("handover.approved", "F1"), ("handover.approved", "F2")}
    assert address not in addresses(office)
    assert "It was approved at" in office.browser("C1").get(address).text
    late = office.browser("C3").post(address, data={"and": "refuse", "answer": "No.", "once": "l"})
    assert late.status_code == 409
    assert leader(office, "P5") == "Ada Applicant"


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(office: Office) -> None:
    address = addresses(office)[0]
    empty = office.browser("C1").post(address, data={"and": "refuse", "answer": " ", "once": "k"})
    assert (empty.status_code, 'id="answer-error"' in empty.text) == (422, True)
    neither = office.browser("C1").post(address, data={"answer": "Some words.", "once": "k"})
    assert (neither.status_code, "Some words." in neither.text) == (422, True)
    since = office.last_letter()
    reply = office.browser("C1").post(address, data={"and": "refuse", "answer": "Finish it first.", "once": "k"})
    assert reply.status_code == 302
    assert office.letters(since) == {("handover.refused", "F1"), ("handover.refused", "F2")}
    assert leader(office, "P5") == "Ben Bidder"


@pytest.mark.parametrize(
    ("who", "status"), [("C2", 404), ("AD", 404), ("F1", 404), ("F2", 404), ("R1", 404), ("S1", 404), ("X", 401)]
)
def test_nobody_else_answers_or_learns_of_it(office: Office, who: str, status: int) -> None:
    address = addresses(office)[0]
    assert office.browser(who).get(address).status_code == (302 if who == "X" else status)
    reply = office.browser(who).post(address, data={"and": "approve", "answer": "", "once": "k"})
    assert reply.status_code == status
    assert leader(office, "P5") == "Ben Bidder"
    if who not in ("C2", "X"):
        assert office.browser(who).get("/desk/handovers").status_code == 403


@pytest.mark.parametrize("how", ["team", "declared"])
def test_a_coordinator_with_a_conflict_does_not_answer(office: Office, how: str) -> None:
    if how == "team":
        who = office.w.people["C3"]
        office.ask(
            lambda: accepted(office.w.proposals["P5"], db.session.get_one(Person, who), Relation.ASSISTANT) and None
        )
    else:
        office.conflict("P5", "C3")
    first, second = addresses(office)
    assert addresses(office, "C3") == [second]
    assert ">1</span>" in office.browser("C3").get("/desk").text.split('href="/desk/handovers"')[1].split("</a>")[0]
    for reply in (
        office.browser("C3").get(first),
        office.browser("C3").post(first, data={"and": "approve", "answer": "", "once": "k"}),
    ):
        assert (reply.status_code, "somebody else handles it" in reply.text) == (403, True)
        assert TITLES["P5"] not in reply.text
    assert leader(office, "P5") == "Ben Bidder"


def test_a_coordinator_who_declined_to_join_the_team_answers_like_any_other(office: Office) -> None:
    def declined() -> None:
        member = accepted(office.w.proposals["P5"], db.session.get_one(Person, office.w.people["C3"]))
        member.answer = TeamAnswer.DECLINED

    office.ask(declined)
    first, second = addresses(office)
    assert addresses(office, "C3") == [first, second]
    reply = office.browser("C3").post(first, data={"and": "approve", "answer": "", "once": "k"})
    assert (reply.status_code, leader(office, "P5")) == (302, "Ada Applicant")


def test_a_request_that_does_not_exist_is_no_page(office: Office) -> None:
    assert office.browser("C1").get("/desk/handovers/999999").status_code == 404
