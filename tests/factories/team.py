"""People on teams, as they are once they have answered, and what the letters that they got say."""

from __future__ import annotations

import re

import sqlalchemy as sa

from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Relation


def accepted(
    proposal: Proposal | int,
    person: Person | None = None,
    relation: Relation = Relation.CO_INVESTIGATOR,
    *,
    name: str = "",
    email: str = "",
    organisation: str = "Example University",
) -> TeamMember:
    """Somebody who was invited to the team and accepted; without an account only a name and an address."""
    number = proposal if isinstance(proposal, int) else proposal.id
    there = sa.select(sa.func.max(TeamMember.position)).where(TeamMember.proposal_id == number)
    member = TeamMember(
        proposal_id=number,
        person_id=person.id if person else None,
        name=person.name if person else name,
        email=person.email if person else email,
        organisation=organisation,
        relation=relation,
        position=1 + (db.session.scalar(there) or 0),
    )
    db.session.add(member)
    db.session.flush()
    return member


def letters_to(address: str, kind: str = "") -> list[Message]:
    """The letters to an address, of one kind or of any, oldest first."""
    asked = sa.select(Message).where(Message.to_address == address).order_by(Message.id)
    return [each for each in db.session.scalars(asked) if not kind or each.kind == kind]


def link_in(message: Message) -> str:
    """The path of the letter's one link."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", message.body_text)
    assert found
    return found[1]
