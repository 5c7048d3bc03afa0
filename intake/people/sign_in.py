"""Signing in and out. The browser holds a random token, the database its hash; deleting the row ends the session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from intake import clock
from intake.extensions import db
from intake.people.models import Person, PersonAddress, RoleGrant, SignIn, StandIn
from intake.policy import Actor, Grant

LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser as Flask-Login wants it: the person, their standing grants, and the token."""

    person: Person
    actor: Actor
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def name(self) -> str:
        """The person's name."""
        return self.person.name

    @property
    def email(self) -> str:
        """The person's address."""
        return self.person.email

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


def hashed(token: str) -> str:
    """SHA-256 of a random token: enough for 256 random bits, and quick."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(person: Person) -> str:
    """Sign a person in on one browser. Records: a sign-in row. Returns: the token for its cookie."""
    token = secrets.token_urlsafe(32)
    db.session.add(SignIn(token_hash=hashed(token), person_id=person.id, ends_at=clock.now() + LASTS))
    db.session.flush()
    return token


def end(token: str) -> None:
    """Sign that browser out; its cookie is worth nothing afterwards."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_hash == hashed(token)))


def end_all(person: Person, *, but: str | None = None) -> None:
    """Sign the person out everywhere (but on the browser with token ``but``)."""
    others = sa.delete(SignIn).where(SignIn.person_id == person.id)
    db.session.execute(others.where(SignIn.token_hash != hashed(but)) if but else others)


def found(token: str) -> SignedIn | None:
    """Who a cookie's token stands for, or None when it ended or the account is closed. Statements: 1."""
    standing = sa.and_(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
    person = (
        db.session.scalars(
            sa.select(Person)
            .join(SignIn, SignIn.person_id == Person.id)
            .outerjoin(RoleGrant, standing)
            .outerjoin(PersonAddress, PersonAddress.person_id == Person.id)
            .outerjoin(StandIn, sa.and_(StandIn.person_id == Person.id, StandIn.ended_at.is_(None)))
            .where(SignIn.token_hash == hashed(token), SignIn.ends_at > clock.now(), Person.active)
            .options(contains_eager(Person.grants), contains_eager(Person.addresses), contains_eager(Person.stands_in))
        )
        .unique()
        .one_or_none()
    )
    return SignedIn(person, actor_of(person), token) if person else None


def actor_of(person: Person) -> Actor:
    """The person as the policy knows them. ``grants`` must be loaded; revoked ones do not count, nor stand-ins that
    ended. Statements: 0 to 2, one for each of addresses and stand-ins that is not loaded."""
    _fill(person)
    grants = frozenset(
        Grant(each.role, each.programme_id, each.call_id, each.sponsor_id)
        for each in person.grants
        if each.revoked_at is None
    )
    emails = frozenset((person.email, *(each.email for each in person.addresses)))
    stands_in = frozenset(each.proposal_id for each in person.stands_in if each.ended_at is None)
    return Actor(person.id, grants, emails, person.orcid, stands_in)


def _fill(person: Person) -> None:
    """Load what of the person is not loaded yet and the policy reads."""
    unloaded = sa.inspect(person).unloaded
    if "addresses" in unloaded:
        asked = sa.select(PersonAddress).where(PersonAddress.person_id == person.id)
        set_committed_value(person, "addresses", list(db.session.scalars(asked.order_by(PersonAddress.id))))
    if "stands_in" in unloaded:
        named = sa.select(StandIn).where(StandIn.person_id == person.id, StandIn.ended_at.is_(None))
        set_committed_value(person, "stands_in", list(db.session.scalars(named.order_by(StandIn.id))))
