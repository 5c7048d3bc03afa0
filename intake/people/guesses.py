"""Guessing is slowed down: failures are counted for each address and each network, in the database, for all processes.

Whoever asks first takes a lock on the keys until the end of the transaction (on SQLite the transaction that means to
write is alone anyway), so that many guesses at once cannot all pass before the first of them is counted.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from intake import clock
from intake.errors import IntakeError
from intake.extensions import db
from intake.people.models import Guess
from intake.people.sign_in import hashed
from intake.vocabulary import say

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)


class TooMany(IntakeError):
    """Too many tries; ``until`` is when the next is taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(say("Too many tries. Try again at %(when)s, or ask the office.", when=until))
        self.until = until


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted: ``key`` (never kept as it is, only hashed) and how many are free in ``WINDOW``."""

    key: str
    free: int

    @property
    def hash(self) -> str:
        """What the table knows it by."""
        return hashed(self.key)


def network_of(address: str) -> str:
    """The network that an internet address counts as: itself, or for IPv6 the /64 that one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def demand_calm(counters: tuple[Counter, ...]) -> None:
    """Go on only while none of the counters is full. Raises TooMany with the time when a place is free again."""
    _stand_in_line(counters)
    since = clock.now() - WINDOW
    full = []
    for counter in counters:
        newest_first = (
            sa.select(Guess.at).where(Guess.key_hash == counter.hash, Guess.at > since).order_by(Guess.at.desc())
        )
        oldest_that_counts = db.session.scalar(newest_first.offset(counter.free - 1).limit(1))
        if oldest_that_counts is not None:
            full.append(oldest_that_counts + WINDOW)
    if full:
        raise TooMany(max(full))


def count(counters: tuple[Counter, ...]) -> None:
    """Count one guess against each of the counters, and forget those of yesterday."""
    db.session.execute(sa.delete(Guess).where(Guess.at < clock.now() - KEPT))
    db.session.add_all(Guess(key_hash=counter.hash) for counter in counters)
    db.session.flush()


def forgive(counter: Counter) -> None:
    """Start to count anew, after the right password."""
    db.session.execute(sa.delete(Guess).where(Guess.key_hash == counter.hash))


def _stand_in_line(counters: tuple[Counter, ...]) -> None:
    """Let guesses at the same key go one after the other, whichever process they come to."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for number in sorted(int(counter.hash[:15], 16) for counter in counters):
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
