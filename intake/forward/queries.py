"""What may be asked about packets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.extensions import db
from intake.forward.models import Packet, PacketFile
from intake.policy import SPONSORS_READ, Actor
from intake.proposal.models import Proposal, Receipt
from intake.proposal.queries import folded
from intake.vocabulary import Interest, State


def of_proposal(proposal: Proposal) -> Sequence[Packet]:
    """The proposal's packets, oldest first, with files, sponsor and contact. Statements: 2."""
    return db.session.scalars(
        sa.select(Packet)
        .where(Packet.proposal_id == proposal.id)
        .options(selectinload(Packet.files), joinedload(Packet.sponsor), joinedload(Packet.contact))
        .order_by(Packet.ordinal)
    ).all()


@dataclass(frozen=True, slots=True)
class Sent:
    """A packet in a sponsor's list. One that cannot be read any more has neither title nor call."""

    proposal_id: int
    number: str
    title: str | None
    call: str | None
    sent_at: datetime
    recalled_at: datetime | None
    interest: Interest | None
    state: State
    state_since: datetime

    @property
    def readable(self) -> bool:
        """Whether the sponsor may open it."""
        return self.title is not None


READABLE = sa.and_(Packet.recalled_at.is_(None), Proposal.state.in_(SPONSORS_READ))
NUMBER = Proposal.number + "/" + sa.cast(Packet.ordinal, sa.String)


def _newest_sent(actor: Actor, words: str) -> sa.ColumnElement[bool]:
    """The newest packet of each proposal sent to a sponsor of the actor. ``words`` are looked for in the packet's
    number and, only where it can be read, in what it says."""
    newest = (
        sa.select(sa.func.max(Packet.ordinal))
        .where(Packet.proposal_id == Proposal.id, Packet.sent_at.is_not(None))
        .correlate(Proposal)
        .scalar_subquery()
    )
    held = [
        sa.or_(
            sa.func.lower(NUMBER).contains(part, autoescape=True),
            sa.and_(READABLE, Proposal.search_text.contains(part, autoescape=True)),
        )
        for part in folded(words).split()[:12]
    ]
    ours = Packet.sponsor_id.in_(sorted(actor.sponsor_ids))
    return sa.and_(ours, Packet.sent_at.is_not(None), Packet.ordinal == newest, *held)


def sent_to(actor: Actor, words: str, first: int, most: int) -> list[Sent]:
    """Packets for a sponsor of the actor that hold all of ``words``: those that wait for an answer first, then the
    newest; at most ``most`` from row ``first`` on. Titles are those of what was received. Statements: 1."""
    waiting = sa.case((sa.and_(READABLE, Proposal.state == State.WITH_SPONSOR), 0), else_=1)
    rows = db.session.execute(
        sa.select(
            Packet.proposal_id,
            NUMBER,
            sa.case((READABLE, Receipt.content["title"].as_string())),
            sa.case((READABLE, Receipt.content["call_title"].as_string())),
            Packet.sent_at,
            Packet.recalled_at,
            Packet.interest,
            Proposal.state,
            Proposal.state_since,
        )
        .join(Packet.proposal)
        .join(Receipt, Receipt.id == Packet.receipt_id)
        .where(_newest_sent(actor, words))
        .order_by(waiting, Packet.sent_at.desc(), Packet.id.desc())
        .offset(first)
        .limit(most)
    )
    return [Sent(*row) for row in rows]


def count_sent_to(actor: Actor, words: str) -> tuple[int, int]:
    """How many such packets there are, and how many of them wait for the sponsor's answer. Statements: 1."""
    waits = sa.case((sa.and_(READABLE, Proposal.state == State.WITH_SPONSOR), 1))
    total, waiting = db.session.execute(
        sa.select(sa.func.count(Packet.id), sa.func.count(waits))
        .join(Packet.proposal)
        .where(_newest_sent(actor, words))
    ).one()
    return total, waiting


def with_content(packet_id: int) -> tuple[Packet, Receipt]:
    """The packet with its files and sponsor, and the frozen receipt that it was made from. Statements: 2."""
    packet, receipt = db.session.execute(
        sa.select(Packet, Receipt)
        .join(Receipt, Receipt.id == Packet.receipt_id)
        .where(Packet.id == packet_id)
        .options(selectinload(Packet.files), joinedload(Packet.sponsor))
    ).one()
    return packet, receipt


def file_of(packet_id: int, file_id: int) -> PacketFile | None:
    """A file of that packet, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(PacketFile).where(PacketFile.id == file_id, PacketFile.packet_id == packet_id)
    ).one_or_none()
