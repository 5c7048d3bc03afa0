"""Somebody invited to a call by their address, who gets an account later, is invited with it from then on."""

from __future__ import annotations

import sqlalchemy as sa

from intake.allowance.models import CallInvitation
from intake.extensions import db
from intake.people.models import Person
from intake.people.operations import WELCOMES


def take_their_invitations(person: Person) -> None:
    """Give ``person`` the invitations that name their address and nobody's account. Statements: 1."""
    theirs = sa.and_(CallInvitation.email == person.email, CallInvitation.person_id.is_(None))
    db.session.execute(sa.update(CallInvitation).where(theirs).values(person_id=person.id))


WELCOMES.append(take_their_invitations)
