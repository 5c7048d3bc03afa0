"""The data that is measured on: a generated call, a review to write, and drafts to submit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from intake import clock
from intake.call import queries as calls
from intake.conflict.operations import declare
from intake.demo import generate
from intake.demo.crowd import address
from intake.engine import writing
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import with_email
from intake.people.sign_in import actor_of
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import one
from intake.proposal.writing import start, write
from intake.review.models import Assignment
from intake.review.operations import Asked, assign
from intake.vocabulary import State

PROPOSALS_A_REVIEWER = 10
"""So each reviewer has some thirty reviews, whatever the size."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A call to measure: its code and id, who reviews and applies, what is to be opened, reviewed and submitted."""

    code: str
    call_id: int
    reviewer: str
    applicant: str
    shown: int
    reviewed: int
    drafts: list[int]


def prepare(size: int, drafts: int, seed: int = 1) -> Ready:
    """Make it, in transactions of its own."""
    reviewers = max(6, size // PROPOSALS_A_REVIEWER)
    with writing():
        said = generate(size, reviewers, seed)
        db.session.commit()
        code = said.split()[0]
        call_id = calls.one(code).id  # type: ignore[union-attr]
        email = address("reviewer", reviewers)
        reviewed = _review_to_write(call_id, email)
        db.session.commit()
        applicant, made = _drafts(code, drafts)
        db.session.commit()
    middle = sa.select(Proposal.id).where(Proposal.call_id == call_id, Proposal.number == f"{code}-{size // 2:04d}")
    shown = db.session.scalars(middle).one()
    db.session.remove()
    return Ready(code, call_id, email, applicant, shown, reviewed, made)


def _actor(email: str) -> Actor:
    person = with_email(email)
    assert person is not None
    return actor_of(person)


def _review_to_write(call_id: int, email: str) -> int:
    """Ask the reviewer for one more review, and let them declare that they have no conflict."""
    who = _actor(email)
    busy = sa.select(Assignment.proposal_id).where(Assignment.reviewer_id == who.id)
    wanted = (Proposal.call_id == call_id, Proposal.state == State.IN_REVIEW, Proposal.id.not_in(busy))
    number = db.session.scalars(sa.select(Proposal.id).where(*wanted).order_by(Proposal.id).limit(1)).one()
    proposal = one(number)
    assert proposal is not None and who.id is not None
    assign(proposal, Asked(who.id), clock.now() + timedelta(days=20), by=_actor("coordinator.hirp@example.org"))
    again = one(number)
    assert again is not None
    declare(again, None, "", by=who)
    return number


def _drafts(code: str, count: int) -> tuple[str, list[int]]:
    """Drafts of one applicant, on as few other teams as there is anybody: complete, not submitted."""
    leads = sa.select(TeamMember.person_id)
    email = db.session.scalars(
        sa.select(Person.email)
        .where(Person.email.startswith("load.faculty."))
        .order_by(Person.id.in_(leads), Person.email)
        .limit(1)
    ).one()
    who, call = _actor(email), calls.one(code)
    assert call is not None
    theme = call.themes[0].id
    made = []
    for place in range(count):
        number = start(call, by=who, organisation="Muster Institute").id
        proposal = one(number)
        assert proposal is not None
        calls.one(code)
        write(proposal, _answers(theme, place), version=proposal.version, by=who)
        made.append(number)
    return email, made


def _answers(theme: int, place: int) -> dict[str, object]:
    return {
        "title": f"A draft to be submitted, number {place}",
        "abstract": "Some words on what is to be done and why it matters. " * 20,
        "keywords": "one, two, three",
        "description": "A paragraph of the description, in plain words. " * 60,
        "theme_id": theme,
        "amount_minor": 5_000_000,
        "duration_months": 12,
        "nothing_confidential": True,
        "own_work": True,
        "one_university": True,
    }
