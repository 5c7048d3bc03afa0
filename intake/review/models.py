"""Who reviews what, and what they wrote."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Criterion
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import Limit, Recommendation, ReviewState


class Assignment(Model):
    """A proposal forwarded to one reviewer, to be reviewed by ``due_at``; one of them leads.

    ``override_reason`` says why somebody with a conflict that only warns was asked all the same.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    lead: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(Instant)
    override_reason: Mapped[str] = limited("override_reason", Limit.REASON)
    assigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    nudged_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_reason: Mapped[str] = limited("removed_reason", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(back_populates="assignments", **lazily())
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], **lazily())
    review: Mapped[Review | None] = relationship(back_populates="assignment", uselist=False, **lazily())

    __table_args__ = (
        if_and_only_if("removed_at IS NULL", "removed_reason = ''", "removed_with_a_reason"),
        sa.Index(
            "uq_assignment_standing",
            "proposal_id",
            "reviewer_id",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.Index(
            "uq_assignment_lead",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("lead AND removed_at IS NULL"),
            postgresql_where=sa.text("lead AND removed_at IS NULL"),
        ),
    )


class Review(Model):
    """One reviewer's assessment of one proposal. A draft is nobody's but the reviewer's.

    ``overall`` is the weighted mean of the scores (see ``review.scoring.overall``), set when it is submitted.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), unique=True)
    state: Mapped[ReviewState] = word("state", ReviewState, default=ReviewState.DRAFT)
    recommendation: Mapped[Recommendation | None] = word("recommendation", Recommendation, optional=True)
    for_applicant: Mapped[str] = limited("for_applicant", Limit.COMMENT)
    for_office: Mapped[str] = limited("for_office", Limit.COMMENT)
    overall: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    saved_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship(back_populates="review", **lazily())
    scores: Mapped[list[Score]] = relationship(order_by="Score.criterion_id", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        if_and_only_if("state = 'submitted'", "submitted_at IS NOT NULL", "submitted_has_an_instant"),
        if_and_only_if("state = 'submitted'", "overall IS NOT NULL", "submitted_has_a_score"),
        sa.CheckConstraint("state = 'draft' OR recommendation IS NOT NULL", name="submitted_recommends"),
    )


class Score(Model):
    """What one review gives for one criterion."""

    __tablename__ = "score"

    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id"), primary_key=True)
    value: Mapped[int]

    criterion: Mapped[Criterion] = relationship(**lazily())
