"""What may be asked about people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from intake.extensions import db
from intake.people.models import Department, Person, RoleGrant, StandIn
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
    """Active people who hold a role (for a sponsor, if given), by name, with department and publications.

    Statements: 2.
    """
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
    """The coordinators of a call or of its programme, by name, with their other addresses. Statements: 2."""
    held = Person.grants.any(
        sa.and_(
            RoleGrant.role == Role.COORDINATOR,
            RoleGrant.revoked_at.is_(None),
            sa.or_(RoleGrant.programme_id == programme_id, RoleGrant.call_id == call_id),
        )
    )
    asked = sa.select(Person).where(held, Person.active).options(selectinload(Person.addresses))
    return db.session.scalars(asked.order_by(Person.name, Person.id)).all()


def standing_in(proposal_id: int) -> Sequence[StandIn]:
    """Who stands in for the office with the proposal, with the person and their other addresses, the first named
    first. Statements: 2."""
    return db.session.scalars(
        sa.select(StandIn)
        .join(StandIn.person)
        .where(StandIn.proposal_id == proposal_id, StandIn.ended_at.is_(None), Person.active)
        .options(contains_eager(StandIn.person).selectinload(Person.addresses))
        .order_by(StandIn.id)
    ).all()


def departments() -> Sequence[Department]:
    """Every department, by code. Statements: 1."""
    return db.session.scalars(sa.select(Department).order_by(Department.code)).all()


SORTS = {"name": Person.name, "email": Person.email, "since": Person.created_at}


def found(words: str = "", role: Role | None = None, state: str = "") -> sa.ColumnElement[bool]:
    """People whose name or address holds every one of ``words`` (part words too), who hold ``role``, and whose account
    is in ``state``: ``open``, ``closed`` or ``invited`` (open, without a password yet)."""
    asked: list[sa.ColumnElement[bool]] = [
        sa.or_(
            sa.func.lower(Person.name).contains(part, autoescape=True),
            Person.name.contains(part, autoescape=True),
            Person.name_zh.contains(part, autoescape=True),
            Person.email.contains(part, autoescape=True),
        )
        for part in words.lower().split()[:8]
    ]
    if role is not None:
        asked.append(Person.grants.any(sa.and_(RoleGrant.role == role, RoleGrant.revoked_at.is_(None))))
    if state in ("open", "closed"):
        asked.append(Person.active.is_(state == "open"))
    if state == "invited":
        asked.append(sa.and_(Person.active, Person.password_hash == ""))
    return sa.and_(sa.true(), *asked)


def count(where: sa.ColumnElement[bool]) -> int:
    """How many people there are like that. Statements: 1."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(where)) or 0


def page(where: sa.ColumnElement[bool], sort: str, first: int, most: int) -> Sequence[Person]:
    """People like that, with department and grants, by ``sort`` (a key of SORTS, falling with ``-`` before it), from
    row ``first`` on. Statements: 2."""
    column = SORTS.get(sort.removeprefix("-"), Person.name)
    order = (column.desc(), Person.id.desc()) if sort.startswith("-") else (column, Person.id)
    return db.session.scalars(
        sa.select(Person)
        .where(where)
        .options(joinedload(Person.department), selectinload(Person.grants))
        .order_by(*order)
        .offset(first)
        .limit(most)
    ).all()


def grant(grant_id: int) -> RoleGrant | None:
    """The grant with its person, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(RoleGrant)
        .join(RoleGrant.person)
        .where(RoleGrant.id == grant_id)
        .options(contains_eager(RoleGrant.person))
    ).one_or_none()


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id. Statements: 1."""
    known = sorted({each for each in ids if each is not None})
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(known))).all()
    return {row.id: row.name for row in rows}


def with_grants(ids: Iterable[int | None]) -> Sequence[Person]:
    """Those people, by name, with department and grants. Statements: 2."""
    known = sorted({each for each in ids if each is not None})
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(known))
        .options(joinedload(Person.department), selectinload(Person.grants))
        .order_by(Person.name, Person.id)
    ).all()
