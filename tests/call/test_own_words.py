"""The office's own words stand in front of the letters of a call, in the letters that go out."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.decision.operations import release
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.operations import screen_out, send_back
from tests.factories.world import build, complete

KINDS = ("received", "returned", "ineligible", "selected", "reserve", "declined")
OWN = {kind: f"Of {kind}: dear {{name}}, 100 % of {{title}} is {{number}} of {{call}}." for kind in KINDS}


def letter(kind: str) -> str:
    """The newest letter of a kind, in one line."""
    asked = sa.select(Message.body_text).where(Message.kind == kind).order_by(Message.id.desc()).limit(1)
    return " ".join((db.session.scalar(asked) or "").split())


def test_every_kind_of_letter_begins_with_them(room: Flask) -> None:
    world = build(letters=OWN)
    by = world.actor("C1")
    said = "dear Ben Bidder, 100 % of Quiet sensing of queues is CALL-A-0002 of Alba Industries Call 2026."
    assert said in (received := first_received("CALL-A-0002")) and received.startswith("Dear")
    send_back(complete(world, "P2"), "why", ["summary"], clock.now() + timedelta(days=3), by=by)
    assert f"Of returned: {said} The office returned" in letter("proposal.returned")
    release(complete(world, "P6"), by=by)
    assert "Of selected: dear Ada Applicant" in letter("decision.released")


def first_received(number: str) -> str:
    asked = sa.select(Message.body_text).where(Message.kind == "proposal.received", Message.subject.contains(number))
    return " ".join((db.session.scalars(asked).first() or "").split())


def test_a_proposal_that_is_not_eligible_is_told_with_them(room: Flask) -> None:
    world = build(letters=OWN)
    screen_out(complete(world, "P2"), "award-cap", "too much", by=world.actor("C1"))
    assert "Of ineligible: dear Ben Bidder" in letter("proposal.ineligible")


def test_a_call_without_them_has_the_letters_alone(room: Flask) -> None:
    build()
    assert "Dear Ben Bidder, We received your proposal CALL-A-0002" in first_received("CALL-A-0002")
