"""A call's run as a worker holds it: how far it is, the rows it has made, and what it clears away.

Rows are written as they are made, in short transactions, under a generation of the worker's own, and nobody sees them
until the run names that generation. So the scores before count whole until the new ones do, and no lock is held for
long, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from intake import clock, leasing
from intake.engine import writing
from intake.extensions import db
from intake.match.models import Affinity, AffinityRun
from intake.proposal.models import Proposal

TOLD_EACH = timedelta(seconds=1)
"""How often a worker says how far it is; each time its lease begins anew."""
CLEARED_AT_ONCE = 40
"""Proposals, each with some sixty rows."""
_UNSEEN = {"synchronize_session": False}


class Stopped(Exception):
    """The worker is to end, or another one has taken the run."""


@dataclass(slots=True)
class Held:
    """A run that this worker holds, the generation that it writes, and until when it holds it."""

    call_id: int
    generation: int
    until: datetime
    lease: timedelta
    ended: Callable[[], bool]
    told_at: datetime

    def mine(self) -> sa.ColumnElement[bool]:
        """Whether it is still this worker's."""
        return sa.and_(AffinityRun.call_id == self.call_id, AffinityRun.lease_until == self.until)

    def tell(self, values: dict[str, Any], rows: Sequence[dict[str, Any]] = (), *, at_once: bool = False) -> None:
        """Say how far it is (``values`` of the run), put ``rows`` among those of its generation, and keep the lease.
        Without rows it speaks once a second only, or ``at_once``. Commits. Raises: Stopped."""
        if self.ended():
            raise Stopped
        now = clock.now()
        if not rows and not at_once and now - self.told_at < TOLD_EACH:
            return
        until = now + self.lease
        with writing():
            kept = leasing.put(AffinityRun, self.mine(), {**values, "lease_until": until})
            if kept and rows:
                db.session.execute(sa.insert(Affinity), [row | {"generation": self.generation} for row in rows])
            db.session.commit()
        if not kept:
            raise Stopped
        self.until, self.told_at = until, now

    def let_go(self, values: dict[str, Any]) -> None:
        """Hold it no longer; where another worker has taken it, that one's run stays as it is. Commits."""
        with writing():
            leasing.put(AffinityRun, self.mine(), {"lease_until": None, **values})
            db.session.commit()


def clear(held: Held, tell: Callable[[], None]) -> None:
    """Delete the call's rows that do not count, up to the worker's own generation: those before, and what was written
    by workers that died. ``tell`` is called before each few proposals. Commits, often."""
    counts = sa.select(AffinityRun.generation).where(AffinityRun.call_id == held.call_id).scalar_subquery()
    theirs = sa.select(Proposal.id).where(Proposal.call_id == held.call_id).order_by(Proposal.id)
    ids = db.session.scalars(theirs).all()
    db.session.rollback()
    for at in range(0, len(ids), CLEARED_AT_ONCE):
        tell()
        over = sa.and_(
            Affinity.proposal_id.in_(ids[at : at + CLEARED_AT_ONCE]),
            Affinity.generation <= held.generation,
            Affinity.generation != counts,
        )
        found = db.session.scalar(sa.select(Affinity.id).where(over).limit(1))
        db.session.rollback()
        if found is not None:
            with writing():
                db.session.execute(sa.delete(Affinity).where(over), execution_options=_UNSEEN)
                db.session.commit()
