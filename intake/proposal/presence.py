"""Who is writing in which section of a proposal: a hint for the others, so that two people don't meet in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.extensions import db
from intake.policy import Actor, may
from intake.proposal.models import Presence, Proposal
from intake.ruling import demand
from intake.vocabulary import Action

HERE_FOR = timedelta(seconds=75)
"""How long after their page last spoke somebody still counts as there."""


def note_presence(proposal: Proposal, section: str, *, by: Actor) -> None:
    """Note that somebody writes in a section now. Demands: proposal.edit. Statements: 2."""
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    found = db.session.get(Presence, (proposal.id, by.id))
    if found is None:
        found = Presence(proposal_id=proposal.id, person_id=by.id)
        db.session.add(found)
    found.section, found.seen_at = section, clock.now()
    db.session.flush()


def others_in(proposal: Proposal, who: Actor) -> Sequence[Presence]:
    """Who else writes in the proposal now, with their names, the last seen first. Statements: 1."""
    return db.session.scalars(
        sa.select(Presence)
        .where(
            Presence.proposal_id == proposal.id,
            Presence.person_id != who.id,
            Presence.seen_at > clock.now() - HERE_FOR,
        )
        .options(joinedload(Presence.person))
        .order_by(Presence.seen_at.desc(), Presence.person_id)
    ).all()
