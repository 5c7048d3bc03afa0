"""How a worker takes a row: with a lease, in one statement, so that no two workers hold the same one.

A worker that dies leaves its lease behind; when it has run out, another takes the row up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from intake import clock
from intake.engine import writing
from intake.extensions import db

Due = Callable[[Any, datetime], sa.ColumnElement[bool]]
"""Which rows wait, by the model (or an alias of it) and the present instant."""


def waits(model: Any, due: Due) -> bool:
    """Whether there is anything to take; asked first, since taking would lock the whole of an SQLite database."""
    found = db.session.scalar(sa.select(model.id).where(due(model, clock.now())).limit(1))
    db.session.rollback()
    return found is not None


def take(model: Any, due: Due, lease: str, values: dict[str, Any], columns: Sequence[Any]) -> Any:
    """Set ``values`` on the row whose ``lease`` (a column's name) ran out longest ago, never held ones first, that no
    other worker is taking. Commits. Returns: its ``columns``, or None when nothing is due."""
    each = aliased(model)
    first = (
        sa.select(each.id).where(due(each, clock.now())).order_by(getattr(each, lease).nulls_first(), each.id).limit(1)
    )
    statement = (
        sa.update(model)
        .where(model.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(**values)
        .returning(*columns)
    )
    with writing():
        row = db.session.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
        db.session.commit()
    return row


def put(model: Any, which: sa.ColumnElement[bool], values: dict[str, Any]) -> bool:
    """Set ``values`` on the one row that ``which`` still describes; a worker that lost its lease changes nothing. The
    caller commits. Returns: whether it was there."""
    done = db.session.execute(
        sa.update(model).where(which).values(**values), execution_options={"synchronize_session": False}
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined]
