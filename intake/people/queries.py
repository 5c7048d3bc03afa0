"""What may be asked about people."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.extensions import db
from intake.people.models import Department, Person, RoleGrant
from intake.vocabulary import Role


def with_email(email: str) -> Person | None:
    """The person with that address (any case), grants loaded, or None. Statements: 2."""
    return db.session.scalars(
        sa.select(Person).where(Person.email == email.strip().lower()).options(selectinload(Person.grants))
    ).one_or_none()


def one(person_id: int) -> Person | None:
    """The person with department, grants and publications, or None. Statements: 3."""
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id == person_id)
        .options(joinedload(Person.department), selectinload(Person.grants), selectinload(Person.publications))
    ).one_or_none()


def holders(role: Role, *, sponsor_id: int | None = None) -> Sequence[Person]:
    """Active people who hold a role (for a sponsor, if given), by name, with department and publications. Statements: 2."""
    held = Person.grants.any(
        sa.and_(
            RoleGrant.role == role,
            RoleGrant.revoked_at.is_(None),
            sa.true() if sponsor_id is None else RoleGrant.sponsor_id == sponsor_id,
        )
    )
    return db.session.scalars(
        sa.select(Person)
        .where(held, Person.active)
        .options(joinedload(Person.department), selectinload(Person.publications))
        .order_by(Person.name, Person.id)
    ).all()


def overseers(programme_id: int, call_id: int) -> Sequence[Person]:
    """The coordinators of a call or of its programme, by name. Statements: 1."""
    held = Person.grants.any(
        sa.and_(
            RoleGrant.role == Role.COORDINATOR,
            RoleGrant.revoked_at.is_(None),
            sa.or_(RoleGrant.programme_id == programme_id, RoleGrant.call_id == call_id),
        )
    )
    return db.session.scalars(sa.select(Person).where(held, Person.active).order_by(Person.name, Person.id)).all()


def departments() -> Sequence[Department]:
    """Every department, by code. Statements: 1."""
    return db.session.scalars(sa.select(Department).order_by(Department.code)).all()
