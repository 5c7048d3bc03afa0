"""The time. Nothing else in the product reads a clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

AMBIGUOUS = frozenset({"ADT", "AST", "BST", "CDT", "CST", "IST", "PDT", "PST", "SST"})
"""Letters that stand for more than one zone, such as CST for Shanghai, Chicago and Havana, and what goes with them."""
_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)
_arrived_at: ContextVar[datetime | None] = ContextVar("arrived_at", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; or the one that ``at`` holds."""
    return _standing_at.get() or datetime.now(UTC)


def zone_name(there: datetime) -> str:
    """How the clock of ``there`` is called: ``HKT``; the city where these letters would be ambiguous (``Shanghai``),
    ``UTC+08`` where there are none."""
    letters = there.tzname() or ""
    city = str(getattr(there.tzinfo, "key", "")).rpartition("/")[2].replace("_", " ")
    if letters in AMBIGUOUS and city:
        return city
    return f"UTC{letters}" if letters[:1] in "+-" else letters


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let ``now`` answer ``instant`` inside the block. The demo tells its past with it; tests use it too.

    Raises ValueError for an instant without a zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    token = _standing_at.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _standing_at.reset(token)


LONGEST_UNDER_WAY = timedelta(minutes=15)
"""A request that takes longer than this to come in whole was not sent when it began: none keeps a door open."""


def arrived() -> datetime:
    """When the request at hand reached us, before its body was read and before it waited for anything, but at most
    ``LONGEST_UNDER_WAY`` ago; outside a request the present. Deadlines are held against it: what was sent in time is in
    time, however long we take.
    """
    if (standing := _standing_at.get()) is not None:
        return standing
    present = datetime.now(UTC)
    return max(_arrived_at.get() or present, present - LONGEST_UNDER_WAY)


@contextmanager
def arriving(instant: datetime | None = None) -> Iterator[None]:
    """Let ``arrived`` answer with ``instant`` (else this moment) inside the block; what an outer block said stands."""
    token = _arrived_at.set(_arrived_at.get() or instant or datetime.now(UTC))
    try:
        yield
    finally:
        _arrived_at.reset(token)
