"""What can wait for the office: each wait as a word, whose desk comes next, and a condition on proposals.

A tile's number and the list behind it ask the same condition, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from intake.award.models import Award
from intake.call.models import Call
from intake.forward.models import Packet
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.review.models import Assignment, Review
from intake.review.queries import SAID_NO
from intake.vocabulary import Desk, ReviewerAnswer, ReviewState, State, Words, say

Condition = sa.ColumnElement[bool]


class Wait(StrEnum):
    """What the office is waited for, in the order of a proposal's way."""

    SCREEN = "screen"
    MATCH = "match"
    FORWARD = "forward"
    SHORT = "short"
    LATE = "late"
    DECIDE = "decide"
    RELEASE = "release"
    SEND = "send"
    ANSWERED = "answered"
    OUTCOME = "outcome"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Kind:
    """One wait: its short name, what to do, whose desk comes next, and which proposals it holds at an instant."""

    label: Words
    act: Words
    desk: Desk
    where: Callable[[datetime], Condition]


def _in(state: State) -> Condition:
    return Proposal.state == state


def with_panel() -> Condition:
    """Proposals of calls that have a review panel."""
    return Proposal.call_id.in_(sa.select(Call.id).where(Call.panel))


def sponsored() -> Condition:
    """Proposals of calls that a sponsor decides."""
    asked = sa.select(Call.id).join(Call.programme)
    return Proposal.call_id.in_(asked.where(Call.sponsor_decides, Programme.sponsor_id.is_not(None)))


def _submitted() -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count(Review.id)).join(Assignment, Assignment.id == Review.assignment_id)
    return (
        counted.where(
            Assignment.proposal_id == Proposal.id,
            Assignment.removed_at.is_(None),
            Review.state == ReviewState.SUBMITTED,
        )
        .correlate(Proposal)
        .scalar_subquery()
    )


def _needed() -> sa.ScalarSelect[int]:
    return sa.select(Call.reviews_needed).where(Call.id == Proposal.call_id).correlate(Proposal).scalar_subquery()


def too_few() -> Condition:
    """Proposals under review that have fewer submitted reviews than their call needs."""
    return sa.and_(_in(State.IN_REVIEW), _submitted() < _needed())


def _ready(now: datetime) -> Condition:
    reviewed = sa.and_(_in(State.IN_REVIEW), _submitted() >= _needed())
    return sa.or_(reviewed, sa.and_(_in(State.MATCHED), sa.not_(with_panel())))


def _late(now: datetime) -> Condition:
    owed = (
        sa.select(Assignment.id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.proposal_id == Proposal.id,
            Assignment.removed_at.is_(None),
            Assignment.answer == ReviewerAnswer.ACCEPTED,
            Assignment.due_at < now,
            sa.or_(Review.id.is_(None), Review.state == ReviewState.DRAFT),
        )
        .correlate(Proposal)
    )
    return sa.and_(_in(State.IN_REVIEW), owed.exists())


def _short(now: datetime) -> Condition:
    """Somebody said no, and fewer reviewers are asked or have agreed than the call needs: nobody was left to ask."""
    mine = sa.select(sa.func.count(Assignment.id)).where(Assignment.proposal_id == Proposal.id)
    left = mine.where(Assignment.removed_at.is_(None)).correlate(Proposal).scalar_subquery()
    noes = mine.where(Assignment.answer.in_(SAID_NO)).correlate(Proposal).scalar_subquery()
    return sa.and_(_in(State.IN_REVIEW), noes > 0, left < _needed())


def _answered(now: datetime) -> Condition:
    said = (
        sa.select(Packet.id)
        .where(
            Packet.proposal_id == Proposal.id,
            Packet.sent_at.is_not(None),
            Packet.recalled_at.is_(None),
            Packet.interest.is_not(None),
        )
        .correlate(Proposal)
    )
    return sa.and_(_in(State.WITH_SPONSOR), said.exists())


def _unpublished(now: datetime) -> Condition:
    award = sa.select(Award.id).where(Award.proposal_id == Proposal.id, Award.published_at.is_(None))
    return sa.and_(_in(State.AWARDED), award.correlate(Proposal).exists())


KINDS: dict[Wait, Kind] = {
    Wait.SCREEN: Kind(say("To screen"), say("Screen it"), Desk.OFFICE, lambda now: _in(State.SUBMITTED)),
    Wait.MATCH: Kind(say("To match"), say("Match it to a theme"), Desk.OFFICE, lambda now: _in(State.ELIGIBLE)),
    Wait.FORWARD: Kind(
        say("To forward"),
        say("Forward it to reviewers"),
        Desk.REVIEWERS,
        lambda now: sa.and_(_in(State.MATCHED), with_panel()),
    ),
    Wait.SHORT: Kind(say("Reviewers missing"), say("Ask somebody else"), Desk.REVIEWERS, _short),
    Wait.LATE: Kind(say("Reviews late"), say("Nudge the late reviewers"), Desk.REVIEWERS, _late),
    Wait.DECIDE: Kind(say("Ready to decide"), say("Have the decision recorded"), Desk.OFFICE, _ready),
    Wait.RELEASE: Kind(say("To release"), say("Release the decision"), Desk.APPLICANT, lambda now: _in(State.DECIDED)),
    Wait.SEND: Kind(
        say("To send"),
        say("Send it to the sponsor"),
        Desk.SPONSOR,
        lambda now: sa.and_(_in(State.SELECTED), sponsored()),
    ),
    Wait.ANSWERED: Kind(say("Sponsor answered"), say("Read the sponsor's answer"), Desk.SPONSOR, _answered),
    Wait.OUTCOME: Kind(
        say("To conclude"),
        say("Record the outcome"),
        Desk.APPLICANT,
        lambda now: sa.and_(_in(State.SELECTED), sa.not_(sponsored())),
    ),
    Wait.PUBLISH: Kind(say("To publish"), say("Publish the award"), Desk.CLOSED, _unpublished),
}
