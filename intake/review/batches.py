"""What may be asked about batches: the list of a call, one batch, and what of it one reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.extensions import db
from intake.match.models import Affinity
from intake.match.queries import current
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.review.gathering import HANDLED, open_to
from intake.review.models import Assignment, Batch, PlannedPair
from intake.vocabulary import BatchState, PairingKind, State


@dataclass(frozen=True, slots=True)
class Listed:
    """A batch in the list of its call; ``made_by`` is a name."""

    id: int
    name: str
    state: BatchState
    made_by: str
    made_at: datetime
    applied_at: datetime | None
    reverted_at: datetime | None
    waits: bool


def of_call(call: Call) -> list[Listed]:
    """The batches of the call, the newest first. Statements: 1."""
    rows = db.session.execute(
        sa.select(
            Batch.id, Batch.name, Batch.state, Person.name, Batch.made_at, Batch.applied_at, Batch.reverted_at,
            Batch.wanted_at.is_not(None),
        )
        .outerjoin(Person, Person.id == Batch.made_by_id)
        .where(Batch.call_id == call.id)
        .order_by(Batch.id.desc())
    )  # fmt: skip
    return [Listed(row[0], row[1], row[2], row[3] or "", *row[4:]) for row in rows]


def one(code: str, batch_id: int, *, for_update: bool = False) -> tuple[Call, Batch] | None:
    """The call with that code, as ``call.queries.one`` gives it, and that batch of it, locked where it is changed; or
    None. Statements: 7."""
    call = call_with(code)
    if call is None:
        return None
    asked = sa.select(Batch).where(Batch.id == batch_id, Batch.call_id == call.id)
    asked = asked.with_for_update() if for_update else asked
    batch = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    return (call, batch) if batch else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposal that a batch can be made for, and how many reviewers it has."""

    id: int
    number: str
    title: str
    state: State
    has: int


def to_assign(call: Call, seen_by: Actor) -> list[Choice]:
    """The proposals of the call that are matched, or in review with fewer reviewers than needed, by number; those that
    the reader may not handle are left out. Statements: 1."""
    standing = sa.and_(Assignment.proposal_id == Proposal.id, Assignment.removed_at.is_(None))
    has = sa.func.count(Assignment.id)
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.number, Proposal.title, Proposal.title_zh, Proposal.state, has)
        .outerjoin(Assignment, sa.and_(standing, Proposal.state == State.IN_REVIEW))
        .where(open_to(call.id, seen_by), Proposal.state.in_(HANDLED))
        .group_by(Proposal.id, Proposal.number, Proposal.title, Proposal.title_zh, Proposal.state)
        .having(sa.or_(Proposal.state == State.MATCHED, has < call.reviews_needed))
        .order_by(Proposal.number)
    )
    return [Choice(row[0], row[1] or "", row[2] or row[3], row[4], row[5]) for row in rows]


@dataclass(frozen=True, slots=True)
class Named:
    """What a page names of a proposal."""

    id: int
    number: str
    title: str
    state: State


def named(call: Call, ids: Sequence[int], seen_by: Actor) -> dict[int, Named]:
    """Those of the proposals that the reader handles, by id, in the order of their numbers. Statements: 1."""
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.number, Proposal.title, Proposal.title_zh, Proposal.state)
        .where(open_to(call.id, seen_by), Proposal.id.in_(list(ids)))
        .order_by(Proposal.number)
    )
    return {row[0]: Named(row[0], row[1] or "", row[2] or row[3], row[4]) for row in rows}


def pairs_of(batch: Batch, call: Call, seen_by: Actor) -> Sequence[PlannedPair]:
    """The pairs of the batch whose proposals the reader handles, by proposal, the best score first. Statements: 1."""
    return db.session.scalars(
        sa.select(PlannedPair)
        .join(PlannedPair.proposal)
        .where(PlannedPair.batch_id == batch.id, open_to(call.id, seen_by))
        .order_by(Proposal.number, PlannedPair.score.desc(), PlannedPair.reviewer_id)
    ).all()


def standing_of(batch: Batch) -> dict[int, Any]:
    """How far each assignment of an applied batch is, by the planned pair's id: (answer, removed_at, review's state or
    None). Statements: 1."""
    rows = db.session.execute(
        sa.select(PlannedPair.id, Assignment.answer, Assignment.removed_at)
        .join(Assignment, Assignment.id == PlannedPair.assignment_id)
        .where(PlannedPair.batch_id == batch.id)
    )
    return {row[0]: row for row in rows}


def affinities_of(proposal_id: int) -> dict[int, Affinity]:
    """What made the score of each reviewer of the proposal, by reviewer's id. Statements: 1."""
    rows = db.session.scalars(
        sa.select(Affinity).where(Affinity.proposal_id == proposal_id, Affinity.kind == PairingKind.REVIEWER, current())
    )
    return {row.person_id: row for row in rows if row.person_id}
