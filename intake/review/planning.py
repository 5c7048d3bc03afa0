"""What may happen to a batch before it is applied: it is proposed, its wishes change and change back, it is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.policy import Actor
from intake.review import engine, solving, wished
from intake.review.bounds import in_bounds, possible, somebody_is_left
from intake.review.gathering import Facts, demand_open, gathered, size_of, withheld
from intake.review.models import Batch
from intake.review.solution import Difference, difference
from intake.review.wishes import Said, Wishes
from intake.vocabulary import BatchState, say


def propose(call: Call, name: str, wishes: Wishes, *, by: Actor) -> Batch:
    """Make a batch of these wishes and let it be solved.

    Demands: call.oversee. Records: the batch, with its pairs where it is small; an event. Tells: nobody.
    Raises: Refused, also while the call is sealed, as everything here does; Incomplete for wishes out of bounds, or
    where no proposal or no reviewer is left. Returns: the batch.
    """
    demand_open(call, by)
    in_bounds(wishes)
    size = size_of(call, wishes, by)
    somebody_is_left(*size)
    kept = {"wishes": wished.first(wishes), "inputs": {}, "result": {}}
    batch = Batch(call_id=call.id, name=name, made_by_id=by.id, state=BatchState.PROPOSED, **kept)
    db.session.add(batch)
    db.session.flush()
    if size[0] * size[1] <= engine.SMALL:
        solving.arrange(batch, gathered(call, wishes, by))
    else:
        solving.want(batch, {"withheld": withheld(call.id, by)})
    record("batch.proposed", "call", call.id, by=by, batch=batch.id, proposals=size[0])
    db.session.flush()
    return batch


def demand_same_eyes(batch: Batch, call: Call, by: Actor) -> None:
    """Go on only if the call is open to the actor, and they see the same of its proposals as whoever made the batch.
    Raises Refused."""
    demand_open(call, by)
    if not same_eyes(batch, call, by):
        raise Refused(say("Somebody else handles a part of this batch. Propose one of your own for the rest."))


def same_eyes(batch: Batch, call: Call, by: Actor) -> bool:
    """Whether the actor may know all that the batch was made from. Statements: 1."""
    facts = solving.facts_of(batch) or batch.inputs
    return bool(facts.get("withheld") == withheld(call.id, by))


def _to_change(batch: Batch, call: Call, by: Actor) -> Facts:
    demand_same_eyes(batch, call, by)
    facts = solving.facts_of(batch)
    if batch.state is not BatchState.PROPOSED:
        raise Incomplete(say("This batch was applied or discarded, so it stays as it is."))
    if facts is None or batch.wanted_at is not None:
        raise Incomplete(say("The engine is still at work on it. Wait for its answer."))
    return facts


def tried(batch: Batch, call: Call, change: Callable[[Wishes], Wishes], *, by: Actor) -> Difference:
    """What a change of the wishes would do, exactly as keeping it would; nothing is kept.

    Demands: call.oversee. Raises: Refused; Incomplete, Conflicted as ``change`` does. Statements: 3.
    """
    facts = _to_change(batch, call, by)
    before = solving.kept_answer(batch)
    wishes = change(_holding(batch))
    possible(facts, wished.now(batch), wishes)
    return difference(before, engine.solved(facts, wishes, whole=False))


def _holding(batch: Batch) -> Wishes:
    """The wishes with every present pair held, so that a change moves no more than it must."""
    return replace(wished.now(batch), held=frozenset(each.pair for each in solving.kept_answer(batch).pairs))


def change(batch: Batch, call: Call, act: Callable[[Wishes], Wishes], said: Said, *, seen: int, by: Actor) -> None:
    """Change the wishes and solve anew from the same facts: what ``tried`` showed is what comes.

    Demands: call.oversee. Records: a new version of the wishes with its pairs, an event. Raises: Refused; Stale when
    another version than ``seen`` stands; Incomplete when it was applied or discarded, or a wish is out of bounds;
    Conflicted for a pair that is blocked.
    """
    facts = _to_change(batch, call, by)
    _is_seen(batch, seen)
    wishes = act(_holding(batch))
    possible(facts, wished.now(batch), wishes)
    batch.wishes = wished.changed(batch.wishes, wishes, said)
    solving.arrange(batch, facts)
    _record(batch, call, said.act, by, (said.proposal_id, said.reviewer_id))


def _is_seen(batch: Batch, seen: int) -> None:
    if batch.wishes["version"] != seen:
        raise Stale


def set_dates(batch: Batch, call: Call, due_at: datetime, reply_by: datetime | None, *, seen: int, by: Actor) -> bool:
    """Change when the reviews are due and until when reviewers answer (None: they have agreed already). No pair
    changes, so nothing is solved anew.

    Demands: call.oversee. Records: a new version of the wishes, an event. Tells: nobody. Raises: Refused; Stale;
    Incomplete at ``due_at`` or ``reply_by`` for a date that has passed or is out of order, while the engine is at work,
    and once it was applied or discarded. Returns: whether anything changed.
    """
    _to_change(batch, call, by)
    _is_seen(batch, seen)
    before = wished.now(batch)
    wishes = replace(before, due_at=due_at, reply_by=reply_by)
    if wishes == before:
        return False
    in_bounds(wishes)
    batch.wishes = wished.changed(batch.wishes, wishes, Said("dates"))
    _record(batch, call, "dates", by)
    return True


def can_undo(batch: Batch) -> bool:
    """Whether the last change can be taken back. A renewal cannot: what stood before it was of data that are gone."""
    return bool(batch.wishes["before"]) and not _renewed(batch)


def _renewed(batch: Batch) -> bool:
    return wished.versions(batch)[0].said == Said("renew")


def undo(batch: Batch, call: Call, *, seen: int, by: Actor) -> None:
    """Take the last change of the wishes back. Demands: call.oversee. Records: the version before with its pairs, an
    event. Raises: Refused; Stale; Incomplete where there is nothing to undo, or ``renew`` came last."""
    facts = _to_change(batch, call, by)
    _is_seen(batch, seen)
    if _renewed(batch):
        raise Incomplete(say("It was solved again from newer data, so what stood before is not brought back."))
    before = wished.undone(batch.wishes)
    if before is None:
        raise Incomplete(say("There is nothing to undo."))
    batch.wishes = before
    solving.arrange(batch, facts)
    _record(batch, call, "undo", by)


def renew(batch: Batch, call: Call, *, by: Actor) -> None:
    """Solve again from what the database says now; what stood stays where it can.

    Demands: call.oversee. Records: pairs, an event. Raises: Refused; Incomplete where nothing is left to assign.
    """
    demand_same_eyes(batch, call, by)
    if batch.state is not BatchState.PROPOSED:
        raise Incomplete(say("This batch was applied or discarded, so it stays as it is."))
    wishes = _holding(batch)
    size = size_of(call, wishes, by)
    somebody_is_left(*size)
    batch.wishes = wished.changed(batch.wishes, wishes, Said("renew"))
    if size[0] * size[1] <= engine.SMALL:
        solving.arrange(batch, gathered(call, wishes, by))
    else:
        solving.want(batch, {"withheld": withheld(call.id, by)})
    _record(batch, call, "renew", by)


def again(batch: Batch, call: Call, name: str, *, due_at: datetime, reply_by: datetime | None, by: Actor) -> Batch:
    """A new batch for the same proposals, as they are now: who reviews already stays, and so does every pair that can.

    Demands: call.oversee. Records and raises: as ``propose``. Returns: the new batch.
    """
    demand_same_eyes(batch, call, by)
    wishes = replace(_holding(batch), due_at=due_at, reply_by=reply_by)
    if batch.state is not BatchState.PROPOSED:  # what was forced then reviews now, or said no
        wishes = replace(wishes, forced={}, locked=frozenset())
    return propose(call, name, wishes, by=by)


def discard(batch: Batch, call: Call, *, by: Actor) -> None:
    """Put a batch aside that was not applied. Demands: call.oversee. Records: its state, an event. Raises: Refused;
    Incomplete."""
    demand_same_eyes(batch, call, by)
    if batch.state is not BatchState.PROPOSED:
        raise Incomplete(say("This batch was applied or discarded, so it stays as it is."))
    batch.state, batch.wanted_at = BatchState.DISCARDED, None
    record("batch.discarded", "call", call.id, by=by, batch=batch.id)
    db.session.flush()


def _record(batch: Batch, call: Call, act: str, by: Actor, pair: tuple[int | None, int | None] = (None, None)) -> None:
    proposal, reviewer = pair
    record("batch.changed", "call", call.id, by=by, batch=batch.id, act=act, proposal=proposal, reviewer=reviewer)
    db.session.flush()
