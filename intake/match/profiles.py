"""The profiles that a coordinator keeps, with how much each says."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.extensions import db
from intake.match.models import ThemeLevel
from intake.match.profile import sponsors_of
from intake.people.models import Person, Publication, RoleGrant
from intake.people.queries import found
from intake.policy import Actor
from intake.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Line:
    """One person with what their profile holds."""

    person: Person
    publications: int
    levels: int

    @property
    def empty(self) -> bool:
        """Nothing can be compared with anything."""
        return not (self.person.keywords or self.person.expertise or self.publications or self.levels)


def _kept_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Active people whose profile the actor keeps as a coordinator. Statements: 1."""
    if not actor.holds(Role.COORDINATOR):
        return sa.false()
    theirs = sorted(each for each in sponsors_of(actor) if each is not None)
    contact = sa.and_(RoleGrant.role == Role.SPONSOR_CONTACT, RoleGrant.sponsor_id.in_(theirs))
    held = sa.and_(RoleGrant.revoked_at.is_(None), sa.or_(RoleGrant.role == Role.REVIEWER, contact))
    return sa.and_(Person.active, Person.grants.any(held))


def listed(actor: Actor, words: str, first: int, most: int) -> tuple[list[Line], int]:
    """The reviewers, and the contacts of the sponsors of the actor's calls, whose name or address holds ``words``; by
    name, ``most`` of them from row ``first`` on. Returns: these, with department and grants, and how many there are.
    Statements: 4 to 6, however many rows."""
    where = sa.and_(_kept_by(actor), found(words))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(where)) or 0
    written = sa.select(sa.func.count()).where(Publication.person_id == Person.id, Publication.removed_at.is_(None))
    said = sa.select(sa.func.count()).where(ThemeLevel.person_id == Person.id)
    rows = db.session.execute(
        sa.select(Person, written.scalar_subquery(), said.scalar_subquery())
        .where(where)
        .options(joinedload(Person.department), selectinload(Person.grants))
        .order_by(Person.name, Person.id)
        .offset(first)
        .limit(most)
    )
    return [Line(*row) for row in rows], total
