"""People, the calls of the catalogue, and proposals of them, made through the product's own verbs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.call import queries as calls
from intake.call.models import Call
from intake.catalogue.loading import load_file
from intake.extensions import db
from intake.people.models import Department, Person, RoleGrant
from intake.policy import Actor, Grant
from intake.proposal import queries
from intake.proposal.answers import form_of
from intake.proposal.models import Proposal
from intake.proposal.writing import start, write
from intake.vocabulary import Appointment, Role

CATALOGUE = Path(__file__).parents[2] / "catalogue" / "catalogue.json"
ANSWERS: dict[str, Any] = {
    "title": "Optical interconnects for rack-scale computing",
    "title_zh": "機櫃級運算的光互連",
    "abstract": "We join racks by light. 我們以光連接機櫃。",
    "keywords": "optics, racks",
    "description": "Three steps.\n\nEach is short.",
    "amount_minor": 6_500_000,
    "duration_months": 12,
    "nothing_confidential": True,
    "own_work": True,
    "one_university": True,
}
"""What HIRP 2020 and AIR 2021 both take, once a theme is chosen."""


def load_catalogue() -> None:
    """The catalogue, with every dated call open since yesterday and for thirty days."""
    load_file(CATALOGUE)
    now = clock.now()
    for call in db.session.scalars(sa.select(Call).where(~Call.standing)):
        call.opens_at, call.closes_at = now - timedelta(days=1), now + timedelta(days=30)
    db.session.flush()


def call_with(code: str) -> Call:
    """A call of the catalogue, with all that goes with it."""
    found = calls.one(code)
    assert found is not None
    return found


def person_with(name: str, *roles: tuple[Role, dict[str, int]], **columns: Any) -> Person:
    """Somebody with an account and these roles, each with its scope."""
    made = Person(name=name, email=f"{name.lower().replace(' ', '.')}@example.org", **columns)
    db.session.add(made)
    db.session.flush()
    db.session.add_all(RoleGrant(person_id=made.id, role=role, **scope) for role, scope in roles)
    db.session.flush()
    return made


def faculty_member(
    name: str = "Ada Applicant", appointment: Appointment = Appointment.FULL_TIME_FACULTY, department: str = "COMP"
) -> Person:
    """Somebody who may start proposals, of a department of the catalogue, if it is loaded."""
    of = db.session.scalar(sa.select(Department).where(Department.code == department))
    return person_with(name, (Role.FACULTY, {}), appointment=appointment, department_id=of.id if of else None)


def actor(person: Person) -> Actor:
    """The person as the policy knows them now."""
    standing = sa.select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    grants = (Grant(row.role, row.programme_id, row.call_id, row.sponsor_id) for row in db.session.scalars(standing))
    return Actor(person.id, frozenset(grants))


def draft(call: Call, by: Person, **answers: Any) -> Proposal:
    """A draft with a theme of the call and ``ANSWERS``, less what ``answers`` says otherwise."""
    who = actor(by)
    begun = whole(start(call, by=who, organisation="Department of Computing"))
    asked = {question.key for question in form_of(begun).questions}
    theme = {"theme_id": call.themes[0].id} if call.themes and "theme_id" in asked else {}
    common = {key: value for key, value in ANSWERS.items() if key in asked}
    write(begun, {**common, **theme, **answers}, version=begun.version, by=who)
    return whole(begun)


def whole(proposal: Proposal | int) -> Proposal:
    """The proposal as it is in the database, with all that writing and submitting read."""
    found = queries.whole(proposal if isinstance(proposal, int) else proposal.id)
    assert found is not None
    return found
