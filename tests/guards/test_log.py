"""The log only grows, and a change to it shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from intake.audit.chain import verify
from intake.audit.models import Event
from intake.audit.operations import record
from intake.extensions import db
from intake.policy import Actor


def happen(*notes: str) -> None:
    """Some events, each in its own transaction."""
    for note in notes:
        record("test.happened", "test", 1, by=Actor(7), note=note)
        db.session.commit()


def test_events_form_a_chain(room: Flask) -> None:
    happen("one", "two", "三")
    rows = db.session.scalars(sa.select(Event).order_by(Event.position)).all()
    assert [row.note for row in rows] == ["one", "two", "三"]
    assert rows[0].previous == "0" * 64
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert verify() == (3, None)


def test_a_rolled_back_act_leaves_no_event(room: Flask) -> None:
    record("test.happened", "test", 1, by=Actor(7))
    db.session.rollback()
    happen("after")
    assert verify() == (1, None)


@pytest.mark.parametrize("act", [sa.update(Event).values(note="never"), sa.delete(Event)], ids=["change", "delete"])
def test_the_database_refuses_to_alter_the_log(room: Flask, act: sa.Executable) -> None:
    happen("one")
    with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
        db.session.execute(act)


def test_a_forged_row_is_found(room: Flask) -> None:
    happen("one", "two")
    last = db.session.scalars(sa.select(Event).order_by(Event.position.desc()).limit(1)).one()
    values = {
        column.name: getattr(last, column.name)
        for column in Event.__table__.columns
        if column.name not in ("position", "hash", "previous")
    }
    db.session.execute(sa.insert(Event).values(**values | {"position": 3, "previous": last.hash, "hash": "f" * 64}))
    assert verify() == (2, "event 3 was changed")


def test_a_missing_row_is_found(room: Flask) -> None:
    happen("one")
    first = db.session.scalars(sa.select(Event)).one()
    values = {column.name: getattr(first, column.name) for column in Event.__table__.columns}
    db.session.execute(sa.insert(Event).values(**values | {"position": 3, "previous": first.hash, "hash": "e" * 64}))
    assert verify() == (1, "event 2 is missing")
