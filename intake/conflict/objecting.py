"""Whom the applicants ask the office to keep away from their proposal. The office alone reads it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.conflict.looking_again import look_again
from intake.conflict.models import Objection
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.known_as import has_address
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs
from intake.vocabulary import Action, Role, say

MOST = 5
"""How many people the applicants of one proposal object to at a time."""


def standing(proposal_id: int) -> Sequence[Objection]:
    """The objections of the applicants that stand, the oldest first. Statements: 1."""
    asked = sa.select(Objection).where(Objection.proposal_id == proposal_id, Objection.withdrawn_at.is_(None))
    return db.session.scalars(asked.order_by(Objection.id)).all()


def object_to(proposal: Proposal, name: str, email: str, reason: str, *, by: Actor) -> Objection:
    """Ask that somebody does not judge the proposal.

    Demands: proposal.object. Records: the objection, with the account behind the address if there is one; an event
    without the name. Tells: the office, if they review it already. Raises: Refused; Incomplete without a name or a
    reason, for the same person twice, or too many. Returns: the objection.
    """
    demand(may(by, Action.PROPOSAL_OBJECT, proposal))
    needs(name, "name", say("Say who it is."))
    needs(reason, "reason", say("Say why."))
    address, stands = email.strip().lower(), standing(proposal.id)
    if len(stands) >= MOST:
        raise Incomplete(say("You object to %(most)s people already; take one back first.", most=MOST))
    if address and any(each.email == address for each in stands):
        raise Incomplete(say("Nothing was added."), {"email": say("You object to this person already.")})
    row = Objection(
        proposal_id=proposal.id,
        person_id=has_address(address) if address else None,
        name=name.strip(),
        email=address,
        reason=reason.strip(),
        made_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    record("conflict.objected", "proposal", proposal.id, by=by, objection=row.id)
    look_again([proposal.id], by=by)
    return row


def take_back(row: Objection, proposal: Proposal, *, by: Actor) -> None:
    """The objection no longer stands. Demands: proposal.object. Records: when, an event. Raises: Refused; Incomplete
    when it was taken back already."""
    demand(may(by, Action.PROPOSAL_OBJECT, proposal))
    if row.withdrawn_at is not None:
        raise Incomplete(say("It was taken back already."))
    row.withdrawn_at = clock.now()
    record("conflict.objection_withdrawn", "proposal", proposal.id, by=by, objection=row.id)
    db.session.flush()


def could_be_meant(proposal: Proposal) -> Sequence[Person]:
    """Whom an objection by name can mean, by name: every reviewer, and the contacts of the sponsor. With department.
    Statements: 4 at most."""
    sponsor_id = proposal.call.programme.sponsor_id
    contacts = holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else []
    found = {each.id: each for each in [*holders(Role.REVIEWER), *contacts]}
    return sorted(found.values(), key=lambda each: (each.name, each.id))


def by_address(row: Objection) -> bool:
    """Whether an account stands behind the address of the objection, so that nobody has to say whom it means.
    Statements: 1 at most."""
    return bool(row.email) and has_address(row.email) is not None


def mean(row: Objection, proposal: Proposal, person_id: int, *, by: Actor) -> None:
    """The office says whom an objection by name means; from then on it counts like one with an address.

    Demands: proposal.declare_as_office. Records: the person, an event without the name. Tells: the office, if they
    review it already. Raises: Refused; Incomplete for somebody who neither reviews nor is a contact of the sponsor, or
    where the objection does not ask for it.
    """
    demand(may(by, Action.PROPOSAL_DECLARE_AS_OFFICE, proposal))
    if row.withdrawn_at is not None or by_address(row):
        raise Incomplete(say("Whom this objection means is known already, or it was taken back."))
    if person_id not in {each.id for each in could_be_meant(proposal)}:
        raise Incomplete(say("Choose a reviewer, or a contact of the sponsor."))
    row.person_id, row.meant_by_id = person_id, by.id
    record("conflict.objection_meant", "proposal", proposal.id, by=by, objection=row.id)
    look_again([proposal.id], by=by)


def mean_nobody(row: Objection, proposal: Proposal, *, by: Actor) -> None:
    """What the office said about whom an objection means no longer holds.

    Demands: proposal.declare_as_office. Records: an event. Raises: Refused; Incomplete where the office said nothing.
    """
    demand(may(by, Action.PROPOSAL_DECLARE_AS_OFFICE, proposal))
    if row.withdrawn_at is not None or row.meant_by_id is None:
        raise Incomplete(say("The office has not said whom this objection means."))
    row.person_id = row.meant_by_id = None
    record("conflict.objection_unmeant", "proposal", proposal.id, by=by, objection=row.id)
    db.session.flush()
