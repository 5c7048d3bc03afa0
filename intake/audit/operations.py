"""What may happen to the log: things are recorded in it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from intake import clock
from intake.audit.chain import UNSEALED
from intake.audit.models import Event
from intake.extensions import db
from intake.policy import Actor

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request (or command) at work, set from outside, kept with each event."""


def record(
    action: str,
    subject_type: str,
    subject_id: int | None,
    *,
    by: Actor,
    was: str = "",
    became: str = "",
    note: str = "",
    **facts: Any,
) -> None:
    """Note in the log that ``by`` did ``action``. It enters the chain when the transaction commits, or never.

    Records: one event. ``facts`` must be plain JSON values.
    """
    event = Event(
        at=clock.now(),
        actor_id=by.id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        was=was,
        became=became,
        note=note,
        facts=facts,
        request_id=request_id.get(),
    )
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that a rollback forgets the event even if nothing else was asked of the database
    session.info.setdefault(UNSEALED, []).append(event)
