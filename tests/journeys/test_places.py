"""Places, notices, offers and messages in a browser: the office and an applicant, end to end, at both widths."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from intake import clock
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Relation, State
from tests.journeys.looking import STILL, wrong_with
from tests.journeys.people import People

OFFICE = "coordinator@example.org"


def limited(site: Flask) -> tuple[str, str, int]:
    """An open call that takes two and asks for notices, with proposals on their way: its code, the address of one who
    leads one of them, and that proposal."""
    with writing(), site.app_context():
        busy = (
            sa.select(Proposal.call_id)
            .where(Proposal.number.is_not(None), Proposal.state.in_((State.SUBMITTED, State.ELIGIBLE, State.IN_REVIEW)))
            .group_by(Proposal.call_id)
            .order_by(sa.func.count().desc())
        )
        call = db.session.get_one(Call, db.session.scalars(busy).first())
        now = clock.now()
        call.slots, call.notice_due_at = 2, now + timedelta(days=3)
        call.opens_at, call.closes_at = now - timedelta(days=9), now + timedelta(days=9)
        row = db.session.execute(
            sa.select(Proposal.id, Person.email)
            .join(TeamMember, TeamMember.proposal_id == Proposal.id)
            .join(Person, Person.id == TeamMember.person_id)
            .where(
                Proposal.call_id == call.id,
                TeamMember.relation == Relation.PRINCIPAL,
                Proposal.state.in_((State.SUBMITTED, State.ELIGIBLE, State.IN_REVIEW)),
            )
            .order_by(Proposal.id)
        ).first()
        assert row is not None
        code, number, email = call.code, row.id, row.email
        db.session.commit()
    return code, email, number


def number_of(site: Flask, proposal_id: int) -> str:
    """Its number."""
    with site.app_context():
        return str(db.session.get_one(Proposal, proposal_id).number)


def test_a_place_is_offered_and_accepted(people: People, site: Flask) -> None:
    code, email, proposal_id = limited(site)
    number = number_of(site, proposal_id)
    office, applicant = people.named(OFFICE, **STILL), people.named(email, **STILL)

    applicant.goto(f"/calls/{code}")
    applicant.get_by_role("link", name="Give notice").click()
    assert wrong_with(applicant) == []
    applicant.get_by_label("Working title").fill("Light for whole halls")
    applicant.get_by_label("In a few words").fill("With two partners.")
    applicant.get_by_role("button", name="Send the notice").click()
    expect(applicant.get_by_text("Your notice is in.")).to_be_visible()
    assert wrong_with(applicant) == []

    office.goto(f"/desk/calls/{code}/places")
    expect(office.get_by_text("No competition needed: notices 1, places 2.").first).to_be_visible()
    for name in ("Put on the reserve", "Offer a place"):
        office.get_by_role("button", name=f"{name} {number}").click()
    others = office.get_by_role("button", name="Put on the reserve")
    for _ in range(min(3, others.count())):
        others.first.click()
    office.get_by_role("button", name="Up").last.click()
    expect(office.get_by_text("Moved up.")).to_be_visible()
    assert wrong_with(office) == []

    applicant.goto(f"/proposals/{proposal_id}")
    expect(applicant.get_by_text("A place at the sponsor is offered to it until")).to_be_visible()
    assert wrong_with(applicant) == []
    applicant.get_by_role("link", name="Decline it").click()
    assert wrong_with(applicant) == []
    applicant.go_back()
    applicant.get_by_role("button", name="Accept the place").click()
    expect(applicant.get_by_text("It holds a place.")).to_be_visible()
    assert wrong_with(applicant) == []

    office.goto(f"/desk/calls/{code}/places")
    office.get_by_role("link", name=f"Release {number}").click()
    office.get_by_role("button", name="Release it").click()
    expect(office.get_by_role("alert")).to_be_visible()
    assert wrong_with(office) == []
    office.get_by_label("Why, for the team to read").fill("The sponsor asked for another theme.")
    office.get_by_role("button", name="Release it").click()
    expect(office.get_by_text(f"{number} holds no place now.")).to_be_visible()
    expect(office.get_by_text("Offered a place")).to_be_visible()
    assert wrong_with(office) == []


def test_both_sides_write(people: People, site: Flask) -> None:
    _, email, proposal_id = limited(site)
    office, applicant = people.named(OFFICE, **STILL), people.named(email, **STILL)
    applicant.goto(f"/proposals/{proposal_id}")
    applicant.get_by_label("Write to the office").fill("May we add a figure?\n\nIt is small.")
    applicant.get_by_role("button", name="Send the message").click()
    expect(applicant.get_by_text("Your message is with the office.")).to_be_visible()
    assert wrong_with(applicant) == []

    office.goto("/desk")
    expect(office.get_by_role("heading", name="Unread messages")).to_be_visible()
    assert wrong_with(office) == []
    office.goto(f"/desk/proposals/{proposal_id}?tab=messages")
    expect(office.get_by_text("It is small.")).to_be_visible()
    office.get_by_role("button", name="Mark 1 message as read").click()
    office.get_by_role("button", name="Send the message").click()
    expect(office.get_by_role("alert")).to_be_visible()
    assert wrong_with(office) == []
    office.get_by_label("Write to the team").fill("Yes, gladly.")
    office.get_by_role("button", name="Send the message").click()
    expect(office.get_by_text("Your message is with the team.")).to_be_visible()
    assert wrong_with(office) == []

    applicant.goto("/proposals")
    expect(applicant.get_by_role("link", name="1 new message from the office")).to_be_visible()
    assert wrong_with(applicant) == []
    applicant.goto("/account")
    assert wrong_with(applicant) == []
