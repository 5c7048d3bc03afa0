"""Who handles a proposal in place of its coordinators: an administrator names somebody, and ends it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock
from intake.audit.operations import record
from intake.conflict import letters
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person, StandIn
from intake.people.queries import holders, standing_in
from intake.policy import Actor, conflict_of, may, relation_of
from intake.proposal.lifecycle import MOVED, demand
from intake.proposal.models import Proposal
from intake.proposal.operations import known_as, needs, office_of
from intake.vocabulary import Action, Role, State, say


def name_stand_in(proposal: Proposal, person_id: int | None, reason: str, *, by: Actor) -> StandIn:
    """Let somebody handle the proposal as the office, alone of its call, until it is ended.

    Demands: proposal.stand_in, and no part in the proposal. Records: the stand-in, an event. Tells: them. Raises:
    Refused; Incomplete without a reason, or at ``person`` for somebody with a closed account, with a conflict, or who
    stands in already. Returns: the stand-in.
    """
    demand(may(by, Action.PROPOSAL_STAND_IN, proposal))
    if relation_of(by, proposal) is not None:
        raise Refused(say("You are on this proposal's team, so another administrator decides who stands in."))
    needs(reason, "reason", say("Say why they stand in."))
    person = _able(proposal, person_id)
    row = StandIn(proposal_id=proposal.id, person_id=person.id, reason=reason.strip(), named_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    record("conflict.stand_in_named", "proposal", proposal.id, by=by, note=row.reason, person=person.id)
    tell([person], letters.stands_in(proposal, row.reason), proposal_id=proposal.id)
    return row


def _able(proposal: Proposal, person_id: int | None) -> Person:
    asked = sa.select(Person).where(Person.id == person_id, Person.active).options(selectinload(Person.addresses))
    person = db.session.scalars(asked).one_or_none()
    if person is None:
        raise Incomplete(say("Nobody was named."), {"person": say("Choose somebody with an open account.")})
    if conflict_of(known_as(person), proposal) is not None:
        raise Incomplete(say("Nobody was named."), {"person": say("They have a conflict with this proposal.")})
    if any(row.person_id == person.id for row in standing_in(proposal.id)):
        raise Incomplete(say("Nobody was named."), {"person": say("They stand in for it already.")})
    return person


def end_stand_in(row: StandIn, proposal: Proposal, *, by: Actor) -> None:
    """Somebody no longer stands in; their access ends with the next request.

    Demands: proposal.stand_in. Records: when, an event. Tells: them; administrators, if nobody is left to handle it.
    Raises: Refused; Incomplete when it has ended.
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
        tell(_administrators(proposal), letters.nobody_left(proposal), proposal_id=proposal.id)


def _administrators(proposal: Proposal) -> Sequence[Person]:
    team = {member.person_id for member in proposal.members}
    everyone = holders(Role.ADMINISTRATOR)
    return [person for person in everyone if person.id not in team] or everyone


def _on_submission(proposal: Proposal) -> None:
    """A proposal may arrive on the team of which every coordinator is."""
    if proposal.state is State.SUBMITTED:
        tell_if_nobody(proposal)


MOVED.append(_on_submission)
