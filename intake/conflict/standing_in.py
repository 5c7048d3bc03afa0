"""Who handles a proposal in place of its coordinators: an administrator names somebody, and ends it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock
from intake.audit.operations import record
from intake.conflict import letters
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person, RoleGrant, StandIn
from intake.people.queries import standing_in
from intake.policy import Actor, assignment_of, conflict_of, may
from intake.proposal.lifecycle import MOVED, demand
from intake.proposal.models import Proposal
from intake.proposal.operations import known_as, needs, office_of
from intake.vocabulary import Action, Role, State, Words, say


def name_stand_in(proposal: Proposal, person_id: int | None, reason: str, *, by: Actor) -> StandIn:
    """Let somebody handle the proposal as the office, alone of its call, until it is ended.

    Demands: proposal.stand_in, which a conflict of the administrator stops. Records: the stand-in, an event. Tells:
    them. Raises: Refused; Incomplete without a reason, or at ``person`` for the administrator themselves and for
    somebody with a closed account, with a conflict, who reviews it, is a contact of its sponsor, or stands in already.
    Returns: the stand-in.
    """
    demand(may(by, Action.PROPOSAL_STAND_IN, proposal))
    needs(reason, "reason", say("Say why they stand in."))
    person = _able(proposal, person_id, by)
    row = StandIn(proposal_id=proposal.id, person_id=person.id, reason=reason.strip(), named_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    record("conflict.stand_in_named", "proposal", proposal.id, by=by, note=row.reason, person=person.id)
    tell([person], letters.stands_in(proposal, row.reason), proposal_id=proposal.id)
    return row


def _able(proposal: Proposal, person_id: int | None, by: Actor) -> Person:
    asked = sa.select(Person).where(Person.id == person_id, Person.active).options(selectinload(Person.addresses))
    person = db.session.scalars(asked).one_or_none()
    if person is None:
        raise Incomplete(say("Nobody was named."), {"person": say("Choose somebody with an open account.")})
    why_not = _why_not(person, proposal, by)
    if why_not is not None:
        raise Incomplete(say("Nobody was named."), {"person": why_not})
    return person


def _why_not(person: Person, proposal: Proposal, by: Actor) -> Words | None:
    """Why the person may not stand in, or None: the office reads what its applicants, reviewers and sponsor may not."""
    known = known_as(person)
    if person.id == by.id:
        return say("Somebody who names a stand-in does not name themselves.")
    if conflict_of(known, proposal) is not None:
        return say("They have a conflict with this proposal.")
    if assignment_of(known, proposal) is not None:
        return say("They were asked to review it, or review it already.")
    if _is_contact(person, proposal.call.programme.sponsor_id):
        return say("They are a contact of the sponsor of its call.")
    if any(row.person_id == person.id for row in standing_in(proposal.id)):
        return say("They stand in for it already.")
    return None


def _is_contact(person: Person, sponsor_id: int | None) -> bool:
    if sponsor_id is None:
        return False
    held = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person.id,
        RoleGrant.role == Role.SPONSOR_CONTACT,
        RoleGrant.sponsor_id == sponsor_id,
        RoleGrant.revoked_at.is_(None),
    )
    return bool(db.session.scalar(sa.select(held.exists())))


def end_stand_in(row: StandIn, proposal: Proposal, *, by: Actor) -> None:
    """Somebody no longer stands in; their access ends with the next request.

    Demands: proposal.stand_in, which a conflict of the administrator stops. Records: when, an event. Tells: them;
    administrators, if nobody is left to handle it. Raises: Refused; Incomplete when it has ended.
    """
    demand(may(by, Action.PROPOSAL_STAND_IN, proposal))
    if row.ended_at is not None:
        raise Incomplete(say("It has ended already."))
    row.ended_at = clock.now()
    db.session.flush()
    record("conflict.stand_in_ended", "proposal", proposal.id, by=by, person=row.person_id)
    tell([db.session.get_one(Person, row.person_id)], letters.no_longer_stands_in(proposal), proposal_id=proposal.id)
    tell_if_nobody(proposal)


def tell_if_nobody(proposal: Proposal) -> None:
    """Tell the administrators when a received proposal is left without anybody who may handle it as the office."""
    if proposal.number is not None and not office_of(proposal):
        tell(_free_of(proposal), letters.nobody_left(proposal), proposal_id=proposal.id)


def administrators() -> Sequence[Person]:
    """Everybody who administers the installation, by name, with their other addresses. Statements: 2."""
    held = Person.grants.any(sa.and_(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.revoked_at.is_(None)))
    asked = sa.select(Person).where(held, Person.active).options(selectinload(Person.addresses))
    return db.session.scalars(asked.order_by(Person.name, Person.id)).all()


def _free_of(proposal: Proposal) -> Sequence[Person]:
    """Those who may name a stand-in; all administrators where each has a conflict, so that somebody learns of it."""
    everyone = administrators()
    return [person for person in everyone if conflict_of(known_as(person), proposal) is None] or everyone


def _on_submission(proposal: Proposal) -> None:
    """A proposal may arrive on the team of which every coordinator is."""
    if proposal.state is State.SUBMITTED:
        tell_if_nobody(proposal)


MOVED.append(_on_submission)
