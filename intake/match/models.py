"""Which theme and which sponsor contact a proposal answers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Theme
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import Limit


class Match(Model):
    """A proposal paired with a theme of its call (where the call has any) and a contact of its sponsor (where it has
    one).

    One stands at a time; an undone one stays with its reason.
    """

    __tablename__ = "match"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    note: Mapped[str] = limited("note", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_reason: Mapped[str] = limited("undone_reason", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(back_populates="matches", **lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id], **lazily())

    __table_args__ = (
        if_and_only_if("undone_at IS NULL", "undone_reason = ''", "undone_with_a_reason"),
        sa.Index(
            "uq_match_standing",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )
