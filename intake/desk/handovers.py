"""What may be asked about requests to hand a proposal over, as a coordinator sees them.

Requests about proposals that the coordinator has a conflict with are left out before they are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from intake.call.models import Call
from intake.desk.queries import Count, withheld_from, within
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.handing_over import waiting
from intake.proposal.models import Handover, Proposal


def _waiting_for(actor: Actor) -> sa.ColumnElement[bool]:
    ours = sa.or_(within(actor), Proposal.id.in_(sorted(actor.stands_in))) if actor.stands_in else within(actor)
    return sa.and_(waiting(), ours, sa.not_(withheld_from(actor)))


def count(actor: Actor) -> Count:
    """How many requests wait for the actor, and since when the first of them. Statements: 1."""
    number, since = db.session.execute(
        sa.select(sa.func.count(Handover.id), sa.func.min(Handover.asked_at))
        .join(Proposal, Proposal.id == Handover.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(_waiting_for(actor))
    ).one()
    return Count(number, since)


def listed(actor: Actor) -> Sequence[Handover]:
    """The requests that wait for the actor, the oldest first, with both people, the proposal and its call.
    Statements: 1."""
    return db.session.scalars(
        sa.select(Handover)
        .join(Handover.proposal)
        .join(Proposal.call)
        .where(_waiting_for(actor))
        .options(
            joinedload(Handover.to_person),
            joinedload(Handover.asked_by),
            contains_eager(Handover.proposal).contains_eager(Proposal.call),
        )
        .order_by(Handover.asked_at, Handover.id)
    ).all()
