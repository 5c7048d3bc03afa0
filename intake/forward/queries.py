"""What may be asked about packets."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.extensions import db
from intake.forward.models import Packet, PacketFile
from intake.policy import Actor
from intake.proposal.models import Proposal


def of_proposal(proposal: Proposal) -> Sequence[Packet]:
    """The proposal's packets, oldest first, with files, sponsor and contact. Statements: 2."""
    return db.session.scalars(
        sa.select(Packet)
        .where(Packet.proposal_id == proposal.id)
        .options(selectinload(Packet.files), joinedload(Packet.sponsor), joinedload(Packet.contact))
        .order_by(Packet.ordinal)
    ).all()


def sent_to(actor: Actor) -> Sequence[Packet]:
    """The newest packet of each proposal that was sent to a sponsor of the actor, recalled or not; newest first, with
    proposal, call, sponsor and contact. Statements: 1."""
    newest = (
        sa.select(sa.func.max(Packet.ordinal))
        .where(Packet.proposal_id == Proposal.id, Packet.sent_at.is_not(None))
        .correlate(Proposal)
        .scalar_subquery()
    )
    return db.session.scalars(
        sa.select(Packet)
        .join(Packet.proposal)
        .where(Packet.sponsor_id.in_(sorted(actor.sponsor_ids)), Packet.sent_at.is_not(None), Packet.ordinal == newest)
        .options(
            joinedload(Packet.proposal).joinedload(Proposal.call),
            joinedload(Packet.sponsor),
            joinedload(Packet.contact),
        )
        .order_by(Packet.sent_at.desc(), Packet.id.desc())
    ).all()


def file_of(packet_id: int, file_id: int) -> PacketFile | None:
    """A file of that packet, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(PacketFile).where(PacketFile.id == file_id, PacketFile.packet_id == packet_id)
    ).one_or_none()
