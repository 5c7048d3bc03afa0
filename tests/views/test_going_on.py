"""Rules are checked again at screening and before a proposal goes on: what is shown, what it takes to go on, and what
the log keeps of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.allowance.models import Waiver
from intake.call.models import Call
from intake.extensions import db
from intake.forward.models import Packet
from intake.proposal.models import Move
from intake.vocabulary import State
from tests.factories import office as days
from tests.factories.office import FUTURE, Office

REASON = "The sponsor raised the cap for this one by letter."
ABOVE = "USD 65,000 is above the cap of USD 50,000."


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def lower_the_cap(office: Office) -> None:
    """What was submitted in order is above the cap now."""
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "max_award_minor", 5_000_000))


def waive(office: Office, who: str) -> None:
    """The cap does not hold for somebody."""
    office.ask(
        lambda: db.session.add(
            Waiver(
                call_id=office.w.calls["A"],
                rule_code="award-cap",
                person_id=office.w.people[who],
                reason="It was agreed.",
            )
        )
    )


def note_of(office: Office, name: str) -> str:
    """What the office's note of the last move says."""
    asked = sa.select(Move.note).where(Move.proposal_id == office.w.proposals[name]).order_by(Move.id.desc()).limit(1)
    found: str = office.ask(lambda: db.session.scalar(asked))
    return found


def forwarding(office: Office) -> dict[str, Any]:
    number = office.w.people
    return {"reviewers": [number["R1"], number["R3"]], "lead": number["R3"], "due_at": FUTURE}


def sending(office: Office) -> dict[str, Any]:
    return {"read": "y", "packet_id": office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Packet.id))))}


ACTS = [
    ("P2", "/forward", days.matched, forwarding, State.MATCHED, State.IN_REVIEW, "F2"),
    ("P6", "/send", days.packed, sending, State.SELECTED, State.WITH_SPONSOR, "F1"),
]


@pytest.mark.parametrize(("name", "path", "before", "data", "was", "becomes", "leader"), ACTS, ids=["forward", "send"])
def test_going_on_although(
    office: Office, name: str, path: str, before: Any, data: Any, was: State, becomes: State, leader: str
) -> None:
    before(office)
    assert "Not met any more" not in office.get("C1", name, path).get_data(as_text=True)
    lower_the_cap(office)
    text = office.get("C1", name, path).get_data(as_text=True)
    for shown in ("Not met any more", ABOVE, "The amount is within the cap.", "Source: Example", "Waive it for the"):
        assert shown in text
    sent = data(office)
    for more in ({}, {"go_on": "y"}, {"although": REASON}, {"go_on": "y", "although": " "}):
        answer = office.post("C1", name, path, **sent, **more)
        assert answer.status_code == 422, more
        assert office.state(name) is was
    assert REASON in office.post("C1", name, path, **sent, although=REASON).get_data(as_text=True)
    assert office.post("C1", name, path, **sent, go_on="y", although=REASON).status_code == 302
    assert office.state(name) is becomes
    note = note_of(office, name)
    assert note.endswith(f"Although not met: award-cap. {REASON}")
    assert REASON in office.get("C1", name, "?tab=log").get_data(as_text=True)
    assert REASON not in office.browser(leader).get(f"/proposals/{office.w.proposals[name]}").get_data(as_text=True)


@pytest.mark.parametrize(("name", "path", "before", "data", "was", "becomes", "leader"), ACTS, ids=["forward", "send"])
def test_a_waiver_lets_it_go_on(
    office: Office, name: str, path: str, before: Any, data: Any, was: State, becomes: State, leader: str
) -> None:
    before(office)
    lower_the_cap(office)
    waive(office, "F3")
    assert "Not met any more" in office.get("C1", name, path).get_data(as_text=True)
    waive(office, leader)
    assert "Not met any more" not in office.get("C1", name, path).get_data(as_text=True)
    assert office.post("C1", name, path, **data(office)).status_code == 302
    assert office.state(name) is becomes
    assert "Although" not in note_of(office, name)


@pytest.mark.parametrize(("name", "path", "before", "data", "was", "becomes", "leader"), ACTS, ids=["forward", "send"])
def test_others_cannot_go_on(
    office: Office, name: str, path: str, before: Any, data: Any, was: State, becomes: State, leader: str
) -> None:
    before(office)
    lower_the_cap(office)
    for who in ("C2", "AD", leader, "R3", "N"):
        answer = office.post(who, name, path, **data(office), go_on="y", although=REASON)
        assert answer.status_code in (403, 404), who
    assert office.state(name) is was


def test_a_form_that_was_made_before_the_rule_broke_is_refused_with_what_broke(office: Office) -> None:
    days.matched(office)
    data = forwarding(office)
    lower_the_cap(office)
    text = office.post("C1", "P2", "/forward", **data).get_data(as_text=True)
    assert ABOVE in text
    assert "Tick this to go on" in text


def test_screening_shows_the_evidence_and_leads_to_a_waiver(office: Office) -> None:
    text = office.get("C1", "P2", "/screen").get_data(as_text=True)
    assert "Check now: met." in text
    assert "USD 65,000 of at most USD 70,000." in text
    assert "Waive it for the applicant" not in text
    lower_the_cap(office)
    text = office.get("C1", "P2", "/screen").get_data(as_text=True)
    assert "Check now: not met." in text
    assert ABOVE in text
    place = f"/desk/calls/CALL-A/waivers?proposal={office.w.proposals['P2']}&amp;rule=award-cap#waive"
    assert place in text
    assert office.browser("C1").get(place.replace("&amp;", "&").split("#")[0]).status_code == 200
    unsaid = office.post("C1", "P2", "/screen", rules=["award-cap"])
    assert unsaid.status_code == 422
    waive(office, "F2")
    text = office.get("C1", "P2", "/screen").get_data(as_text=True)
    assert "Waived for the applicant:" in text
    assert "It was agreed." in text
    assert office.post("C1", "P2", "/screen", rules=["award-cap"]).status_code == 302
    assert note_of(office, "P2") == ""


def test_the_match_tab_shows_the_same(office: Office) -> None:
    lower_the_cap(office)
    text = office.get("C1", "P2", "?tab=match").get_data(as_text=True)
    assert ABOVE in text
    assert "Waive it for the applicant" in text
