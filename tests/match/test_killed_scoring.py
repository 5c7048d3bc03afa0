"""A worker that is ended with -9 while it scores leaves the scores as they were; another one makes them, whole."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from intake import background, clock
from intake.engine import writing
from intake.extensions import db
from intake.match import stamps
from intake.match.models import Affinity, AffinityRun
from intake.match.queries import current
from intake.proposal.models import Proposal
from intake.vocabulary import Role, State
from tests.killable import LEASE_SECONDS
from tests.match.small import LIGHT, Small, build, somebody
from tests.processes import environment, mail_worker

PROPOSALS = 30
READERS = 30
KEPT = (PROPOSALS + 2) * (READERS + 2 + 2 + 1)
"""Of call A: each proposal with every reviewer, two themes and one contact."""


def office() -> Small:
    """The small office with so many proposals and readers that scoring takes a second or two."""
    small = build()
    for number in range(READERS):
        somebody(f"Reader {number}", Role.REVIEWER, works=tuple(f"{LIGHT[1]} Part {part}" for part in range(9)))
    for number in range(PROPOSALS):
        db.session.add(
            Proposal(
                call_id=small.calls["A"],
                state=State.SUBMITTED,
                title=f"{LIGHT[0]} {number}",
                abstract=LIGHT[1] * 20,
                keywords=LIGHT[2],
                number=f"X-{number}",
                submitted_at=clock.now(),
            )
        )
    db.session.commit()
    stamps.look()
    return small


def look(app: Flask, small: Small, *, counting: bool = True) -> tuple[bool, int, int]:
    """Whether a worker holds call A, how many proposals it says are done, and how many rows there are, of those that
    count or of all."""
    with app.app_context():
        run = db.session.get_one(AffinityRun, small.calls["A"])
        ours = sa.select(Proposal.id).where(Proposal.call_id == small.calls["A"])
        among = sa.and_(Affinity.proposal_id.in_(ours), current() if counting else sa.true())
        rows = db.session.scalar(sa.select(sa.func.count(Affinity.id)).where(among))
        return run.lease_until is not None, run.done, rows or 0


def wait(app: Flask, true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the worker scored nothing"
        background.wake(app)
        time.sleep(0.02)


def test_a_killed_workers_scoring_is_taken_up_by_another(fresh_app: Flask) -> None:
    with fresh_app.app_context(), writing():
        small = office()
    env = environment(fresh_app)
    with mail_worker(env) as worker:
        wait(fresh_app, lambda: look(fresh_app, small)[0], 60)
        worker.kill()
        worker.join(10)
        assert worker.exitcode == -signal.SIGKILL
    held, _, rows = look(fresh_app, small)
    assert (held, rows) == (True, 0), "held by nobody who lives, and nothing is half there"
    with mail_worker(env):
        wait(fresh_app, lambda: not look(fresh_app, small)[0], 120 + LEASE_SECONDS)
    assert look(fresh_app, small) == (False, PROPOSALS + 2, KEPT)
    assert look(fresh_app, small, counting=False) == (False, PROPOSALS + 2, KEPT), "and nothing else is left"
