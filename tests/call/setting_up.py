"""What the tests of a call's set-up share: the small catalogue, and its coordinator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from intake.audit.models import Event
from intake.call import queries
from intake.call.models import Call
from intake.extensions import db
from intake.policy import Actor, Grant
from intake.programme.models import Programme
from intake.vocabulary import Role

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def call(code: str = "PRG-1") -> Call:
    """The call as its set-up reads it, fresh from the database."""
    db.session.expire_all()
    found = queries.to_set_up(code)
    assert found is not None
    return found


def programme(code: str = "PRG") -> Programme:
    return db.session.scalars(
        sa.select(Programme).where(Programme.code == code).options(sa.orm.joinedload(Programme.sponsor))
    ).one()


def office() -> Actor:
    """A coordinator of every programme."""
    ids = db.session.scalars(sa.select(Programme.id)).all()
    return Actor(5, frozenset(Grant(Role.COORDINATOR, programme_id=each) for each in ids))


def events(action: str) -> list[Any]:
    """The facts of the events of that kind, oldest first."""
    return list(db.session.scalars(sa.select(Event.facts).where(Event.action == action).order_by(Event.position)))
