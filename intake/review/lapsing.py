"""Invitations that nobody answers: reminded in the middle and a day before, then over, and the next is asked.

The time does it, so nothing is demanded of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import NOBODY
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of
from intake.proposal.queries import one
from intake.reminder.models import Reminder
from intake.review import letters
from intake.review.alternates import ask_next
from intake.review.answering import end
from intake.review.asking import write_to
from intake.review.models import Assignment
from intake.vocabulary import ReviewerAnswer, State, say

MIDDLE, A_DAY = "invited.middle", "invited.1_day"
SHORTEST = timedelta(days=2)
"""Whoever has less time to answer is reminded a day before at most, not in the middle too."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One invitation without an answer."""

    assignment_id: int
    proposal_id: int
    kind: str


def _unanswered() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Assignment.id, Assignment.proposal_id, Assignment.assigned_at, Assignment.reply_by, Assignment.reviewer_id
        )
        .join(Assignment.proposal)
        .where(
            Assignment.answer == ReviewerAnswer.ASKED,
            Assignment.removed_at.is_(None),
            Assignment.reply_by.is_not(None),
            Proposal.state == State.IN_REVIEW,
        )
        .order_by(Assignment.reply_by, Assignment.id)
    )


def ended(now: datetime, most: int) -> Sequence[tuple[int, int]]:
    """Assignment and proposal of invitations whose time to answer is over, the longest over first. Statements: 1."""
    rows = db.session.execute(_unanswered().where(Assignment.reply_by <= now).limit(most)).all()
    return [(row[0], row[1]) for row in rows]


def lapse(assignment_id: int, proposal_id: int) -> bool:
    """End an invitation whose time is over, and ask the next alternate.

    Records: the answer, events. Tells: the office, the alternate. Returns: whether it was still without an answer: of
    two workers at once only one ends it, and whoever answered meanwhile has answered.
    """
    proposal = one(proposal_id, for_update=True)
    rows = proposal.assignments if proposal else []
    row = next((each for each in rows if each.id == assignment_id and each.removed_at is None), None)
    over = row is not None and row.answer is ReviewerAnswer.ASKED and row.reply_by is not None
    if proposal is None or row is None or not over or proposal.state is not State.IN_REVIEW:
        return False
    led, person = row.lead, db.session.get_one(Person, row.reviewer_id)
    end(row, ReviewerAnswer.LAPSED)
    record("review.lapsed", "proposal", proposal.id, by=NOBODY, was="asked", became="lapsed", reviewer=person.id)
    db.session.flush()
    following = ask_next(proposal, row, lead=led)
    what = say("%(name)s did not answer by %(when)s", name=person.name, when=row.reply_by)
    tell(office_of(proposal), letters.answered(proposal, what, following.told), proposal_id=proposal.id)
    return True


def due(now: datetime, most: int) -> Sequence[Waiting]:
    """Invitations whose reviewer is to be reminded now and was not, the nearest end first. Reviewers who switched
    reminders off are left out; a worker that was away sends the later one only. Statements: 1, and 1 more for those
    that were sent."""
    near = _unanswered().join(Person, Person.id == Assignment.reviewer_id).where(Person.active, Person.reminders)
    rows = db.session.execute(near.where(Assignment.reply_by > now)).all()
    dated = [(row, kind) for row in rows if (kind := _kind(row[2], row[3], now))]
    sent = _sent([row[1] for row, _ in dated])
    fresh = [(row, kind) for row, kind in dated if (row[1], row[4], kind, row[3]) not in sent]
    return [Waiting(row[0], row[1], kind) for row, kind in fresh[:most]]


def _kind(asked_at: datetime, until: datetime, now: datetime) -> str:
    """Which reminder is the newest that is due, or nothing."""
    if until - asked_at > timedelta(days=1) and now >= until - timedelta(days=1):
        return A_DAY
    half = asked_at + (until - asked_at) / 2
    return MIDDLE if until - asked_at > SHORTEST and now >= half else ""


def _sent(proposal_ids: list[int]) -> set[tuple[int, int, str, datetime]]:
    rows = db.session.execute(
        sa.select(Reminder.proposal_id, Reminder.person_id, Reminder.kind, Reminder.closes_at).where(
            Reminder.proposal_id.in_(proposal_ids), Reminder.kind.in_((MIDDLE, A_DAY))
        )
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows} if proposal_ids else set()


def remind(waiting: Waiting) -> bool:
    """Remind one reviewer to answer. Records: the reminder. Tells: the reviewer. Returns: whether it was still due."""
    proposal = one(waiting.proposal_id, for_update=True)
    rows = proposal.assignments if proposal else []
    row = next((each for each in rows if each.id == waiting.assignment_id and each.removed_at is None), None)
    if proposal is None or row is None or row.answer is not ReviewerAnswer.ASKED or row.reply_by is None:
        return False
    key = (proposal.id, row.reviewer_id, waiting.kind, row.reply_by)
    if db.session.get(Reminder, key) is not None:
        return False
    db.session.add(Reminder(proposal_id=key[0], person_id=key[1], kind=key[2], closes_at=key[3], sent_at=clock.now()))
    db.session.flush()
    write_to(proposal, row, reminder=True)
    return True
