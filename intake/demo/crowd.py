"""The people of a generated call: faculty, reviewers, and a coordinator who sees it. Made once, found again later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import sqlalchemy as sa

from intake import clock
from intake.demo import texts, words
from intake.extensions import db
from intake.people import passwords
from intake.people.granting import give
from intake.people.models import Department, Person, RoleGrant
from intake.people.queries import with_email
from intake.people.sign_in import actor_of
from intake.policy import NOBODY, Actor, Grant
from intake.vocabulary import Appointment, Role

FACULTY = 200
COORDINATOR = "coordinator.hirp@example.org"


@dataclass(frozen=True, slots=True)
class Crowd:
    """The coordinator as the policy knows them; faculty as rows (id, name, email, department); reviewers' ids."""

    coordinator: Actor
    faculty: list[sa.Row[int, str, str, str]]
    reviewers: list[int]


def gather(programme_id: int, reviewers: int, seed: int) -> Crowd:
    """Find the people, and make those who are missing; they sign in with the demonstration's password."""
    secret = passwords.kept(texts.password())
    chance = Random(f"people {seed}")  # noqa: S311 - no secret: the same seed gives the same people
    _make("faculty", FACULTY, Role.FACULTY, Appointment.FULL_TIME_FACULTY, secret, chance)
    _make("reviewer", reviewers, Role.REVIEWER, Appointment.OUTSIDE, secret, chance)
    asked = (
        sa.select(Person.id, Person.name, Person.email, Department.name.label("department"))
        .outerjoin(Department, Department.id == Person.department_id)
        .order_by(Person.email)
    )
    faculty = list(db.session.execute(asked.where(Person.email.in_(list(addresses("faculty", FACULTY))))))
    # too many for one list of parameters: the addresses have a fixed width, so their order is that of their numbers
    last = address("reviewer", reviewers)
    found = db.session.scalars(
        sa.select(Person.id).where(Person.email.between(address("reviewer", 1), last)).order_by(Person.email)
    )
    return Crowd(_coordinator(programme_id, secret), faculty, list(found))


def address(kind: str, number: int) -> str:
    """The address of the generated person of that kind with that number, from 1 on."""
    return f"load.{kind}.{number:06d}@example.org"


def addresses(kind: str, count: int) -> Iterator[str]:
    """The addresses of all of them, in order."""
    return (address(kind, number) for number in range(1, count + 1))


def _make(kind: str, count: int, role: Role, appointment: Appointment, secret: str, chance: Random) -> None:
    known = set(db.session.scalars(sa.select(Person.email).where(Person.email.startswith(f"load.{kind}."))))
    departments = db.session.scalars(sa.select(Department.id).order_by(Department.code)).all()
    inside = role is Role.FACULTY
    rows = [
        {
            "email": email,
            "name": words.name(chance),
            "department_id": departments[place % len(departments)] if inside else None,
            "organisation": "" if inside else "Muster Institute",
            "appointment": appointment,
            "password_hash": secret,
            "created_at": clock.now(),
        }
        for place, email in enumerate(addresses(kind, count))
        if email not in known
    ]
    if rows:
        ids = db.session.scalars(sa.insert(Person.__table__).returning(Person.__table__.c.id), rows).all()  # type: ignore[arg-type]
        grants = [{"person_id": number, "role": role, "granted_at": clock.now()} for number in ids]
        db.session.execute(sa.insert(RoleGrant.__table__), grants)  # type: ignore[arg-type]


def _coordinator(programme_id: int, secret: str) -> Actor:
    person = with_email(COORDINATOR)
    if person is None:
        person = Person(email=COORDINATOR, name="Dr Quinn Example", password_hash=secret, grants=[])
        db.session.add(person)
        db.session.flush()
        give(person, Grant(Role.COORDINATOR, programme_id=programme_id), by=NOBODY)
    return actor_of(person)
