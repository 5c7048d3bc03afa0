"""What may be asked of the outbox."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from intake.extensions import db
from intake.notification.models import Message
from intake.vocabulary import MessageState


def found(to: str = "", state: MessageState | None = None, kind: str = "") -> sa.ColumnElement[bool]:
    """Messages to an address that holds ``to``, in ``state``, whose kind begins with ``kind``."""
    asked: list[sa.ColumnElement[bool]] = []
    if to:
        asked.append(Message.to_address.contains(to.lower(), autoescape=True))
    if state is not None:
        asked.append(Message.state == state)
    if kind:
        asked.append(Message.kind.startswith(kind, autoescape=True))
    return sa.and_(sa.true(), *asked)


def count(where: sa.ColumnElement[bool]) -> int:
    """How many such messages there are. Statements: 1."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Message).where(where)) or 0


def page(where: sa.ColumnElement[bool], first: int, most: int) -> Sequence[Message]:
    """Such messages, the newest first, from row ``first`` on. Statements: 1."""
    return db.session.scalars(
        sa.select(Message).where(where).order_by(Message.id.desc()).offset(first).limit(most)
    ).all()


def one(message_id: int) -> Message | None:
    """The message, or None. Statements: 1."""
    return db.session.get(Message, message_id)
