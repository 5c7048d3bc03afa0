"""People as the policy knows them, many at once: who takes part in a meeting, and what they may read there."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake.extensions import db
from intake.people.models import Person
from intake.people.sign_in import actor_of
from intake.policy import Actor


def actors(ids: Iterable[int | None]) -> list[tuple[Person, Actor]]:
    """Those people, by name, each as the policy knows them. Statements: 4, however many they are."""
    known = sorted({each for each in ids if each is not None})
    asked = sa.select(Person).where(Person.id.in_(known)).options(
        selectinload(Person.grants), selectinload(Person.addresses), selectinload(Person.stands_in)
    )  # fmt: skip
    people = db.session.scalars(asked.order_by(Person.name, Person.id)).all()
    return [(each, actor_of(each)) for each in people]
