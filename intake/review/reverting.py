"""How an applied batch is taken back: what was only asked ends, with the alternates that it led to; what was submitted
stays."""

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
from intake.review.models import Alternate, Assignment, Batch
from intake.review.operations import recall, unassign
from intake.review.planning import same_eyes
from intake.vocabulary import BatchState, ReviewerAnswer, ReviewState, State, say


@dataclass(frozen=True, slots=True)
class Undoing:
    """What reverting a batch would do: the assignments that end, those that stay (their review is submitted, their
    proposal was decided, or they are an alternate's who accepted), and the proposals that go back to matched.

    ``alternates`` are those of both lists that came because somebody of the batch said no. ``empty`` are the proposals
    that go back though nothing of them ends: everybody had said no.
    """

    ends: Sequence[Assignment]
    stays: Sequence[Assignment]
    back: frozenset[int]
    alternates: frozenset[int]
    empty: Sequence[Proposal]


def undoing(batch: Batch, call: Call, *, seen_by: Actor) -> Undoing:
    """What ``revert`` would do now with the proposals that the reader handles; changes nothing. Statements: 2."""
    lots, asked = _of_the_batch(batch, call, seen_by)
    ends: list[Assignment] = []
    stays: list[Assignment] = []
    back, alternates, empty = set(), set(), []
    for key, lot in lots.items():
        came = _came_of(lot, batch.id, asked)
        there = [row for row in lot if row.removed_at is None]
        over = [row for row in there if row.id in came and _ends(row, batch.id)]
        ends += over
        stays += [row for row in there if row.id in came and row not in over]
        alternates |= {row.id for row in there if row.id in came and row.batch_id != batch.id}
        if len(over) == len(there) and (there or _is_left(lot, came)):
            back.add(key)
            empty += [] if there else [lot[0].proposal]
    return Undoing(ends, stays, frozenset(back), frozenset(alternates), empty)


def _of_the_batch(batch: Batch, call: Call, by: Actor) -> tuple[dict[int, list[Assignment]], set[int]]:
    """Every assignment of the batch's proposals, with those that have ended, by proposal; and by id those that an
    alternate became. Statements: 2."""
    mine = sa.select(Assignment.proposal_id).where(Assignment.batch_id == batch.id)
    rows = db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.proposal)
        .where(Assignment.proposal_id.in_(mine), open_to(call.id, by))
        .options(contains_eager(Assignment.proposal), joinedload(Assignment.reviewer), joinedload(Assignment.review))
        .order_by(Assignment.proposal_id, Assignment.id)
    )
    lots: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        lots[row.proposal_id].append(row)
    asked = db.session.scalars(sa.select(Alternate.asked_id).where(Alternate.proposal_id.in_(mine)))
    return lots, {each for each in asked if each is not None}


def _came_of(lot: Sequence[Assignment], batch_id: int, asked: set[int]) -> set[int]:
    """Which assignments of one proposal, the oldest first, came with the batch, or are of alternates who were asked in
    place of such a one: of whoever was the last to go before they were asked."""
    found: set[int] = set()
    for row in lot:
        gone = [each for each in lot if each.removed_at is not None and each.removed_at <= row.assigned_at]
        before = max(gone, key=lambda each: (each.removed_at, each.id), default=None)
        if row.batch_id == batch_id or (row.id in asked and before is not None and before.id in found):
            found.add(row.id)
    return found


def _ends(row: Assignment, batch_id: int) -> bool:
    if row.proposal.state is not State.IN_REVIEW:
        return False
    if row.batch_id != batch_id and row.answer is not ReviewerAnswer.ASKED:
        return False
    return row.review is None or row.review.state is not ReviewState.SUBMITTED


def _is_left(lot: Sequence[Assignment], came: set[int]) -> bool:
    """Whether a proposal that nobody reviews any more is so since somebody of the batch went."""
    return lot[0].proposal.state is State.IN_REVIEW and lot[-1].id in came


def revert(batch: Batch, call: Call, reason: str, *, by: Actor) -> Undoing:
    """Take an applied batch back, all in one transaction.

    Proposals whose every standing assignment came with it go back to matched; from the others only what came with it
    ends. Alternates who were asked in place of somebody of the batch came with it, until they accept. Submitted reviews
    stay, and so do their proposals, in review. ``batch`` must be locked. As with applying, only whoever sees all that
    the batch was made from does it: what it ends tells how far its reviews are.

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
    for proposal_id in sorted({*todo.back, *(row.proposal_id for row in todo.ends)}):
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
