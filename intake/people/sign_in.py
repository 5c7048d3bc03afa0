"""Signing in and out. The browser holds a random token, the database its hash; deleting the row ends the session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from intake import clock
from intake.extensions import db
from intake.people.models import Person, RoleGrant, SignIn
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
            .where(SignIn.token_hash == hashed(token), SignIn.ends_at > clock.now(), Person.active)
            .options(contains_eager(Person.grants))
        )
        .unique()
        .one_or_none()
    )
    return SignedIn(person, actor_of(person), token) if person else None


def actor_of(person: Person) -> Actor:
    """The person as the policy knows them. ``person.grants`` must be loaded; revoked grants do not count."""
    grants = frozenset(
        Grant(each.role, each.programme_id, each.call_id, each.sponsor_id)
        for each in person.grants
        if each.revoked_at is None
    )
    return Actor(person.id, grants)
