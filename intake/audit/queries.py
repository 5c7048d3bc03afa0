"""What may be asked of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake.audit.models import Event
from intake.extensions import db


def found(
    *,
    action: str = "",
    actors: sa.Select[Any] | None = None,
    subject: tuple[str, sa.Select[Any]] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    less: tuple[str, sa.Select[Any]] | None = None,
) -> sa.ColumnElement[bool]:
    """Events whose action begins with ``action``, by one of ``actors``, about ``subject`` (a type and its ids), from
    ``since`` to before ``until``; without those about ``less``."""
    asked: list[sa.ColumnElement[bool]] = []
    if action:
        asked.append(Event.action.startswith(action, autoescape=True))
    if actors is not None:
        asked.append(Event.actor_id.in_(actors))
    if subject is not None:
        asked.append(sa.and_(Event.subject_type == subject[0], Event.subject_id.in_(subject[1])))
    if since is not None:
        asked.append(Event.at >= since)
    if until is not None:
        asked.append(Event.at < until)
    if less is not None:
        asked.append(sa.not_(sa.and_(Event.subject_type == less[0], Event.subject_id.in_(less[1]))))
    return sa.and_(sa.true(), *asked)


def count(where: sa.ColumnElement[bool]) -> int:
    """How many such events there are. Statements: 1."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(where)) or 0


def page(where: sa.ColumnElement[bool], first: int, most: int) -> Sequence[Event]:
    """Such events, the newest first, from row ``first`` on. Statements: 1."""
    return db.session.scalars(
        sa.select(Event).where(where).order_by(Event.position.desc()).offset(first).limit(most)
    ).all()


def of_subject(subject_type: str, subject_id: int) -> Sequence[Event]:
    """The events of one subject, oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Event)
        .where(Event.subject_type == subject_type, Event.subject_id == subject_id)
        .order_by(Event.position)
    ).all()
