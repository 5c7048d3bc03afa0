"""What may be asked about assignments and reviews. Drafts are nobody's but their writer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from intake.call.models import Call
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.loading import fill
from intake.proposal.models import Proposal
from intake.proposal.queries import assigned_to, conflicted, sealed
from intake.review.models import Assignment, Review
from intake.review.scoring import HUNDREDTH, mean_of
from intake.vocabulary import Declared, ReviewerAnswer, ReviewState, State


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the reviews of a proposal are: how many reviewers are asked or have agreed, how many reviews are
    submitted, their mean and spread (None without any), how many are late.

    Of those asked ``unanswered`` have not said whether they will, and are never late; ``said_no`` counts the times that
    somebody declined, passed it on or let it lapse, whether or not they were asked anew.
    """

    asked: int
    submitted: int
    mean: Decimal | None
    spread: Decimal | None
    late: int
    unanswered: int = 0
    said_no: int = 0

    @property
    def accepted(self) -> int:
        """How many agreed to review it."""
        return self.asked - self.unanswered


NONE_ASKED = Tally(0, 0, None, None, 0)


def tallies(proposal_ids: Iterable[int] | sa.Select[int], now: object) -> dict[int, Tally]:
    """The tally of each proposal (given by ids, or by a query of ids for very many) that has assignments. Only
    submitted reviews of those that stand count. Statements: 1."""
    if isinstance(proposal_ids, sa.Select):
        rows = db.session.execute(_tallied(Assignment.proposal_id.in_(proposal_ids)), {"now": now})
    else:
        rows = db.session.execute(_tallies_of_ids(), {"now": now, "ids": list(proposal_ids)})
    return {row[0]: Tally(row[1], row[2], mean_of(_exact(row[3]), row[2]), _spread(row), *row[5:]) for row in rows}


def _tallied(among: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """The statement of ``tallies``, which is to be given ``now``."""
    stands = Assignment.removed_at.is_(None)
    submitted = sa.and_(stands, Review.state == ReviewState.SUBMITTED)
    score = sa.case((submitted, Review.overall))
    now = sa.bindparam("now", type_=Assignment.due_at.type)
    owed = sa.or_(Review.id.is_(None), Review.state != ReviewState.SUBMITTED)
    late = sa.and_(stands, Assignment.answer == ReviewerAnswer.ACCEPTED, Assignment.due_at < now, owed)
    unanswered = sa.and_(stands, Assignment.answer == ReviewerAnswer.ASKED)
    return (
        sa.select(
            Assignment.proposal_id,
            sa.func.count(sa.case((stands, 1))),
            sa.func.count(sa.case((submitted, 1))),
            sa.func.sum(score),
            sa.func.max(score) - sa.func.min(score),
            sa.func.count(sa.case((late, 1))),
            sa.func.count(sa.case((unanswered, 1))),
            sa.func.count(sa.case((Assignment.answer.in_(SAID_NO), 1))),
        )
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(among)
        .group_by(Assignment.proposal_id)
    )


@cache
def _tallies_of_ids() -> sa.Select[*tuple[Any, ...]]:
    """The same for ``ids``, built once: building it takes as long as sending it."""
    return _tallied(Assignment.proposal_id.in_(sa.bindparam("ids", expanding=True)))


SAID_NO = (ReviewerAnswer.DECLINED, ReviewerAnswer.PASSED, ReviewerAnswer.LAPSED)
"""The answers that are a no."""


def _spread(row: Sequence[Any]) -> Decimal | None:
    return _exact(row[4]) if row[2] else None


def _exact(value: object) -> Decimal:
    """A sum of scores, which have two decimals, whatever a database made of it."""
    return Decimal(str(value or 0)).quantize(HUNDREDTH)


@dataclass(frozen=True, slots=True)
class InLine:
    """One place in a reviewer's queue; ``open`` means that the review is still theirs to write, or that they have not
    answered whether they will; ``owed`` that they agreed to write it."""

    proposal_id: int
    open: bool
    due_at: datetime
    owed: bool = True


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    """The actor's standing assignments that the policy shows."""
    return sa.and_(Assignment.reviewer_id == actor.id, Assignment.removed_at.is_(None), assigned_to(actor))


def line_of(actor: Actor) -> list[InLine]:
    """The actor's whole queue: first what is to do, by due date, then what is done or decided. Statements: 1."""
    over = sa.or_(Proposal.state != State.IN_REVIEW, Review.state == ReviewState.SUBMITTED)
    closed = sa.case((over, 1), else_=0)
    rows = db.session.execute(
        sa.select(Assignment.proposal_id, closed, Assignment.due_at, Assignment.answer)
        .join(Assignment.proposal)
        .outerjoin(Assignment.review)
        .where(_mine(actor))
        .order_by(closed, Assignment.due_at, Assignment.id)
    )
    return [InLine(row[0], not row[1], row[2], row[3] is ReviewerAnswer.ACCEPTED) for row in rows]


def queue_of(actor: Actor, proposal_ids: Sequence[int]) -> list[Assignment]:
    """The actor's assignments to those proposals, in the order given, with own review and what a queue names of
    proposal and call; those that the policy does not show are left out. Statements: 1."""
    rows = db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.proposal)
        .join(Proposal.call)
        .outerjoin(Assignment.review)
        .where(_mine(actor), Assignment.proposal_id.in_(list(proposal_ids)))
        .options(
            contains_eager(Assignment.proposal)
            .load_only(Proposal.number, Proposal.title, Proposal.title_zh, Proposal.state, raiseload=True)
            .contains_eager(Proposal.call)
            .load_only(Call.title, Call.reviews_needed, raiseload=True),
            contains_eager(Assignment.review),
        )
        .order_by(Assignment.id)
    ).all()
    places = {number: place for place, number in enumerate(proposal_ids)}
    return sorted(rows, key=lambda row: places[row.proposal_id])


