"""A submission gets a number and a receipt that anybody can check; it is withdrawn with a reason and can come back."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.attaching import attach
from intake.proposal.models import Proposal, Receipt
from intake.proposal.operations import restore, screen_in, screen_out, send_back, submit, withdraw
from intake.proposal.queries import moves_of, receipts_of
from intake.proposal.writing import write
from intake.vocabulary import Relation, Role, State
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted
from tests.factories.world import a_pdf


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


@pytest.fixture
def cora() -> Person:
    return person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call_with("HIRP-2020").programme_id}))


def letters(kind: str) -> list[int | None]:
    """To whom the outbox holds letters of a kind."""
    return list(db.session.scalars(sa.select(Message.to_person_id).where(Message.kind == kind).order_by(Message.id)))


def hash_of(receipt: Receipt) -> str:
    """The SHA-256 as anybody would compute it from the documentation: sorted keys, no spaces, UTF-8."""
    text = json.dumps(receipt.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_submission_gets_its_number_receipt_and_letters(room: Any, ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    attach(proposal, "plan.pdf", a_pdf(), store=room.extensions["store"], scanner=None, by=actor(ada))
    submit(whole(proposal), by=actor(ada))
    db.session.expire_all()
    proposal = whole(proposal)
    (receipt,) = receipts_of(proposal)
    assert (proposal.state, proposal.number, proposal.submitted_at) == (
        State.SUBMITTED,
        "HIRP-2020-0001",
        receipt.received_at,
    )
    assert receipt.sha256 == hash_of(receipt)
    held = receipt.content
    assert (held["number"], held["title_zh"], held["amount_minor"]) == ("HIRP-2020-0001", proposal.title_zh, 6_500_000)
    assert [row["sha256"] for row in held["attachments"]] == [hashlib.sha256(a_pdf()).hexdigest()]
    assert (letters("proposal.received"), letters("proposal.arrived")) == ([ada.id], [cora.id])


def test_numbers_follow_one_another_in_each_call(ada: Person) -> None:
    codes = ["HIRP-2020", "HIRP-2020", "AIR-2021", "HIRP-2020"]
    made = [draft(call_with(code), ada) for code in codes]
    for proposal in made:
        submit(proposal, by=actor(ada))
    numbers = [whole(each).number for each in made]
    assert numbers == ["HIRP-2020-0001", "HIRP-2020-0002", "AIR-2021-0001", "HIRP-2020-0003"]


def test_an_unfinished_one_stays_a_draft_without_a_number(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada, title="", one_university=False)
    with pytest.raises(Incomplete) as refused:
        submit(proposal, by=actor(ada))
    assert set(refused.value.fields) == {"title", "one_university"}
    assert (whole(proposal).state, whole(proposal).number, receipts_of(proposal)) == (State.DRAFT, None, [])
    assert call_with("HIRP-2020").last_number == 0


def test_a_second_submission_is_refused(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    submit(proposal, by=actor(ada))
    with pytest.raises(Refused):
        submit(whole(proposal), by=actor(ada))
    assert len(receipts_of(proposal)) == 1


@pytest.mark.parametrize("relation", [Relation.CO_INVESTIGATOR, Relation.ASSISTANT, Relation.VIEWER])
def test_only_the_principal_submits_and_withdraws(ada: Person, relation: Relation) -> None:
    proposal, partner = draft(call_with("HIRP-2020"), ada), faculty_member("Ben Partner", department="EE")
    accepted(proposal, partner, relation)
    for verb in (
        lambda: submit(whole(proposal), by=actor(partner)),
        lambda: withdraw(whole(proposal), "x", by=actor(partner)),
    ):
        with pytest.raises(Refused, match="principal investigator"):
            verb()


def test_the_close_is_an_instant(ada: Person) -> None:
    first, second = draft(call_with("HIRP-2020"), ada), draft(call_with("HIRP-2020"), ada)
    closes = first.call.closes_at
    assert closes is not None
    with clock.at(closes), pytest.raises(Refused, match="closed"):
        submit(first, by=actor(ada))
    with clock.at(closes - timedelta(microseconds=1)):
        submit(second, by=actor(ada))
    assert whole(second).state is State.SUBMITTED


def test_a_revision_keeps_the_number_and_adds_a_receipt(ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    submit(proposal, by=actor(ada))
    until = clock.now() + timedelta(days=7)
    send_back(whole(proposal), "Shorten it.", ["description", "summary"], until, by=actor(cora))
    proposal = whole(proposal)
    assert proposal.returned_parts == ["summary", "description"]
    write(proposal, {"title": "Shorter"}, version=proposal.version, by=actor(ada))
    closes = proposal.call.closes_at
    assert closes is not None
    submit(whole(proposal), by=actor(ada))
    first, second = receipts_of(proposal)
    assert (first.content["number"], second.content["number"]) == ("HIRP-2020-0001", "HIRP-2020-0001")
    assert (first.content["title"], second.content["title"]) == (
        "Optical interconnects for rack-scale computing",
        "Shorter",
    )
    assert [each.sha256 for each in (first, second)] == [hash_of(first), hash_of(second)]
    assert [each.ordinal for each in (first, second)] == [1, 2]
    assert whole(proposal).submitted_at == first.received_at


def in_closed_call(proposal: Proposal) -> Any:
    """A time when the call is closed."""
    assert proposal.call.closes_at is not None
    return clock.at(proposal.call.closes_at + timedelta(days=1))


def test_a_returned_one_goes_in_although_the_call_is_closed(ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    submit(proposal, by=actor(ada))
    with in_closed_call(proposal):
        send_back(whole(proposal), "Shorten it.", ["summary"], clock.now() + timedelta(days=1), by=actor(cora))
        submit(whole(proposal), by=actor(ada))
    assert whole(proposal).state is State.SUBMITTED


def test_a_withdrawal_needs_a_reason_and_tells_the_office(ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    submit(proposal, by=actor(ada))
    screen_in(whole(proposal), by=actor(cora))
    with pytest.raises(Incomplete):
        withdraw(whole(proposal), "  ", by=actor(ada))
    withdraw(whole(proposal), "A partner left.", by=actor(ada))
    proposal = whole(proposal)
    assert (proposal.state, proposal.withdrawn_from) == (State.WITHDRAWN, State.ELIGIBLE)
    assert letters("proposal.withdrawn") == [cora.id]
    with pytest.raises(Refused):
        restore(proposal, "Mine again.", by=actor(ada))
    restore(proposal, "By mistake.", by=actor(cora))
    assert (whole(proposal).state, whole(proposal).withdrawn_from) == (State.ELIGIBLE, None)
    assert [move.told for move in moves_of(proposal)][-2:] == ["A partner left.", "By mistake."]


def test_a_draft_is_put_aside_and_taken_back_without_a_letter(ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    withdraw(proposal, "", by=actor(ada))
    assert whole(proposal).state is State.WITHDRAWN
    restore(whole(proposal), "", by=actor(ada))
    assert whole(proposal).state is State.DRAFT
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0


def test_an_ineligible_one_cites_a_rule_of_its_call(ada: Person, cora: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    submit(proposal, by=actor(ada))
    with pytest.raises(Incomplete):
        screen_out(whole(proposal), "page-limit", "Too long.", by=actor(cora))
    with pytest.raises(Incomplete):
        screen_out(whole(proposal), "one-university", "", by=actor(cora))
    screen_out(whole(proposal), "one-university", "Two universities apply.", by=actor(cora))
    assert (whole(proposal).state, whole(proposal).ineligible_rule) == (State.INELIGIBLE, "one-university")
    assert letters("proposal.ineligible") == [ada.id]
