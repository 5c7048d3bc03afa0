"""How the affinities of a call are made: its run is taken with a lease, everything is scored with no transaction open,
and the new scores take the place of the old ones in one transaction.

A worker that dies leaves its lease behind; when it has run out, another scores anew. Numpy and scipy are loaded here
alone, when there is something to score.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

import sqlalchemy as sa

from intake import clock, leasing
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.logs import logger
from intake.match.models import Affinity, AffinityRun
from intake.match.stamps import stamps
from intake.match.texts import Inputs, inputs_of
from intake.policy import Actor, may
from intake.proposal.models import Proposal
from intake.ruling import demand
from intake.vocabulary import Action, Limit

LEASE = timedelta(minutes=5)
TOLD_EACH = timedelta(seconds=1)
"""How often a worker says how far it is; each time its lease begins anew."""
ROWS_AT_ONCE = 2_000


class _Stopped(Exception):
    """The worker is to end, or another one has taken the run."""


@dataclass(slots=True)
class _Held:
    """A run that this worker holds, and until when."""

    call_id: int
    until: datetime
    lease: timedelta
    ended: Callable[[], bool]
    told_at: datetime

    def mine(self) -> sa.ColumnElement[bool]:
        """Whether it is still this worker's."""
        return sa.and_(AffinityRun.call_id == self.call_id, AffinityRun.lease_until == self.until)

    def tell(self, done: int, total: int, *, at_once: bool = False) -> None:
        """Say how far it is, and keep the lease. Raises: _Stopped."""
        if self.ended():
            raise _Stopped
        now = clock.now()
        if not at_once and now - self.told_at < TOLD_EACH:
            return
        with writing():
            until = now + self.lease
            kept = leasing.put(AffinityRun, self.mine(), {"done": done, "total": total, "lease_until": until})
            db.session.commit()
        if not kept:
            raise _Stopped
        self.until, self.told_at = until, now


def drain(limit: int, *, lease: timedelta = LEASE, ended: Callable[[], bool] = lambda: False) -> int:
    """Score the calls that wait, at most ``limit``; stop early once ``ended`` says so. Commits.
    Returns: how many were scored, or found to be as they were."""
    scored = 0
    for _ in range(limit):
        if ended() or not leasing.waits(AffinityRun, _is_due):
            break
        now = clock.now()
        values = {"lease_until": now + lease, "wanted_at": None, "began_at": now, "done": 0, "total": 0}
        row = leasing.take(AffinityRun, _is_due, "lease_until", values, (AffinityRun.call_id, AffinityRun.inputs))
        if row is None:
            break
        held = _Held(row.call_id, now + lease, lease, ended, now)
        try:
            _make(held, row.inputs)
            scored += 1
        except _Stopped:
            db.session.rollback()
            _let_go(held, {"lease_until": None, "wanted_at": clock.now()})
        except Exception as error:
            db.session.rollback()
            _let_go(held, {"lease_until": None, "failed": type(error).__name__[: Limit.REASON]})
            logger().exception("affinities not made", call=held.call_id, error=type(error).__name__)
    return scored


def _is_due(run: Any, now: datetime) -> sa.ColumnElement[bool]:
    """Wanted, or left behind by a worker that died."""
    free = sa.or_(run.lease_until.is_(None), run.lease_until <= now)
    return sa.and_(free, sa.or_(run.wanted_at.is_not(None), run.lease_until.is_not(None)))


def _let_go(held: _Held, values: dict[str, Any]) -> None:
    with writing():
        leasing.put(AffinityRun, held.mine(), values)
        db.session.commit()


def _make(held: _Held, before: str) -> None:
    """Score the call, unless nothing of what its scores are made from differs from ``before``."""
    stamp = stamps().get(held.call_id, "")  # first: what changes from now on makes the next one differ
    inputs = inputs_of(held.call_id)
    db.session.rollback()
    from intake.match import scoring  # here, because numpy and scipy load with it

    name = scoring.name_of(inputs)
    settled = {"inputs": name, "stamp": stamp, "basis": _basis(inputs), "failed": ""}
    if name == before:
        _let_go(held, {**settled, "lease_until": None, "done_at": clock.now()})
        return
    total = len(inputs.subjects)
    held.tell(0, total, at_once=True)
    with TemporaryFile("w+", encoding="utf-8") as paper:
        for done, row in scoring.rows_of(inputs):
            paper.write(json.dumps(row) + "\n")
            held.tell(done, total)
        paper.seek(0)
        _replace(held, paper, {**settled, "done": total, "total": total})
    logger().info("affinities made", call=held.call_id, proposals=total)


def _replace(held: _Held, paper: IO[str], settled: dict[str, Any]) -> None:
    """Let the new rows take the place of the old ones. Raises: _Stopped where another worker has the run."""
    ours = sa.select(Proposal.id).where(Proposal.call_id == held.call_id)
    with writing():
        if not leasing.put(AffinityRun, held.mine(), {**settled, "lease_until": None, "done_at": clock.now()}):
            raise _Stopped
        db.session.execute(
            sa.delete(Affinity).where(Affinity.proposal_id.in_(ours)), execution_options={"synchronize_session": False}
        )
        for rows in _portions(paper):
            db.session.execute(sa.insert(Affinity), rows)
        db.session.commit()


def _portions(paper: IO[str]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(paper, ROWS_AT_ONCE)):
        yield [json.loads(line) for line in some]


def _basis(inputs: Inputs) -> dict[str, Any]:
    counts = {kind.value: len(rows) for kind, rows in inputs.kinds.items()}
    return {"proposals": len(inputs.subjects), **counts, "weights": inputs.weights}


def try_again(call: Call, *, by: Actor) -> None:
    """Ask for the call's affinities although nothing of what they are made from has changed.

    Demands: ``CALL_OVERSEE``. Records: what is wanted; the error before is forgotten. Raises: Refused.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    now = clock.now()
    free = sa.or_(AffinityRun.lease_until.is_(None), AffinityRun.lease_until <= now)
    values = {"wanted_at": now, "inputs": "", "failed": ""}
    leasing.put(AffinityRun, sa.and_(AffinityRun.call_id == call.id, free), values)
