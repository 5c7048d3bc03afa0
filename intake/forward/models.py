"""The frozen packets that go to a sponsor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.programme.models import Sponsor
from intake.proposal.models import Proposal
from intake.vocabulary import Interest, Limit


class Packet(Model):
    """What a sponsor sees of a proposal: files and a manifest with their hashes, built once and never changed.

    ``sha256`` is the hash of the manifest's canonical JSON. Built, then sent, then perhaps recalled.
    """

    __tablename__ = "packet"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    ordinal: Mapped[int]
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"))
    sponsor_id: Mapped[int] = mapped_column(sa.ForeignKey("sponsor.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    manifest: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    built_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    built_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    recalled_at: Mapped[datetime | None] = mapped_column(Instant)
    recalled_reason: Mapped[str] = limited("recalled_reason", Limit.REASON)
    interest: Mapped[Interest | None] = word("interest", Interest, optional=True)
    interest_note: Mapped[str] = limited("interest_note", Limit.REASON)
    interest_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal] = relationship(back_populates="packets", **lazily())
    sponsor: Mapped[Sponsor] = relationship(**lazily())
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id], **lazily())
    files: Mapped[list[PacketFile]] = relationship(back_populates="packet", order_by="PacketFile.position", **lazily())

    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "ordinal"),
        sa.CheckConstraint("recalled_at IS NULL OR sent_at IS NOT NULL", name="recalled_was_sent"),
        if_and_only_if("recalled_at IS NULL", "recalled_reason = ''", "recalled_with_a_reason"),
        if_and_only_if("interest IS NULL", "interest_at IS NULL", "interest_has_an_instant"),
        sa.Index(
            "uq_packet_with_sponsor",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("sent_at IS NOT NULL AND recalled_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NOT NULL AND recalled_at IS NULL"),
        ),
    )


class PacketFile(Model):
    """One file of a packet. An attachment's bytes are shared with the attachment: they never change on either side."""

    __tablename__ = "packet_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    packet_id: Mapped[int] = mapped_column(sa.ForeignKey("packet.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = limited("name", Limit.FILE_NAME)
    content_type: Mapped[str] = limited("content_type", Limit.REFERENCE)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str] = limited("file_key", Limit.REFERENCE)

    packet: Mapped[Packet] = relationship(back_populates="files", **lazily())

    __table_args__ = (sa.UniqueConstraint("packet_id", "name"),)
