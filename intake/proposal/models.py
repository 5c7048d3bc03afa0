"""One proposal, its team, its files, what was received, and every move it made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Call, FormVersion, Theme
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.vocabulary import FileState, Limit, Relation, State, TeamAnswer

if TYPE_CHECKING:  # what later rooms keep about a proposal; only the policy's reading needs it here
    from intake.award.models import Award
    from intake.conflict.models import Conflict
    from intake.decision.models import Decision, SponsorOutcome
    from intake.endorsement.models import Endorsement
    from intake.forward.models import Packet
    from intake.match.models import Match
    from intake.review.models import Assignment
    from intake.slot.models import Slot


class Proposal(Model):
    """What a principal investigator asks of one call. ``lifecycle.advance`` alone sets ``state``.

    ``amount_minor`` is in minor units of the call's currency. ``number`` is given at the first submission. The answers
    to the core questions of a form stand in columns of their own; ``answers`` maps the other questions' keys to theirs.
    ``form_version_id`` None is the standard form. ``returned_parts`` holds keys of sections and of single questions.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    number: Mapped[str | None] = limited("number", Limit.CODE, optional=True, unique=True)
    state: Mapped[State] = word("state", State, default=State.DRAFT)
    state_since: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    title: Mapped[str] = limited("title", Limit.TITLE)
    title_zh: Mapped[str] = limited("title_zh", Limit.TITLE)
    abstract: Mapped[str] = limited("abstract", Limit.ABSTRACT)
    keywords: Mapped[str] = limited("keywords", Limit.KEYWORDS)
    description: Mapped[str] = limited("description", Limit.DESCRIPTION)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    amount_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    duration_months: Mapped[int | None]
    nothing_confidential: Mapped[bool] = mapped_column(default=False)
    own_work: Mapped[bool] = mapped_column(default=False)
    one_university: Mapped[bool] = mapped_column(default=False)
    form_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("form_version.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    carried_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    extended_until: Mapped[datetime | None] = mapped_column(Instant)
    """The later close that its principal investigator was granted in its call, while that grant stands."""
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    # what a return for revision lets change, until when
    returned_parts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    returned_until: Mapped[datetime | None] = mapped_column(Instant)
    returned_reason: Mapped[str] = limited("returned_reason", Limit.REASON)
    ineligible_rule: Mapped[str] = limited("ineligible_rule", Limit.CODE)
    # where a withdrawal came from, so that it can be undone
    withdrawn_from: Mapped[State | None] = word("withdrawn_from", State, optional=True)
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship(**lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    form: Mapped[FormVersion | None] = relationship(**lazily())
    endorsements: Mapped[list[Endorsement]] = relationship(
        "Endorsement", back_populates="proposal", order_by="Endorsement.id", **lazily()
    )
    slot: Mapped[Slot | None] = relationship("Slot", back_populates="proposal", uselist=False, **lazily())
    team: Mapped[list[TeamMember]] = relationship(
        back_populates="proposal", order_by="TeamMember.position, TeamMember.id", **lazily()
    )
    attachments: Mapped[list[Attachment]] = relationship(
        back_populates="proposal", order_by="Attachment.id", **lazily()
    )
    received: Mapped[list[Receipt]] = relationship(order_by="Receipt.id", **lazily())
    moves: Mapped[list[Move]] = relationship(order_by="Move.id", **lazily())
    conflicts: Mapped[list[Conflict]] = relationship(
        "Conflict", back_populates="proposal", order_by="Conflict.id", **lazily()
    )
    matches: Mapped[list[Match]] = relationship("Match", back_populates="proposal", order_by="Match.id", **lazily())
    assignments: Mapped[list[Assignment]] = relationship(
        "Assignment", back_populates="proposal", order_by="Assignment.id", **lazily()
    )
    packets: Mapped[list[Packet]] = relationship("Packet", back_populates="proposal", order_by="Packet.id", **lazily())
    decisions: Mapped[list[Decision]] = relationship(
        "Decision", back_populates="proposal", order_by="Decision.id", **lazily()
    )
    outcomes: Mapped[list[SponsorOutcome]] = relationship(
        "SponsorOutcome", back_populates="proposal", order_by="SponsorOutcome.id", **lazily()
    )
    award: Mapped[Award | None] = relationship("Award", back_populates="proposal", uselist=False, **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR number IS NOT NULL", name="received_has_a_number"),
        if_and_only_if("number IS NULL", "submitted_at IS NULL", "number_when_submitted"),
        if_and_only_if("state = 'withdrawn'", "withdrawn_from IS NOT NULL", "withdrawn_from_somewhere"),
        if_and_only_if("state = 'returned'", "returned_until IS NOT NULL", "returned_until_when"),
        if_and_only_if("state = 'ineligible'", "ineligible_rule <> ''", "ineligible_by_a_rule"),
        sa.CheckConstraint(f"amount_minor BETWEEN 0 AND {Limit.MONEY_MINOR}", name="amount_bound"),
        sa.CheckConstraint(f"duration_months BETWEEN 1 AND {Limit.DURATION_MONTHS}", name="duration_bound"),
        sa.Index("ix_proposal_call_since", "call_id", "state_since", "id"),
        sa.Index("ix_proposal_call_state", "call_id", "state"),
    )

    @property
    def principal(self) -> TeamMember:
        """The principal investigator's line of the team; ``team`` must be loaded."""
        return next(each for each in self.team if each.relation is Relation.PRINCIPAL)

    @property
    def members(self) -> list[TeamMember]:
        """The team without those who declined; ``team`` must be loaded."""
        return [each for each in self.team if each.answer is not TeamAnswer.DECLINED]


class TeamMember(Model):
    """A person on one proposal's team; somebody without an account has ``person_id`` None and only a name.

    Of the link of their invitation only the hash is kept. ``confirmed_at`` is when a co-investigator confirmed their
    part, where the call asks for it. A removed member's row is deleted; the audit log keeps that it was.
    """

    __tablename__ = "team_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    email: Mapped[str] = limited("email", Limit.EMAIL)
    organisation: Mapped[str] = limited("organisation", Limit.NAME)
    relation: Mapped[Relation] = word("relation", Relation)
    position: Mapped[int] = mapped_column(default=0)
    orcid: Mapped[str] = limited("orcid", Limit.CODE)
    answer: Mapped[TeamAnswer] = word("answer", TeamAnswer, default=TeamAnswer.ACCEPTED)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64))
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal] = relationship(back_populates="team", **lazily())
    person: Mapped[Person | None] = relationship(**lazily())

    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "person_id"),
        sa.Index("uq_team_member_token_hash", "token_hash", unique=True),
        sa.Index(
            "uq_team_member_principal",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("relation = 'principal'"),
            postgresql_where=sa.text("relation = 'principal'"),
        ),
        sa.CheckConstraint("relation <> 'principal' OR person_id IS NOT NULL", name="principal_has_an_account"),
        sa.CheckConstraint("relation <> 'principal' OR answer = 'accepted'", name="principal_accepted"),
    )


