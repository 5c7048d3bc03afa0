"""Who reviews what, and what they wrote."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Call, Criterion
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import BatchState, DeclineReason, Limit, Recommendation, ReviewerAnswer, ReviewState


class Assignment(Model):
    """A proposal forwarded to one reviewer, to be reviewed by ``due_at``; one of them leads.

    Somebody who was ``asked`` answers by ``reply_by``; one who declined, passed it on or let it lapse is also removed.
    Of the link in their mail only the hash is kept. ``batch_id`` is the batch that it came with.
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
    # the invitation
    answer: Mapped[ReviewerAnswer] = word("answer", ReviewerAnswer, default=ReviewerAnswer.ACCEPTED)
    reply_by: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    decline_reason: Mapped[DeclineReason | None] = word("decline_reason", DeclineReason, optional=True)
    answer_note: Mapped[str] = limited("answer_note", Limit.REASON)
    passed_to_name: Mapped[str] = limited("passed_to_name", Limit.NAME)
    passed_to_email: Mapped[str] = limited("passed_to_email", Limit.EMAIL)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), index=True)

    proposal: Mapped[Proposal] = relationship(back_populates="assignments", **lazily())
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], **lazily())
    review: Mapped[Review | None] = relationship(back_populates="assignment", uselist=False, **lazily())

    __table_args__ = (
        if_and_only_if("removed_at IS NULL", "removed_reason = ''", "removed_with_a_reason"),
        sa.CheckConstraint("answer IN ('asked', 'accepted') OR removed_at IS NOT NULL", name="who_said_no_is_removed"),
        sa.Index("uq_assignment_token_hash", "token_hash", unique=True),
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


class Alternate(Model):
    """Somebody to be asked in turn when a reviewer of the proposal says no: the lowest rank first.

    ``asked_id`` is the assignment that it became; ``skipped`` says in words why it could not.
    """

    __tablename__ = "alternate"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rank: Mapped[int]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    asked_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignment.id"), index=True)
    skipped: Mapped[str] = limited("skipped", Limit.REASON)

    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], **lazily())

    __table_args__ = (sa.UniqueConstraint("proposal_id", "reviewer_id"),)


class Capacity(Model):
    """How many reviews one person is given in one call: at most, and at least. None where it is the call's usual."""

    __tablename__ = "capacity"

    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    most: Mapped[int | None]
    least: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = limited("note", Limit.REASON)
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    __table_args__ = (
        sa.CheckConstraint(f"most BETWEEN 0 AND {Limit.LOAD}", name="most_bound"),
        sa.CheckConstraint(f"least BETWEEN 0 AND {Limit.LOAD}", name="least_bound"),
        sa.CheckConstraint("most IS NULL OR least <= most", name="bounds_in_order"),
    )


class Batch(Model):
    """Assignments of one call that are proposed, adjusted, applied and reverted together.

    ``wishes`` holds what the coordinator asked for (objective, floor, stability, forced and forbidden pairs, changed
    loads and needs, due dates), ``inputs`` what the engine was given, so that the result can be made again, and
    ``fingerprint`` its hash. ``result`` is the engine's report. A batch that is being computed has ``wanted_at``.
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    state: Mapped[BatchState] = word("state", BatchState, default=BatchState.PROPOSED)
    wishes: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    inputs: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    fingerprint: Mapped[str] = limited("fingerprint", 64)
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    wanted_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    solved_at: Mapped[datetime | None] = mapped_column(Instant)
    failed: Mapped[str] = limited("failed", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    applied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    reverted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reverted_at: Mapped[datetime | None] = mapped_column(Instant)
    reverted_reason: Mapped[str] = limited("reverted_reason", Limit.REASON)
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship(**lazily())
    pairs: Mapped[list[PlannedPair]] = relationship(back_populates="batch", order_by="PlannedPair.id", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state NOT IN ('applied', 'reverted') OR applied_at IS NOT NULL", name="applied_when"),
        if_and_only_if("state = 'reverted'", "reverted_at IS NOT NULL", "reverted_when"),
        if_and_only_if("reverted_at IS NULL", "reverted_reason = ''", "reverted_with_a_reason"),
    )


class PlannedPair(Model):
    """One pair of a batch: who is to review what, with the score and where it comes from.

    ``came_by`` is solver, forced, locked, held or upload. ``assignment_id`` is what it became when it was applied.
    """

    __tablename__ = "planned_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    score: Mapped[float] = mapped_column(default=0.0)
    lead: Mapped[bool] = mapped_column(default=False)
    came_by: Mapped[str] = limited("came_by", Limit.CODE)
    override_reason: Mapped[str] = limited("override_reason", Limit.REASON)
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignment.id"), index=True)

    batch: Mapped[Batch] = relationship(back_populates="pairs", **lazily())
    proposal: Mapped[Proposal] = relationship(**lazily())
    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], **lazily())

    __table_args__ = (sa.UniqueConstraint("batch_id", "proposal_id", "reviewer_id"),)
