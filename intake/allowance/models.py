"""What the office allows one applicant in one call: to take part, to be later, to leave a rule aside."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, lazily, limited
from intake.people.models import Person
from intake.vocabulary import Limit


class CallInvitation(Model):
    """Somebody who may propose in a call that is by invitation only, named by address; ``person_id`` once that is known
    to be somebody's account."""

    __tablename__ = "call_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    email: Mapped[str] = limited("email", Limit.EMAIL)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    note: Mapped[str] = limited("note", Limit.REASON)
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.Index("ix_call_invitation_call_email", "call_id", "email"),
    )


class Extension(Model):
    """A later close of one call for one applicant, with its reason. At most one stands; an older one is withdrawn."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    until: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], **lazily())

    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_a_reason"),
        sa.Index(
            "uq_extension_standing",
            "call_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )


class Waiver(Model):
    """A rule of a call that one applicant need not meet, with the reason. ``rule_code`` names the rule."""

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    rule_code: Mapped[str] = limited("rule_code", Limit.CODE)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], **lazily())

    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_a_reason"),
        sa.Index(
            "uq_waiver_standing",
            "call_id",
            "rule_code",
            "person_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )
