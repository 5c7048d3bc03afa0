"""The hash chain of the log: how an event's hash is made, and how events are sealed into the chain.

The hash of an event is SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of its row without ``hash``,
in which ``previous`` is the hash of the event before it; the first event's ``previous`` is 64 zeros.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from intake.audit.models import Event
from intake.extensions import db

GENESIS = "0" * 64
UNSEALED = "unsealed events"
_LOCK = 7_316_420  # any number, the same in every process: the advisory lock that orders writers of the chain


def canonical(content: Any) -> bytes:
    """Canonical JSON: the same content gives the same bytes, whatever the order of its keys."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(event: Event) -> str:
    """The event's hash, 64 hexadecimal digits."""
    row = {
        "position": event.position,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor_id": event.actor_id,
        "action": event.action,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "was": event.was,
        "became": event.became,
        "note": event.note,
        "facts": event.facts,
        "request_id": event.request_id,
        "previous": event.previous,
    }
    return hashlib.sha256(canonical(row)).hexdigest()


def _seal(session: Session) -> None:
    """Give the waiting events of a transaction their places at the end of the chain, just before it commits.

    Done last so that the lock that orders writers is held for the shortest time and no other lock is taken after it.
    """
    waiting: list[Event] = session.info.pop(UNSEALED, [])
    if not waiting:
        return
    session.flush()
    if session.get_bind(Event).dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last = session.execute(sa.select(Event.position, Event.hash).order_by(Event.position.desc()).limit(1)).first()
    position, previous = (last.position, last.hash) if last else (0, GENESIS)
    for event in waiting:
        position += 1
        event.position, event.previous = position, previous
        event.hash = previous = hash_of(event)
        session.add(event)
    session.flush()


def _forget(session: Session, transaction: SessionTransaction) -> None:
    """A rolled-back transaction leaves no event."""
    if transaction.parent is None:
        session.info.pop(UNSEALED, None)


def arrange() -> None:
    """Let every transaction of the product seal its events. Called once, by ``create_app``; calling again is
    harmless."""
    if not sa.event.contains(db.session, "before_commit", _seal):
        sa.event.listen(db.session, "before_commit", _seal)
        sa.event.listen(db.session, "after_soft_rollback", _forget)


def verify() -> tuple[int, str | None]:
    """Read the whole chain: the number of good events, and the first fault in words or None."""
    count, previous = 0, GENESIS
    chain = sa.select(Event).order_by(Event.position).execution_options(yield_per=1000)
    with db.session.scalars(chain) as events:  # closed also when a fault ends the reading early
        for event in events:
            if event.position != count + 1:
                return count, f"event {count + 1} is missing"
            if event.previous != previous or event.hash != hash_of(event):
                return count, f"event {event.position} was changed"
            count, previous = count + 1, event.hash
    return count, None
