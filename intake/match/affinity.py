"""How the affinities of a call are made: its run is taken with a lease, everything is scored with no transaction open,
and the new scores take the place of the old ones at once (``holding``).

A worker that dies leaves its lease behind; when it has run out, another scores anew. Numpy and scipy are loaded here
alone, when there is something to score.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from intake import clock, leasing
from intake.affinity import model
from intake.call.models import Call
from intake.extensions import db
from intake.logs import logger
from intake.match.holding import Held, Stopped, clear
from intake.match.models import AffinityRun
from intake.match.stamps import stamps
from intake.match.texts import Inputs, inputs_of
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, Limit

LEASE = timedelta(minutes=5)
ROWS_AT_ONCE = 2_000
"""In one transaction, some tenths of a second long."""


def drain(limit: int, *, lease: timedelta = LEASE, ended: Callable[[], bool] = lambda: False) -> int:
    """Score the calls that wait, at most ``limit``; stop early once ``ended`` says so. Commits.
    Returns: how many were scored, or found to be as they were."""
    scored = 0
    for _ in range(limit):
        if ended() or not leasing.waits(AffinityRun, _is_due):
            break
        found = _take(lease, ended)
        if found is None:
            break
        held, before = found
        try:
            _make(held, before)
            scored += 1
        except Stopped:
            db.session.rollback()
            held.let_go({"wanted_at": clock.now()})
        except Exception as error:
            db.session.rollback()
            held.let_go({"failed": type(error).__name__[: Limit.REASON]})
            logger().exception("affinities not made", call=held.call_id, error=type(error).__name__)
            clear(held, lambda: None)
    return scored


def _take(lease: timedelta, ended: Callable[[], bool]) -> tuple[Held, str] | None:
    """A run that is due, and the fingerprint of what its scores were made from; None where another was quicker."""
    now = clock.now()
    values = {
        "lease_until": now + lease,
        "wanted_at": None,
        "began_at": now,
        "done": 0,
        "total": 0,
        "texts_left": 0,
        "newest": AffinityRun.newest + 1,
    }
    columns = AffinityRun.call_id, AffinityRun.newest, AffinityRun.inputs
    row = leasing.take(AffinityRun, _is_due, "lease_until", values, columns)
    return row and (Held(row.call_id, row.newest, now + lease, lease, ended, now), row.inputs)


def _is_due(run: Any, now: datetime) -> sa.ColumnElement[bool]:
    """Wanted, or left behind by a worker that died."""
    free = sa.or_(run.lease_until.is_(None), run.lease_until <= now)
    return sa.and_(free, sa.or_(run.wanted_at.is_not(None), run.lease_until.is_not(None)))


def _make(held: Held, before: str) -> None:
    """Score the call, unless nothing of what its scores are made from differs from ``before``."""
    stamp = stamps().get(held.call_id, "")  # first: what changes from now on makes the next one differ
    inputs = inputs_of(held.call_id)
    db.session.rollback()
    from intake.match import scoring  # here, because numpy and scipy load with it

    name = scoring.name_of(inputs, model.name())
    settled = {"inputs": name, "stamp": stamp, "basis": _basis(inputs), "failed": ""}
    if name != before:
        total = len(inputs.subjects)
        try:
            _write(held, inputs)
        except IntegrityError:
            db.session.rollback()
            if stamps().get(held.call_id, "") == stamp:
                raise
            raise Stopped from None  # a theme was deleted meanwhile, say: what is there now is scored
        counts = {"generation": held.generation, "done": total, "total": total, "done_at": clock.now()}
        held.tell({**settled, **counts}, at_once=True)
        logger().info("affinities made", call=held.call_id, proposals=total)
    clear(held, lambda: held.tell({}))
    held.let_go({**settled, "done_at": clock.now()})


def _write(held: Held, inputs: Inputs) -> None:
    """Score everything and write it, for nobody to see yet."""
    from intake.match import meanings, scoring

    total = len(inputs.subjects)
    held.tell({"total": total}, at_once=True)
    meant = None
    if model.present():
        meant = meanings.vectors_of(inputs, lambda left: held.tell({"texts_left": left}))
        held.tell({"texts_left": 0}, at_once=True)
    rows: list[dict[str, Any]] = []
    done = 0
    for done, row in scoring.rows_of(inputs, meant):
        rows.append(row)
        if len(rows) >= ROWS_AT_ONCE:
            held.tell({"done": done}, rows)
            rows = []
        else:
            held.tell({"done": done})
    held.tell({"done": done}, rows)


def _basis(inputs: Inputs) -> dict[str, Any]:
    counts = {kind.value: len(rows) for kind, rows in inputs.kinds.items()}
    return {"proposals": len(inputs.subjects), **counts, "weights": inputs.weights}


def try_again(call: Call, *, by: Actor) -> bool:
    """Ask for the call's affinities although nothing of what they are made from has changed.

    Demands: ``CALL_OVERSEE``. Records: what is wanted; the error before is forgotten. Raises: Refused. Returns: whether
    they will be made anew; not where they are being made just now.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    now = clock.now()
    free = sa.or_(AffinityRun.lease_until.is_(None), AffinityRun.lease_until <= now)
    values = {"wanted_at": now, "inputs": "", "failed": ""}
    return leasing.put(AffinityRun, sa.and_(AffinityRun.call_id == call.id, free), values)