def cleared_by(actor: Actor, proposal_ids: Iterable[int]) -> set[int]:
    """Those of the proposals with which the actor declared to have no conflict, or had it lifted. Statements: 1."""
    none = sa.or_(Conflict.declared == Declared.NONE, Conflict.lifted_at.is_not(None))
    return set(
        db.session.scalars(
            sa.select(Conflict.proposal_id).where(
                Conflict.person_id == actor.id, Conflict.proposal_id.in_(list(proposal_ids)), none
            )
        )
    )


def of_proposal(proposal: Proposal) -> Sequence[Assignment]:
    """Every assignment of the proposal, removed ones too, in order, with reviewer, department, review and scores.
    Statements: 2."""
    return db.session.scalars(
        sa.select(Assignment)
        .where(Assignment.proposal_id == proposal.id)
        .options(
            joinedload(Assignment.reviewer).joinedload(Person.department),
            joinedload(Assignment.review).selectinload(Review.scores),
        )
        .order_by(Assignment.id)
    ).all()


def own(proposal: Proposal, actor: Actor) -> Assignment | None:
    """The actor's standing assignment with its review and scores, or None. Statements: 1 or 2."""
    mine = db.session.scalars(_own(), {"proposal": proposal.id, "reviewer": actor.id}).one_or_none()
    if mine and mine.review:
        fill(mine.review, ("scores",))
    return mine


@cache
def _own() -> sa.Select[Assignment]:
    standing = sa.and_(Assignment.proposal_id == sa.bindparam("proposal"), Assignment.removed_at.is_(None))
    asked = sa.select(Assignment).where(standing, Assignment.reviewer_id == sa.bindparam("reviewer"))
    return asked.options(joinedload(Assignment.review))


def loads(person_ids: Iterable[int], *, seen_by: Actor) -> dict[int, int]:
    """How many reviews each person still owes (standing, not submitted, in proposals under review). Proposals that
    ``seen_by`` has a conflict with, and of sealed calls, are left out: the number would tell whether a review of theirs
    is in. Statements: 1."""
    rows = db.session.execute(
        sa.select(Assignment.reviewer_id, sa.func.count(Assignment.id))
        .join(Assignment.proposal)
        .outerjoin(Assignment.review)
        .where(
            Assignment.reviewer_id.in_(list(person_ids)),
            Assignment.removed_at.is_(None),
            Proposal.state == "in_review",
            sa.not_(conflicted(seen_by)),
            sa.not_(sealed()),
            sa.or_(Review.id.is_(None), Review.state == ReviewState.DRAFT),
        )
        .group_by(Assignment.reviewer_id)
    )
    return {row[0]: row[1] for row in rows}


def with_criteria(proposal: Proposal) -> Call:
    """The proposal's call, which must be loaded, with its criteria in order. Statements: 1."""
    fill(proposal.call, ("criteria",))
    return proposal.call
