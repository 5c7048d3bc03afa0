"""Calls that take few: notices of intent, and the places that the sponsor gives."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Theme
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import Limit, SlotPlace


class Notice(Model):
    """A notice of intent: somebody means to propose in a call that takes few. One a person and call stands."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    title: Mapped[str] = limited("title", Limit.TITLE)
    about: Mapped[str] = limited("about", Limit.REASON)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], **lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())

    __table_args__ = (
        sa.CheckConstraint("title <> ''", name="with_a_title"),
        sa.Index(
            "uq_notice_standing",
            "call_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )


class Slot(Model):
    """Where a proposal stands for the sponsor's places of its call: in one, on the ranked reserve, or offered one.

    ``rank`` counts the reserves of a call from 1. An offer ends at ``offered_until`` and goes on to the next.
    """

    __tablename__ = "slot"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    place: Mapped[SlotPlace] = word("place", SlotPlace)
    rank: Mapped[int | None]
    note: Mapped[str] = limited("note", Limit.REASON)
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    offered_until: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(back_populates="slot", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        if_and_only_if("place = 'offered'", "offered_until IS NOT NULL", "offered_until_when"),
        sa.CheckConstraint("place <> 'reserve' OR rank IS NOT NULL", name="reserve_has_a_rank"),
    )
