"""The office puts somebody back only into the round of review that is on, and only who may still review."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.decision.models import Decision
from intake.decision.operations import release
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.proposal.operations import submit
from intake.review.operations import Asked, forward, recall
from intake.vocabulary import Verdict
from tests.factories import office as days
from tests.factories.counting import statements
from tests.factories.invited import DUE, row_of
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import complete

OVER = "That was an earlier round of review, which is over. Ask them anew."
GONE = "is no reviewer with an open account any more."


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def forwarded_to(office: Office, name: str, *who: str) -> None:
    """It goes to these reviewers, who have agreed already; the first leads."""
    asked = [Asked(office.w.people[each], lead=each == who[0], override_reason="the best fit") for each in who]
    office.ask(lambda: forward(complete(office.w, name), asked, DUE, by=office.w.actor("C1")))


def second_round(office: Office) -> None:
    """P6 was decided to be revised; R2 and R3 review the revision."""

    def revise() -> None:
        decision = db.session.scalars(sa.select(Decision).where(Decision.proposal_id == office.w.proposals["P6"])).one()
        decision.verdict = Verdict.REVISE
        db.session.flush()
        release(complete(office.w, "P6"), by=office.w.actor("C1"), until=clock.now() + timedelta(days=7))
        submit(complete(office.w, "P6"), by=office.w.actor("F1"))

    office.ask(revise)
    days.matched(office, "P6")
    forwarded_to(office, "P6", "R2", "R3")


def put_back(office: Office, name: str, number: int) -> str:
    """What the office reads after pressing the button, which may be gone from its page by now."""
    path = office.address(name, f"/reviewers/{number}/put-back")
    sent = {"version": office.version(name)}
    return words(office.browser("C1").post(path, data=sent, follow_redirects=True).text)


def taken_off(office: Office, name: str, who: str) -> int:
    """The office took somebody off; the id of their assignment."""
    number = office.assignment(name, who)
    assert office.post("C1", name, f"/reviewers/{number}/take-off", reason="a while").status_code == 302
    return number


def reviews_tab(office: Office, name: str) -> str:
    return words(office.get("C1", name, "?tab=reviews").text)


def test_a_review_of_an_earlier_round_is_not_put_back(office: Office) -> None:
    number = office.assignment("P6", "R1")
    second_round(office)
    assert OVER in reviews_tab(office, "P6"), "greyed, with the reason"
    letters = office.last_letter()
    assert OVER in put_back(office, "P6", number)
    assert row_of(office, "R1", "P6")["removed_at"] is not None
    assert office.letters(letters) == set()


def test_what_was_recalled_before_it_was_forwarded_anew_is_an_earlier_round_too(office: Office) -> None:
    days.matched(office)
    forwarded_to(office, "P2", "R3", "F3")
    number = office.assignment("P2", "F3")
    office.ask(lambda: recall(complete(office.w, "P2"), "a wrong theme", by=office.w.actor("C1")))
    forwarded_to(office, "P2", "R3", "R1")
    assert OVER in put_back(office, "P2", number)
    assert row_of(office, "F3")["removed_at"] is not None


def test_who_was_taken_off_in_this_round_is_put_back(office: Office) -> None:
    second_round(office)
    number = taken_off(office, "P6", "R3")
    assert OVER in reviews_tab(office, "P6"), "R1's"
    put_back(office, "P6", number)
    assert row_of(office, "R3", "P6")["removed_at"] is None


@pytest.mark.parametrize("closed", [True, False])
def test_nobody_is_put_back_whose_account_is_closed_or_who_is_no_reviewer_any_more(
    office: Office, closed: bool
) -> None:
    number = taken_off(office, "P3", "R2")

    def leave() -> None:
        if closed:
            db.session.get_one(Person, office.w.people["R2"]).active = False
            return
        held = sa.select(RoleGrant).where(RoleGrant.person_id == office.w.people["R2"])
        db.session.scalars(held).one().revoked_at = clock.now()

    office.ask(leave)
    assert f"Hana Reader {GONE}" in reviews_tab(office, "P3"), "greyed, with the reason"
    letters = office.last_letter()
    assert f"Hana Reader {GONE}" in put_back(office, "P3", number)
    assert row_of(office, "R2", "P3")["removed_at"] is not None
    assert office.letters(letters) == set()


def test_the_page_sends_as_many_statements_for_several_who_are_gone_as_for_one(office: Office) -> None:
    counts = []
    for who in ("R2", "R3"):
        taken_off(office, "P1", who)
        office.get("C1", "P1", "?tab=reviews")
        with statements() as sent:
            office.get("C1", "P1", "?tab=reviews")
        counts.append(len(sent))
    assert counts[0] == counts[1]
