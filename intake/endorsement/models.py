"""A supervisor's word on a proposal."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited
from intake.proposal.models import Proposal
from intake.vocabulary import Limit


class Endorsement(Model):
    """A supervisor's word on a proposal, asked for and given by a mail link of which only the hash is kept.

    ``endorsed`` is None until it is answered. One that was asked for in vain is withdrawn before another is asked.
    """

    __tablename__ = "endorsement"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    email: Mapped[str] = limited("email", Limit.EMAIL)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    endorsed: Mapped[bool | None]
    statement: Mapped[str] = limited("statement", Limit.REASON)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal] = relationship(back_populates="endorsements", **lazily())

    __table_args__ = (
        if_and_only_if("answered_at IS NULL", "endorsed IS NULL", "endorsed_when_answered"),
        sa.Index(
            "uq_endorsement_standing",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )
