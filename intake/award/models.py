"""What an acceptance became."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.call.models import Call
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.vocabulary import Currency, Limit


class Award(Model):
    """A funded project: of a proposal that came through this product, or a past one from the catalogue.

    It stands on the public page once ``published_at`` is set. ``completed_at`` is when it ends, for the rule
    on running projects: as the proposal planned it; None where nobody knows.
    """

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call.id"))
    principal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    title: Mapped[str] = limited("title", Limit.TITLE)
    departments: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    year: Mapped[int]
    amount_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[Currency | None] = word("currency", Currency, optional=True)
    reference: Mapped[str] = limited("reference", Limit.REFERENCE)
    source: Mapped[str] = limited("source", Limit.TITLE)
    made_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal | None] = relationship(back_populates="award", **lazily())
    programme: Mapped[Programme] = relationship(**lazily())
    call: Mapped[Call | None] = relationship(**lazily())

    __table_args__ = (
        if_and_only_if("amount_minor IS NULL", "currency IS NULL", "amount_has_a_currency"),
        sa.CheckConstraint("year BETWEEN 1990 AND 2100", name="year_bound"),
        sa.Index(
            "uq_award_past",
            "programme_id",
            "title",
            "year",
            unique=True,
            sqlite_where=sa.text("proposal_id IS NULL"),
            postgresql_where=sa.text("proposal_id IS NULL"),
        ),
    )
