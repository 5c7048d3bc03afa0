"""Who said no is told to the office of that proposal alone: not to its team, and not to another of its reviewers."""

from __future__ import annotations

import pytest
from flask import Flask

from intake.call.models import Call
from intake.extensions import db
from intake.match.operations import match
from intake.people.models import RoleGrant
from intake.people.queries import holders
from intake.proposal.models import Proposal
from intake.proposal.operations import screen_in
from intake.review import answering
from intake.review.operations import Asked, assign
from intake.vocabulary import DeclineReason, Role
from tests.factories.invited import DUE, REASON, REPLY_BY
from tests.factories.office import Office, matched
from tests.factories.review import words
from tests.factories.world import complete

NOTE = "I am reading two theses until May."


def refused(office: Office, name: str) -> str:
    """Q declines to review the proposal; its number."""
    w = office.w

    def act() -> str:
        db.session.add(RoleGrant(person_id=w.people["Q"], role=Role.REVIEWER, granted_by_id=w.people["AD"]))
        db.session.flush()
        asked = Asked(w.people["Q"], override_reason=REASON)
        assign(complete(w, name), asked, DUE, by=w.actor("C1"), reply_by=REPLY_BY)
        db.session.flush()
        answering.decline(complete(w, name), DeclineReason.TOO_BUSY, NOTE, by=w.actor("Q"))
        return str(db.session.get_one(Proposal, w.proposals[name]).number)

    number: str = office.ask(act)
    return number


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def test_a_coordinator_on_the_team_does_not_learn_who_refused_to_judge_it(office: Office) -> None:
    number = refused(office, "P4")  # C3 is on its team
    page = words(office.get("C3", "P1", "/assign").text)
    assert "Declined another proposal." in page
    assert number not in page
    assert number in words(office.get("C1", "P1", "/assign").text)


def test_nor_from_the_page_of_one_change_of_a_batch(office: Office) -> None:
    number, w = refused(office, "P4"), office.w
    matched(office, "P2")
    judges = office.ask(lambda: [each.id for each in holders(Role.REVIEWER)])
    home = "/desk/calls/CALL-A/batches"
    wanted = {"name": "First", "objective": "fair", "need": "1", "stability": "0.2", "due_at": "2099-03-31T17:00"}
    sent = office.browser("C3").post(
        f"{home}/new", data={"proposals": [w.proposals["P2"]], "reviewers": judges, **wanted}
    )
    asked = {"act": "force", "proposal": w.proposals["P2"], "reviewer": w.people["Q"]}
    page = words(office.browser("C3").get(f"{sent.location}/adjust", query_string=asked).text)
    assert "Nia Other" in page
    assert number not in page
    assert NOTE not in page


def test_who_reviews_one_call_blind_does_not_learn_it_as_coordinator_of_another(office: Office) -> None:
    w = office.w

    def begin() -> None:
        assert not db.session.get_one(Call, w.calls["A"]).reviewers_named
        db.session.add(RoleGrant(person_id=w.people["C2"], role=Role.REVIEWER, granted_by_id=w.people["AD"]))
        db.session.flush()
        asked = Asked(w.people["C2"], override_reason=REASON)
        assign(complete(w, "P1"), asked, DUE, by=w.actor("C1"), reply_by=REPLY_BY)
        screen_in(complete(w, "Q1"), by=w.actor("C2"))
        theme = complete(w, "Q1").call.themes[0].id
        match(complete(w, "Q1"), theme, w.people["S2"], "", by=w.actor("C2"))

    office.ask(begin)
    number = refused(office, "P1")
    page = words(office.get("C2", "Q1", "/forward").text)
    assert "Declined another proposal." in page
    assert number not in page
