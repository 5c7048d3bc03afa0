"""Requests to review, as the office makes and sees them: who is asked, alternates, loads, what is usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.review.alternates import of_proposal
from intake.review.queries import tallies
from intake.vocabulary import ReviewerAnswer, Role, State
from tests.factories import office as days
from tests.factories.counting import statements
from tests.factories.invited import (
    ASKED_ON,
    DUE,
    REASON,
    TOO_BUSY,
    answers_of,
    invited,
    last_to,
    link_of,
    page_of,
    row_of,
)
from tests.factories.office import FUTURE, Office
from tests.factories.world import TITLES

ACCEPTED = ReviewerAnswer.ACCEPTED


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app)
    invited(made)
    return made


def test_the_office_asks_first_or_takes_a_yes_that_it_has(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    page = office.get("C1", "P2", "/forward").text
    assert "Ask first whether they will" in page
    assert "Will you review a proposal for Alba Industries Call 2026?" in page
    r3, f3 = office.w.people["R3"], office.w.people["F3"]
    chosen = {"reviewers": [r3, f3], "lead": r3, "due_at": FUTURE}
    wrong = {
        "Say by when they answer": {"ask_first": "y"},
        "Give a time before the reviews are due.": {"ask_first": "y", "reply_by": "2099-04-01T09:00"},
        "Give a time that is still to come.": {"ask_first": "y", "reply_by": "2020-04-01T09:00"},
    }
    for sentence, more in wrong.items():
        reply = office.post("C1", "P2", "/forward", **chosen, **more)
        assert reply.status_code == 422, sentence
        assert sentence in reply.text
    assert office.state("P2") is State.MATCHED
    letters = office.last_letter()
    sent = {**chosen, "ask_first": "y", "reply_by": "2099-03-08T17:00"}
    assert office.post("C1", "P2", "/forward", **sent).status_code == 302
    assert office.letters(letters) == {("review.invited", "R3"), ("review.invited", "F3"), ("proposal.forwarded", "F2")}
    letter = last_to(office, "R3", "review.invited")
    assert TITLES["P2"] in letter
    assert "Ben Bidder" not in letter
    assert "8 Mar 2099" in letter
    assert "31 Mar 2099" in letter
    row = row_of(office, "R3")
    assert row["token_hash"]
    assert row["token_hash"] not in letter
    assert "has not answered" in office.get("C1", "P2", "?tab=reviews").text

    said_yes = f"/reviewers/{row['id']}/said-yes"
    assert office.post("R3", "P2", said_yes).status_code == 403
    assert office.post("C1", "P2", said_yes).status_code == 302
    assert answers_of(office)["R3"] is ACCEPTED
    assert "First declare" not in office.browser("R3").get(page_of(office, "R3")).text
    assert "I have no conflict" in office.browser("R3").get(page_of(office, "R3")).text, "they still declare themselves"
    assert office.post("C1", "P2", said_yes).status_code == 302, "noted once"


def test_when_everybody_said_no_the_desk_says_so(office: Office) -> None:
    for who in ("R3", "F3"):
        office.browser(who).post(page_of(office, who, path="/answer"), data=TOO_BUSY)
    assert "2 said no; nobody is left to ask." in office.get("C1", "P2").text
    home = office.browser("C1").get("/desk").text
    assert "Reviewers missing" in home
    listed = office.browser("C1").get("/desk/proposals?waiting=short").text
    assert listed.count("data-open-row") == 1
    assert "Nobody is left to ask" in last_to(office, "C1", "review.answered")


def test_one_who_has_not_answered_is_never_late_and_is_reminded_to_answer(office: Office) -> None:
    with clock.at(DUE + timedelta(days=1)):
        tally = office.ask(lambda: tallies([office.w.proposals["P2"]], clock.now())[office.w.proposals["P2"]])
    assert (tally.asked, tally.unanswered, tally.late) == (2, 2, 0)
    letters = office.last_letter()
    office.post("C1", "P2", f"/reviewers/{office.assignment('P2', 'R3')}/nudge")
    assert office.letters(letters) == {("review.reminded", "R3")}
    assert office.app.test_client().get(link_of(office, "R3")).status_code == 200


def test_the_line_of_alternates_is_set_with_buttons(office: Office) -> None:
    r1, r2 = office.w.people["R1"], office.w.people["R2"]
    page = office.get("C1", "P2", "/alternates").text
    assert "Gus Reader" in page
    assert "Hana Reader" not in page, "the same department needs a reason, so she is not asked by itself"
    for who, status in {"R3": 403, "F2": 403, "N": 404, "C2": 404}.items():
        assert office.post(who, "P2", "/alternates", person_id=r1).status_code == status
    assert office.post("C1", "P2", "/alternates", person_id=r2).status_code == 422
    office.ask(lambda: db.session.add(_another("Pia Spare", "pia@example.org")))
    pia = office.ask(lambda: db.session.scalar(sa.select(Person.id).where(Person.email == "pia@example.org")))
    for number in (r1, pia):
        assert office.post("C1", "P2", "/alternates", person_id=number).status_code == 302
    assert office.post("C1", "P2", "/alternates", person_id=r1).status_code == 422, "each once"

    line = office.ask(lambda: _line(office))
    assert [each[1] for each in line] == [r1, pia]
    assert office.post("C1", "P2", f"/alternates/{line[1][0]}", act="up").status_code == 302
    assert [each[1] for each in office.ask(lambda: _line(office))] == [pia, r1]
    shown = office.get("C1", "P2", "/alternates").text.split("<tbody>")[1]
    assert shown.index("Pia Spare") < shown.index("Gus Reader")
    assert office.post("C1", "P1", f"/alternates/{line[1][0]}", act="out").status_code == 404, "of another proposal"
    assert office.post("C1", "P2", f"/alternates/{line[1][0]}", act="out").status_code == 302
    assert [each[1] for each in office.ask(lambda: _line(office))] == [r1]


def _another(name: str, email: str) -> Person:
    return Person(name=name, email=email, grants=[RoleGrant(role=Role.REVIEWER)])


def _line(office: Office) -> list[tuple[int, int]]:
    return [(each.id, each.reviewer_id) for each in of_proposal(office.w.proposals["P2"])]


def test_loads_are_set_on_a_page_and_asking_over_them_needs_a_reason(office: Office) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads"
    page = office.browser("C1").get(address)
    assert page.status_code == 200
    assert "Gus Reader" in page.text
    for who, status in {"C2": 404, "R1": 404, "F1": 404}.items():
        assert office.browser(who).get(address).status_code == status
    assert office.browser("C1").post(address, data={f"most_{r1}": "x"}).status_code == 422
    sent = {f"most_{r1}": "2", f"least_{r1}": "3", f"seen_{r1}": "|"}
    wrong = office.browser("C1").post(address, data=sent)
    assert wrong.status_code == 422
    assert "The least is more than the most." in wrong.text
    assert office.browser("C1").post(address, data={**sent, f"least_{r1}": "1"}).status_code == 302
    stale = office.browser("C3").post(address, data={**sent, f"most_{r1}": "7"})
    assert stale.status_code == 409
    assert 'value="7"' in stale.text
    assert "now: 2" in stale.text
    asked = {"reviewers": r1, "due_at": FUTURE}
    refused = office.post("C1", "P2", "/assign", **asked)
    assert refused.status_code == 422
    assert "5 reviews in this call, and 2 at most. Give a reason" in refused.text
    assert office.post("C1", "P2", "/assign", **asked, **{f"why_{r1}": REASON}).status_code == 302
    assert row_of(office, "R1")["override_reason"] == REASON


@pytest.mark.parametrize("seen", ["1", "", "|", "1|2|3", "x|y", "|" * 5_000, "²|"])
def test_what_stood_there_may_come_back_in_any_shape(office: Office, seen: str) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads"
    sent = {f"most_{r1}": "2", f"seen_{r1}": seen}
    assert office.browser("C1").post(address, data=sent).status_code in (302, 409)


def test_what_is_usual_is_set_for_the_whole_call(office: Office) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads/usual"

    def version() -> int:
        found: int = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).version)
        return found

    assert office.browser("C2").post(address, data={"usual": 5, "version": version()}).status_code == 404
    assert office.browser("C1").post(address, data={"usual": "many", "version": version()}).status_code == 422
    seen = version()
    assert office.browser("C1").post(address, data={"usual": 5, "version": seen}).status_code == 302
    assert office.browser("C1").post(address, data={"usual": 6, "version": seen}).status_code == 409
    assert (
        "5 reviews in this call, and 5 at most" in office.post("C1", "P2", "/assign", reviewers=r1, due_at=FUTURE).text
    )


def test_a_coordinator_with_a_conflict_counts_none_of_it(office: Office) -> None:
    """S18: C3 is on P4's team, which R1 reviews too."""

    def here(who: str) -> str:
        row = office.browser(who).get("/desk/calls/CALL-A/loads").text.split("Gus Reader")[1].split("</tr>")[0]
        return row.split('data-label="In this call">')[1].split("<")[0]

    assert (here("C1"), here("C3")) == ("5", "4")


def asked_by(office: Office, who: str, path: str) -> int:
    """How many statements a page issues."""
    office.browser(who)
    with statements() as sent:
        assert office.browser(who).get(path).status_code == 200
    return len(sent)


def test_pages_ask_as_much_for_many_reviewers_as_for_few(office: Office) -> None:
    paths = ["/desk/calls/CALL-A/loads", office.address("P2", "/alternates"), office.address("P2", "/assign")]
    for path in paths:
        asked_by(office, "C1", path)
    before = [asked_by(office, "C1", path) for path in paths]
    assert min(before) > 5, "they are counted at all"
    for n in range(30):
        office.ask(lambda n=n: db.session.add(_another(f"Spare {n:02}", f"spare{n}@example.org")))
    for n in range(5):
        address = f"spare{n}@example.org"
        person_id = office.ask(lambda address=address: db.session.scalar(sa.select(Person.id).filter_by(email=address)))
        assert office.post("C1", "P2", "/alternates", person_id=person_id).status_code == 302
    assert [asked_by(office, "C1", path) for path in paths] == before
