"""A supervisor endorses by a mailed link; the rule that asks for it holds the submission up until they do."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.call.models import Rule
from intake.endorsement.models import Endorsement
from intake.endorsement.operations import answer, ask, withdraw
from intake.endorsement.queries import asks_for_endorsement, behind_link, standing
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.people.sign_in import hashed
from intake.proposal.models import Proposal
from intake.proposal.operations import submit
from intake.proposal.rulebook import faults
from intake.vocabulary import Relation
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole
from tests.factories.team import accepted, letters_to, link_in

SUE = ("Sue Supervisor", "Sue@Example.edu")
ADDRESS = "sue@example.edu"


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()
    call = call_with("HIRP-2020")
    db.session.add(
        Rule(call_id=call.id, code="endorsed", check_name="supervisor-endorsed", text="x", source="y", position=99)
    )
    db.session.flush()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


@pytest.fixture
def proposal(ada: Person) -> Proposal:
    return draft(call_with("HIRP-2020"), ada)


def asked(proposal: Proposal, ada: Person) -> str:
    """Ada asks Sue; the token of the newest link."""
    ask(whole(proposal), *SUE, by=actor(ada))
    return link_in(letters_to(ADDRESS)[-1]).removeprefix("/endorse/")


def say(proposal: Proposal, token: str, endorsed: bool, statement: str = "She can do it.") -> Endorsement:
    """Sue answers."""
    return answer(token, whole(proposal), endorsed, statement)


def wrong(proposal: Proposal) -> list[tuple[str, str, str]]:
    """Part, field and sentence of what the rule finds."""
    return [(f.part, f.field, str(f.reason)) for f in faults(whole(proposal)) if f.rule and f.rule.code == "endorsed"]


NOT_YET = ("team", "endorsement", "Your supervisor has not endorsed it yet.")


def test_the_request_is_one_letter_with_a_link_of_which_only_the_hash_is_kept(proposal: Proposal, ada: Person) -> None:
    token = asked(proposal, ada)
    (letter,) = letters_to(ADDRESS)
    assert (letter.kind, letter.secret, letter.proposal_id) == ("endorsement.asked", True, proposal.id)
    assert "Ada Applicant" in letter.body_text
    assert proposal.title not in letter.subject + letter.body_text + letter.body_html
    row = standing(proposal.id)
    assert row is not None
    assert (len(token), row.token_hash, row.email) == (43, hashed(token), ADDRESS)
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == "endorsement.asked")).one()
    assert token not in str((event.facts, event.note))


def test_a_submission_waits_for_it(proposal: Proposal, ada: Person) -> None:
    assert asks_for_endorsement(whole(proposal))
    assert wrong(proposal) == [NOT_YET]
    token = asked(proposal, ada)
    assert wrong(proposal) == [NOT_YET]
    with pytest.raises(Incomplete):
        submit(whole(proposal), by=actor(ada))
    say(proposal, token, False)
    assert wrong(proposal) == [("team", "endorsement", "Your supervisor does not endorse it.")]
    say(proposal, token, True)
    assert wrong(proposal) == []
    submit(whole(proposal), by=actor(ada))


def test_each_other_answer_is_told_to_the_applicant_and_the_same_one_not(proposal: Proposal, ada: Person) -> None:
    token = asked(proposal, ada)
    say(proposal, token, True)
    say(proposal, token, True)
    assert [letter.kind for letter in letters_to(ada.email)] == ["endorsement.answered"]
    assert "She can do it." in letters_to(ada.email)[0].body_text
    say(proposal, token, False, "On second thoughts.")
    assert len(letters_to(ada.email)) == 2
    row = standing(proposal.id)
    assert row is not None
    assert (row.endorsed, row.statement) == (False, "On second thoughts.")


def test_it_needs_a_statement(proposal: Proposal, ada: Person) -> None:
    token = asked(proposal, ada)
    with pytest.raises(Incomplete) as refused:
        say(proposal, token, True, "  ")
    assert set(refused.value.fields) == {"statement"}
    assert wrong(proposal) == [NOT_YET]


def test_the_answer_cannot_change_once_it_is_submitted_or_closed(proposal: Proposal, ada: Person) -> None:
    token = asked(proposal, ada)
    closes = proposal.call.closes_at
    assert closes is not None
    with clock.at(closes), pytest.raises(Refused, match="closed"):
        say(proposal, token, True)
    say(proposal, token, True)
    submit(whole(proposal), by=actor(ada))
    with pytest.raises(Refused, match="has been submitted"):
        say(proposal, token, False)
    with pytest.raises(Refused):
        withdraw_now(proposal, ada)


def withdraw_now(proposal: Proposal, by: Person) -> None:
    """Take the standing request back."""
    row = standing(proposal.id)
    assert row is not None
    withdraw(row, whole(proposal), by=actor(by))


def test_after_a_withdrawal_the_old_link_is_dead_and_another_can_be_asked(proposal: Proposal, ada: Person) -> None:
    old = asked(proposal, ada)
    say(proposal, old, True)
    withdraw_now(proposal, ada)
    assert behind_link(old) is None
    with pytest.raises(Refused) as refused:
        say(proposal, old, True)
    assert refused.value.hidden
    assert wrong(proposal) == [NOT_YET]
    new = asked(proposal, ada)
    assert new != old
    say(proposal, new, True)
    assert wrong(proposal) == []


def test_a_link_answers_for_its_own_proposal(proposal: Proposal, ada: Person) -> None:
    token, other = asked(proposal, ada), draft(call_with("HIRP-2020"), ada)
    with pytest.raises(Refused) as refused:
        say(other, token, True)
    assert refused.value.hidden


def test_who_asks_and_whom(proposal: Proposal, ada: Person) -> None:
    ben = faculty_member("Ben Partner", department="EE")
    accepted(proposal, ben, Relation.CO_INVESTIGATOR)
    with pytest.raises(Refused, match="principal investigator"):
        ask(whole(proposal), *SUE, by=actor(ben))
    with pytest.raises(Incomplete) as refused:
        ask(whole(proposal), "Me", "ADA.Applicant@example.org", by=actor(ada))
    assert set(refused.value.fields) == {"address"}
    asked(proposal, ada)
    with pytest.raises(Incomplete, match="asked somebody already"):
        ask(whole(proposal), *SUE, by=actor(ada))
    with pytest.raises(Refused, match="principal investigator"):
        withdraw_now(proposal, ben)
    other = draft(call_with("AIR-2021"), ada)
    with pytest.raises(Incomplete, match="does not ask"):
        ask(whole(other), *SUE, by=actor(ada))
    assert db.session.scalar(sa.select(sa.func.count(Message.id)).where(Message.kind == "endorsement.asked")) == 1
