"""People for the tests of this room and of its pages."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from intake.audit.models import Event
from intake.extensions import db
from intake.notification.models import Message
from intake.people import passwords
from intake.people.models import Person, RoleGrant
from intake.policy import Grant

PASSWORD = "green tea at four"


def somebody(
    app: Flask, email: str, *grants: Grant, name: str = "", password: str | None = PASSWORD, **more: Any
) -> int:
    """A person with an account; their id."""
    with app.app_context():
        person = Person(email=email, name=name or email.partition("@")[0].title(), **more)
        person.password_hash = passwords.kept(password) if password else ""
        db.session.add(person)
        db.session.flush()
        for each in grants:
            scope = {"programme_id": each.programme_id, "call_id": each.call_id, "sponsor_id": each.sponsor_id}
            db.session.add(RoleGrant(person_id=person.id, role=each.role, **scope))
        db.session.commit()
        return person.id


def happened(app: Flask, action: str) -> list[Event]:
    """The events of that action, oldest first."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Event).where(Event.action == action).order_by(Event.position)))


def letters_to(app: Flask, email: str) -> list[Message]:
    """The letters to an address, oldest first."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Message).where(Message.to_address == email).order_by(Message.id)))


def link_in(message: Message) -> str:
    """The path of the link in a letter."""
    found = re.search(r"https?://[^/\s]+(/(?:password|invitation)/\S+)", message.body_text)
    assert found, message.body_text
    return found.group(1)


def read(app: Flask, person_id: int) -> Person:
    """The person as they are now, with grants."""
    from intake.people import queries

    with app.app_context():
        person = queries.one(person_id)
        assert person is not None
        return person