class Attachment(Model):
    """A file of a proposal. Removing it only sets ``removed_at``: what was received keeps its bytes.

    ``question`` is the key of the question that it answers, empty for a free attachment. A replaced file is removed and
    named by the one that ``replaces`` it. ``scan_lease_until`` is held by the worker that scans it.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    name: Mapped[str] = limited("name", Limit.FILE_NAME)
    content_type: Mapped[str] = limited("content_type", Limit.REFERENCE)
    size: Mapped[int]
    pages: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str] = limited("file_key", Limit.REFERENCE, unique=True)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    question: Mapped[str] = limited("question", Limit.CODE)
    state: Mapped[FileState] = word("state", FileState, default=FileState.CLEAN)
    refused_reason: Mapped[str] = limited("refused_reason", Limit.TITLE)
    scan_lease_until: Mapped[datetime | None] = mapped_column(Instant)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachment.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal] = relationship(back_populates="attachments", **lazily())

    __table_args__ = (
        sa.CheckConstraint(f"size BETWEEN 1 AND {Limit.FILE_BYTES}", name="size_bound"),
        if_and_only_if("state = 'refused'", "refused_reason <> ''", "refused_with_a_reason"),
        sa.Index(
            "ix_attachment_checking",
            "id",
            sqlite_where=sa.text("state = 'checking'"),
            postgresql_where=sa.text("state = 'checking'"),
        ),
    )


class Receipt(Model):
    """What was received at one submission: a frozen copy, its time, the SHA-256 of its canonical JSON. Unchanging.

    Its PDF is made by the worker: ``file_key`` names it once it is there, ``pdf_lease_until`` is held by who makes it,
    and after ``pdf_tries`` the sweep gives up.
    """

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    ordinal: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str | None] = limited("file_key", Limit.REFERENCE, optional=True)
    pdf_tries: Mapped[int] = mapped_column(default=0)
    pdf_lease_until: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "ordinal"),
        sa.Index("uq_receipt_file_key", "file_key", unique=True),
    )


class Move(Model):
    """One step on the proposal's path: from which state to which, when, by whom.

    ``note`` is for the office; ``told`` is what the applicant reads beside it.
    """

    __tablename__ = "move"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    action: Mapped[str] = limited("action", Limit.CODE)
    was: Mapped[State] = word("was", State)
    became: Mapped[State] = word("became", State)
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = limited("note", Limit.COMMENT)
    told: Mapped[str] = limited("told", Limit.COMMENT)

    by: Mapped[Person | None] = relationship(**lazily())


class Presence(Model):
    """Who was last seen writing in which section of a proposal; a hint for the others, nothing more."""

    __tablename__ = "presence"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    section: Mapped[str] = limited("section", Limit.CODE)
    seen_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(**lazily())


class Handover(Model):
    """A principal investigator's request that another member of the team lead the proposal; the office answers."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    to_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved: Mapped[bool | None]
    answer: Mapped[str] = limited("answer", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(**lazily())
    to_person: Mapped[Person] = relationship(foreign_keys=[to_person_id], **lazily())
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], **lazily())

    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_a_reason"),
        sa.CheckConstraint("approved IS NULL OR answered_at IS NOT NULL", name="approved_when_answered"),
        sa.Index(
            "uq_handover_pending",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )
