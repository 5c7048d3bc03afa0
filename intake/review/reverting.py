"""How an applied batch is taken back: what was only asked ends, what was submitted stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.operations import needs
from intake.proposal.queries import whole
from intake.review.gathering import demand_open, open_to
from intake.review.models import Assignment, Batch
from intake.review.operations import recall, unassign
from intake.review.planning import same_eyes
from intake.vocabulary import BatchState, ReviewState, State, say


@dataclass(frozen=True, slots=True)
class Undoing:
    """What reverting a batch would do: the assignments that end, those that stay because their review is submitted or
    their proposal was decided, and the proposals that go back to matched."""

    ends: Sequence[Assignment]
    stays: Sequence[Assignment]
    back: frozenset[int]


def undoing(batch: Batch, call: Call, *, seen_by: Actor) -> Undoing:
    """What ``revert`` would do now with the proposals that the reader handles; changes nothing. Statements: 1."""
    mine = sa.select(Assignment.proposal_id).where(Assignment.batch_id == batch.id)
    rows = db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.proposal)
        .where(Assignment.proposal_id.in_(mine), Assignment.removed_at.is_(None), open_to(call.id, seen_by))
        .options(contains_eager(Assignment.proposal), joinedload(Assignment.reviewer), joinedload(Assignment.review))
        .order_by(Assignment.proposal_id, Assignment.id)
    ).all()
    by_proposal: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_proposal[row.proposal_id].append(row)
    ends = [row for row in rows if _ends(row, batch.id)]
    stays = [row for row in rows if row.batch_id == batch.id and not _ends(row, batch.id)]
    back = frozenset(key for key, lot in by_proposal.items() if all(_ends(row, batch.id) for row in lot))
    return Undoing(ends, stays, back)


def _ends(row: Assignment, batch_id: int) -> bool:
    if row.batch_id != batch_id or row.proposal.state is not State.IN_REVIEW:
        return False
    return row.review is None or row.review.state is not ReviewState.SUBMITTED


def revert(batch: Batch, call: Call, reason: str, *, by: Actor) -> Undoing:
    """Take an applied batch back, all in one transaction.

    Proposals whose every standing assignment came with it go back to matched; from the others only what came with it
    ends. Submitted reviews stay, and so do their proposals, in review. ``batch`` must be locked. As with applying, only
    whoever sees all that the batch was made from does it: what it ends tells how far its reviews are.

    Demands: call.oversee, proposal.recall or proposal.assign for each. From: applied. Records: ends, moves, the batch
    as reverted, events. Tells: the reviewers whose review is no longer needed. Raises: Refused; Incomplete without a
    reason or when it is not applied. Returns: what was done.
    """
    demand_open(call, by)
    if not same_eyes(batch, call, by):
        raise Refused(say("Somebody else handles a part of this batch, so they revert it."))
    needs(reason, "reason", say("Say why it is reverted."))
    if batch.state is not BatchState.APPLIED:
        raise Incomplete(say("Only an applied batch can be reverted."))
    todo = undoing(batch, call, seen_by=by)
    for proposal_id in sorted({row.proposal_id for row in todo.ends}):
        proposal = whole(proposal_id, for_update=True)
        if proposal is None:
            raise Stale
        _take_back(proposal, proposal_id in todo.back, {row.id for row in todo.ends}, reason, by)
    batch.state, batch.reverted_by_id, batch.reverted_at = BatchState.REVERTED, by.id, clock.now()
    batch.reverted_reason = reason
    told = {"ended": len(todo.ends), "stayed": len(todo.stays), "back": len(todo.back)}
    record("batch.reverted", "call", call.id, by=by, note=reason, batch=batch.id, told=told)
    db.session.flush()
    return todo


def _take_back(proposal: Proposal, back: bool, ends: set[int], reason: str, by: Actor) -> None:
    if back:
        recall(proposal, reason, by=by)
        return
    for row in proposal.assignments:
        if row.id in ends and row.removed_at is None:
            unassign(proposal, row, reason, by=by)
