"""What may happen to reminders: those that are due are sent, each once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from intake import clock
from intake.extensions import db
from intake.notification.operations import Envelope, post_all
from intake.reminder import letters
from intake.reminder.models import Reminder
from intake.reminder.queries import Due, due

AT_ONCE = 200


def remind(most: int = AT_ONCE) -> int:
    """Send the reminders that are due now, at most ``most``.

    Demands: nothing: the time does it. Records: each reminder before its letter is written, so that of two workers at
    once only one writes it. Tells: those of the teams who may edit and want it. Statements: 7 at most.
    Returns: how many were found; fewer than ``most`` means that none is left.
    """
    found = due(clock.now(), most)
    mine = _recorded(found)
    post_all(
        Envelope(letters.of(each), each.email, each.name, each.person_id, each.proposal_id)
        for each in found
        if not each.late and (each.proposal_id, each.person_id, each.kind) in mine
    )
    return len(found)


def _recorded(found: list[Due]) -> set[tuple[int, int, str]]:
    """Note them as sent; those that nobody noted before. Statements: 1 (none for nothing)."""
    if not found:
        return set()
    now = clock.now()
    rows = [
        {
            "proposal_id": each.proposal_id,
            "person_id": each.person_id,
            "kind": each.kind,
            "closes_at": each.ends,
            "sent_at": now,
        }
        for each in found
    ]
    noted = (
        _insert(Reminder)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(Reminder.proposal_id, Reminder.person_id, Reminder.kind)
    )
    return {(row.proposal_id, row.person_id, row.kind) for row in db.session.execute(noted)}


def _insert(model: Any) -> Any:
    """An INSERT that can pass over what is there; both engines have it, each in a dialect of its own."""
    return sqlite.insert(model) if db.engine.dialect.name == "sqlite" else postgresql.insert(model)
