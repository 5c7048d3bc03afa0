"""Somebody named on a team by their address, who gets an account later, is on it from then on."""

from __future__ import annotations

import sqlalchemy as sa

from intake.extensions import db
from intake.people.models import Person
from intake.people.operations import WELCOMES
from intake.proposal.models import TeamMember


def take_their_places(person: Person) -> None:
    """Give ``person`` the lines of teams that name their address and nobody's account. Statements: 1."""
    theirs = sa.and_(TeamMember.email == person.email, TeamMember.person_id.is_(None))
    db.session.execute(sa.update(TeamMember).where(theirs).values(person_id=person.id))


WELCOMES.append(take_their_places)
