"""What stands between a person and a proposal."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictKind, Declared, Limit


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
