"""What the panel decided and what the sponsor answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import Currency, Limit, Outcome, Verdict


class Decision(Model):
    """The panel's decision on one proposal: recorded with a rationale, then released to the applicant.

    ``feedback`` goes to the applicant at release; ``rationale`` stays with the office. ``recommended_minor`` is the
    amount that the panel recommends, in minor units of the call's currency; what was asked for stands with the proposal
    and what was given with the award. A reopened decision stays as history.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    verdict: Mapped[Verdict] = word("verdict", Verdict)
    rationale: Mapped[str] = limited("rationale", Limit.COMMENT)
    feedback: Mapped[str] = limited("feedback", Limit.COMMENT)
    recommended_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    reopened_reason: Mapped[str] = limited("reopened_reason", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(back_populates="decisions", **lazily())
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=[recorded_by_id], **lazily())

    __table_args__ = (
        if_and_only_if("reopened_at IS NULL", "reopened_reason = ''", "reopened_with_a_reason"),
        sa.CheckConstraint("reopened_at IS NULL OR released_at IS NULL", name="released_is_not_reopened"),
        sa.CheckConstraint(f"recommended_minor BETWEEN 1 AND {Limit.MONEY_MINOR}", name="recommended_bound"),
        sa.Index(
            "uq_decision_pending",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL AND released_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL AND released_at IS NULL"),
        ),
    )


class SponsorOutcome(Model):
    """What the sponsor answered: selected with an amount and a reference, reserve, or declined with a reason."""

    __tablename__ = "sponsor_outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    result: Mapped[Outcome] = word("result", Outcome)
    amount_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[Currency | None] = word("currency", Currency, optional=True)
    reference: Mapped[str] = limited("reference", Limit.REFERENCE)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    on_behalf: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    proposal: Mapped[Proposal] = relationship(back_populates="outcomes", **lazily())

    __table_args__ = (
        if_and_only_if("result = 'selected'", "amount_minor IS NOT NULL", "selected_has_an_amount"),
        if_and_only_if("amount_minor IS NULL", "currency IS NULL", "amount_has_a_currency"),
        sa.CheckConstraint("result <> 'declined' OR reason <> ''", name="declined_with_a_reason"),
        sa.CheckConstraint(f"amount_minor BETWEEN 1 AND {Limit.MONEY_MINOR}", name="amount_bound"),
    )
