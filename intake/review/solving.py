"""How a batch is solved: at once where it is small, by the worker with a lease where it is large; and solved again to
prove that the same input gives the same result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock, leasing
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.logs import logger
from intake.notification.operations import WRITTEN
from intake.people.models import Person
from intake.people.sign_in import actor_of
from intake.policy import NOBODY, Actor
from intake.review import engine, wished
from intake.review.gathering import Facts, fingerprint, gathered
from intake.review.models import Batch, PlannedPair
from intake.review.solution import Planned, Solved, by_proposal
from intake.review.wishes import Wishes, as_kept, from_kept
from intake.vocabulary import BatchState

LEASE = timedelta(minutes=10)


def facts_of(batch: Batch) -> Facts | None:
    """What the engine was given at the last solving, or None before the first."""
    found: Facts | None = batch.inputs.get("facts")
    return found


def arrange(batch: Batch, facts: Facts) -> None:
    """Solve the batch now where it is small; else let the worker do it. The caller flushes."""
    batch.failed = ""
    if engine.is_small(facts):
        keep(batch, facts, engine.solved(facts, wished.now(batch)))
        return
    want(batch, {"facts": facts, "wishes": None})


def want(batch: Batch, inputs: dict[str, Any]) -> None:
    """Let the worker solve the batch; without facts among ``inputs`` it gathers them too, as whoever made the batch may
    see them. The caller flushes."""
    batch.inputs, batch.failed = inputs, ""
    batch.wanted_at, batch.lease_until = clock.now(), None
    db.session().info[WRITTEN] = True  # so that the gate wakes the worker


def keep(batch: Batch, facts: Facts, answer: Solved) -> None:
    """Keep what was given and what was found, in place of what was there."""
    wishes = wished.now(batch)
    batch.inputs = {"facts": facts, "wishes": as_kept(wishes)}
    batch.fingerprint, batch.result = fingerprint(facts), answer.report
    batch.solved_at, batch.wanted_at, batch.lease_until = clock.now(), None, None
    db.session.flush()
    _keep_pairs(batch.id, facts, wishes, answer)


def _keep_pairs(batch_id: int, facts: Facts, wishes: Wishes, answer: Solved) -> None:
    db.session.execute(sa.delete(PlannedPair).where(PlannedPair.batch_id == batch_id))
    leads = leads_of(facts, wishes, answer)
    rows = [
        {
            "batch_id": batch_id,
            "proposal_id": each.pair[0],
            "reviewer_id": each.pair[1],
            "score": each.score,
            "lead": leads.get(each.pair[0]) == each.pair[1],
            "came_by": each.came_by,
            "override_reason": wishes.forced.get(each.pair, ""),
        }
        for each in answer.pairs
    ]
    if rows:
        db.session.execute(sa.insert(PlannedPair), rows)


def leads_of(facts: Facts, wishes: Wishes, answer: Solved) -> dict[int, int]:
    """Who leads each proposal: who leads it already, or was chosen to, or else whoever has the best score."""
    found = {}
    for proposal, pairs in by_proposal(answer.pairs).items():
        there = [each.pair[1] for each in pairs]
        chosen = wishes.leads.get(proposal), facts["leads"].get(str(proposal))
        found[proposal] = next((each for each in chosen if each in there), there[0])
    return found


def kept_answer(batch: Batch) -> Solved:
    """What was kept. Statements: 1."""
    rows = db.session.execute(
        sa.select(PlannedPair.proposal_id, PlannedPair.reviewer_id, PlannedPair.score, PlannedPair.came_by)
        .where(PlannedPair.batch_id == batch.id)
        .order_by(PlannedPair.proposal_id, PlannedPair.reviewer_id)
    )
    return Solved(tuple(Planned((row[0], row[1]), row[2], row[3]) for row in rows), batch.result)


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether the engine makes the same of the same: pairs that differ, and the engine's version then and now."""

    differing: int
    then: str
    now: str


def replay(batch: Batch) -> Replay:
    """Solve what was given once more and hold it against what was found; nothing is kept. Statements: 1."""
    facts, before = batch.inputs["facts"], kept_answer(batch)
    after = engine.solved(facts, from_kept(batch.inputs["wishes"]), whole=False)
    had = {(each.pair, round(each.score, 6)) for each in before.pairs}
    has = {(each.pair, round(each.score, 6)) for each in after.pairs}
    return Replay(len(had ^ has), str(batch.result["version"]), str(after.report["version"]))


# --- the worker ------------------------------------------------------------------------------------------------------


def drain(limit: int, *, lease: timedelta = LEASE, ended: Callable[[], bool] = lambda: False) -> int:
    """Solve the batches that wait, at most ``limit``; stop early once ``ended`` says so. No transaction is open while
    one is solved. Commits. Returns: how many were solved.
    """
    done = 0
    for _ in range(limit):
        if ended() or not leasing.waits(Batch, _is_due):
            break
        row = leasing.take(Batch, _is_due, "lease_until", {"lease_until": clock.now() + lease}, _COLUMNS)
        if row is None:
            break
        done += _solve(row)
    return done


_COLUMNS = (Batch.id, Batch.lease_until)


def _is_due(batch: Any, now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(batch.lease_until.is_(None), batch.lease_until <= now)
    return sa.and_(batch.wanted_at.is_not(None), batch.state == BatchState.PROPOSED, free)


def _solve(row: Any) -> bool:
    """Whether it went well; a failure is told on the batch, and can be tried again."""
    try:
        batch = db.session.get_one(Batch, row.id)
        facts, wishes = batch.inputs.get("facts") or _gathered(batch), wished.now(batch)
        db.session.rollback()
        answer = engine.solved(facts, wishes)
    except Exception as error:
        what = type(error).__name__
        logger().exception("batch not solved", batch=row.id, error=what)
        db.session.rollback()
        _settle(row, lambda batch: _fail(batch, what))
        return False
    return _settle(row, lambda batch: keep(batch, facts, answer))


def _settle(row: Any, act: Callable[[Batch], None]) -> bool:
    """Keep the answer, unless another worker or another wish was quicker."""
    with writing():
        mine = sa.and_(Batch.id == row.id, Batch.lease_until == row.lease_until, Batch.wanted_at.is_not(None))
        batch = db.session.scalars(sa.select(Batch).where(mine).with_for_update()).one_or_none()
        if batch is not None:
            act(batch)
        db.session.commit()
    return batch is not None


def _fail(batch: Batch, what: str) -> None:
    batch.failed, batch.wanted_at, batch.lease_until = what, None, None


def _gathered(batch: Batch) -> Facts:
    return gathered(db.session.get_one(Call, batch.call_id), wished.now(batch), _maker(batch))


def _maker(batch: Batch) -> Actor:
    """Whoever made the batch, as the policy knows them now: the facts are seen through their eyes."""
    lists = [selectinload(each) for each in (Person.grants, Person.addresses, Person.stands_in)]
    person = db.session.scalars(sa.select(Person).where(Person.id == batch.made_by_id).options(*lists)).one_or_none()
    return actor_of(person) if person else NOBODY
