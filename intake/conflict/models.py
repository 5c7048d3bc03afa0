"""What stands between a person and a proposal."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.programme.models import Sponsor
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictKind, ConflictLevel, ConflictRule, Declared, Limit


class Conflict(Model):
    """A declaration by a person about a proposal: none, or a conflict of a kind. No row means that it is unknown.

    A conflict found by rule (team, department) is computed and has no row. Lifting one needs an administrator.
    """

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    declared: Mapped[Declared] = word("declared", Declared)
    kind: Mapped[ConflictKind | None] = word("kind", ConflictKind, optional=True)
    note: Mapped[str] = limited("note", Limit.REASON)
    declared_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    lifted_reason: Mapped[str] = limited("lifted_reason", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(back_populates="conflicts", **lazily())
    person: Mapped[Person] = relationship(foreign_keys=[person_id], **lazily())

    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "person_id"),
        sa.CheckConstraint("declared <> 'unknown'", name="unknown_has_no_row"),
        if_and_only_if("declared = 'conflict'", "kind IS NOT NULL", "conflict_has_a_kind"),
        if_and_only_if("lifted_at IS NULL", "lifted_reason = ''", "lifted_with_a_reason"),
    )


class Objection(Model):
    """A person whom the applicants ask the office to keep away from their proposal, with the reason.

    ``person_id`` is set where an account was known by ``email``, or where the office (``meant_by_id``) said whom the
    name means; the office alone reads it.
    """

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    email: Mapped[str] = limited("email", Limit.EMAIL)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    meant_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="with_a_name"),
        sa.CheckConstraint("reason <> ''", name="with_a_reason"),
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
    )


class Supervision(Model):
    """One person supervised another, from one year to another (None: since long; still).

    Either of them notes it, or an administrator. Confirmed: by the other of the two, or by an administrator.
    """

    __tablename__ = "supervision"

    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[int | None]
    until: Mapped[int | None]
    note: Mapped[str] = limited("note", Limit.REASON)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    supervisor: Mapped[Person] = relationship(foreign_keys=[supervisor_id], **lazily())
    student: Mapped[Person] = relationship(foreign_keys=[student_id], **lazily())

    __table_args__ = (
        sa.UniqueConstraint("supervisor_id", "student_id"),
        sa.CheckConstraint("supervisor_id <> student_id", name="two_people"),
        sa.CheckConstraint("since <= until", name="years_in_order"),
    )


class Employment(Model):
    """A person works, or worked, for a sponsor, from one year to another (None: since long; still)."""

    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sponsor_id: Mapped[int] = mapped_column(sa.ForeignKey("sponsor.id"))
    since: Mapped[int | None]
    until: Mapped[int | None]
    note: Mapped[str] = limited("note", Limit.REASON)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], **lazily())
    sponsor: Mapped[Sponsor] = relationship(**lazily())

    __table_args__ = (
        sa.UniqueConstraint("person_id", "sponsor_id"),
        sa.CheckConstraint("since <= until", name="years_in_order"),
    )


class Notice(Model):
    """The office knows that a rule finds this conflict of somebody who reviews the proposal, at that level: it knew
    when it asked them, or was told by a letter. So it is told once."""

    __tablename__ = "conflict_notice"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    rule: Mapped[ConflictRule] = word("rule", ConflictRule, primary_key=True)
    level: Mapped[ConflictLevel] = word("level", ConflictLevel)
    noted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
