"""Somebody leaves the office: a coordinator's role is taken back, or the account of somebody in it is closed.

Administrators are told of what nobody handles from then on, as they are when a conflict leaves it to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake.call.models import Call
from intake.conflict import letters
from intake.conflict.standing_in import administrators, tell_if_nobody
from intake.extensions import db
from intake.notification.operations import tell
from intake.people import granting
from intake.people import operations as people
from intake.people.models import Person, RoleGrant, StandIn
from intake.people.queries import overseers
from intake.policy import ENDED
from intake.proposal.models import Proposal
from intake.proposal.operations import known_as, office_of
from intake.proposal.queries import conflicted, one
from intake.vocabulary import Role

OPEN = sa.and_(Proposal.number.is_not(None), Proposal.state.not_in(ENDED))


def _on_grant(given: RoleGrant) -> None:
    if given.role is Role.COORDINATOR and given.revoked_at is not None:
        _left(given.person_id, [given])


def _on_closing(person: Person) -> None:
    _left(person.id, [each for each in person.grants if each.role is Role.COORDINATOR and each.revoked_at is None])
    stood_in = sa.select(StandIn.proposal_id).join(Proposal, Proposal.id == StandIn.proposal_id)
    theirs = stood_in.where(StandIn.person_id == person.id, StandIn.ended_at.is_(None), OPEN)
    for number in db.session.scalars(theirs.order_by(StandIn.proposal_id)).all():
        proposal = one(number)
        if proposal is not None:
            tell_if_nobody(proposal)


def _left(person_id: int, grants: Iterable[RoleGrant]) -> None:
    """Tell of what the person handled under these grants and nobody does now: one letter for each call. Statements: 3,
    4 for each call, and a few for each proposal with a stand-in."""
    scopes = [Call.id == g.call_id if g.call_id is not None else Call.programme_id == g.programme_id for g in grants]
    if not scopes:
        return
    asked = sa.select(Person).where(Person.id == person_id).options(selectinload(Person.addresses))
    person = db.session.scalars(asked).one()
    calls = sa.select(Call.id, Call.programme_id, Call.title).where(sa.or_(*scopes)).order_by(Call.id)
    for call_id, programme_id, title in db.session.execute(calls).all():
        rows = _nobodys(call_id, programme_id, person)
        if len(rows) > 1:
            tell(administrators(), letters.nobody_left_of(title, [row.number for row in rows]))
        elif rows and (proposal := one(rows[0].id)) is not None:
            tell_if_nobody(proposal)


def _nobodys(call_id: int, programme_id: int, gone: Person) -> list[sa.Row[*tuple[Any, ...]]]:
    """The open proposals of the call that the one who is gone handled, and with which everybody who stays has a
    conflict, by number."""
    stay = [conflicted(known_as(each)) for each in overseers(programme_id, call_id)]
    stands_in = sa.exists().where(StandIn.proposal_id == Proposal.id, StandIn.ended_at.is_(None))
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.number, stands_in.label("stands_in"))
        .where(Proposal.call_id == call_id, OPEN, sa.not_(conflicted(known_as(gone))), *stay)
        .order_by(sa.func.length(Proposal.number), Proposal.number)
    ).all()
    return [row for row in rows if not (row.stands_in and _handled(row.id))]


def _handled(proposal_id: int) -> bool:
    proposal = one(proposal_id)
    return proposal is not None and bool(office_of(proposal))


granting.GRANTED.append(_on_grant)
people.CLOSED.append(_on_closing)
