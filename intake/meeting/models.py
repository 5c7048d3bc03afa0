"""Meetings of a call: who comes, the agenda, the times that were offered, what was said and what is to be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.call.models import Call, Theme
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import ComesAs, Limit, MeetingKind, PairingState, SlotAnswer


class Meeting(Model):
    """A meeting of a call. Without ``begins_at`` its time is still to be found; with it, it is arranged, until it is
    held or cancelled.

    ``uid`` names it in every calendar and never changes; ``sequence`` rises with each change that calendars are told.
    ``zone`` is the IANA name in which its times are typed and stated first.
    """

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    kind: Mapped[MeetingKind] = word("kind", MeetingKind, default=MeetingKind.MATCHING)
    title: Mapped[str] = limited("title", Limit.NAME)
    place: Mapped[str] = limited("place", Limit.TITLE)
    zone: Mapped[str] = limited("zone", Limit.REFERENCE)
    minutes: Mapped[int] = mapped_column(default=60)
    chair_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    begins_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    uid: Mapped[str] = limited("uid", Limit.REFERENCE, unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str] = limited("cancel_reason", Limit.REASON)
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship(**lazily())
    chair: Mapped[Person | None] = relationship(foreign_keys=[chair_id], **lazily())
    participants: Mapped[list[Participant]] = relationship(
        back_populates="meeting", order_by="Participant.id", **lazily()
    )
    items: Mapped[list[Item]] = relationship(
        back_populates="meeting", order_by="[Item.position, Item.id]", cascade="all, delete-orphan", **lazily()
    )
    slots: Mapped[list[MeetingSlot]] = relationship(
        order_by="MeetingSlot.begins_at", cascade="all, delete-orphan", **lazily()
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("title <> ''", name="with_a_title"),
        sa.CheckConstraint(f"minutes BETWEEN 1 AND {Limit.MEETING_MINUTES}", name="minutes_bound"),
        sa.CheckConstraint("held_at IS NULL OR begins_at IS NOT NULL", name="held_at_its_time"),
        sa.CheckConstraint("held_at IS NULL OR cancelled_at IS NULL", name="held_or_cancelled"),
        if_and_only_if("cancelled_at IS NULL", "cancel_reason = ''", "cancelled_with_a_reason"),
    )

    @property
    def ends_at(self) -> datetime | None:
        """When it ends as it is planned."""
        return self.begins_at + timedelta(minutes=self.minutes) if self.begins_at else None

    @property
    def over(self) -> bool:
        """It was held or cancelled."""
        return self.held_at is not None or self.cancelled_at is not None


class Participant(Model):
    """Somebody who is asked to a meeting, until they are taken off it: a person with an account, or a guest by name and
    address.

    ``told_at`` is when the first letter about it went to them, or when it was recorded as held without one; before that
    they do not see it. ``invited`` says that
    their calendar was sent a file, so that taking them off sends the end of it.
    """

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    email: Mapped[str] = limited("email", Limit.EMAIL)
    comes_as: Mapped[ComesAs] = word("comes_as", ComesAs)
    zone: Mapped[str] = limited("zone", Limit.REFERENCE)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    invited: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)

    meeting: Mapped[Meeting] = relationship(back_populates="participants", **lazily())
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], **lazily())

    __table_args__ = (
        if_and_only_if("person_id IS NULL", "email <> ''", "account_or_address"),
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        sa.Index(
            "uq_participant_person",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.Index(
            "uq_participant_guest",
            "meeting_id",
            "email",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL AND email <> ''"),
            postgresql_where=sa.text("removed_at IS NULL AND email <> ''"),
        ),
    )

    @property
    def called(self) -> str:
        """Their name; ``person`` must be loaded."""
        return self.person.name if self.person is not None else self.name

    @property
    def address(self) -> str:
        """Where mail reaches them; ``person`` must be loaded."""
        return self.person.email if self.person is not None else self.email


class MeetingLink(Model):
    """A link mailed to a guest of a meeting; only its hash is kept. Each letter has its own, and all of them hold while
    the guest is asked."""

    __tablename__ = "meeting_link"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Item(Model):
    """One item of a meeting's agenda, with what was said and what came of it.

    ``heading`` is read by everybody who attends it; the proposal's title only by who may read that. ``notes`` are its
    minutes. ``outcome`` is the last step of its proposal's pairing that was recorded here.
    """

    __tablename__ = "meeting_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    heading: Mapped[str] = limited("heading", Limit.TITLE)
    minutes: Mapped[int]
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    notes: Mapped[str] = limited("notes", Limit.COMMENT)
    notes_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[PairingState | None] = word("outcome", PairingState, optional=True)
    outcome_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome_note: Mapped[str] = limited("outcome_note", Limit.REASON)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(back_populates="items", **lazily())
    proposal: Mapped[Proposal | None] = relationship(**lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    contact: Mapped[Person | None] = relationship(**lazily())
    attendance: Mapped[list[Attendance]] = relationship(
        order_by="Attendance.participant_id", cascade="all, delete-orphan", **lazily()
    )
    actions: Mapped[list[MeetingAction]] = relationship(
        back_populates="item", order_by="MeetingAction.id", cascade="all, delete-orphan", **lazily()
    )
    changes: Mapped[list[NotesChange]] = relationship(
        order_by="NotesChange.id", cascade="all, delete-orphan", **lazily()
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(f"minutes BETWEEN 1 AND {Limit.MEETING_MINUTES}", name="minutes_bound"),
        sa.CheckConstraint("heading <> '' OR proposal_id IS NOT NULL OR theme_id IS NOT NULL", name="about_something"),
        if_and_only_if("outcome IS NULL", "outcome_at IS NULL", "outcome_with_an_instant"),
    )


class Attendance(Model):
    """That a participant attends an item."""

    __tablename__ = "attendance"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_item.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), primary_key=True, index=True)


class NotesChange(Model):
    """What the minutes of an item said before somebody changed them after the meeting was held."""

    __tablename__ = "notes_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_item.id"), index=True)
    was: Mapped[str] = limited("was", Limit.COMMENT)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    by: Mapped[Person | None] = relationship(**lazily())


class MeetingSlot(Model):
    """A time that is offered for a meeting."""

    __tablename__ = "meeting_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    begins_at: Mapped[datetime] = mapped_column(Instant)

    replies: Mapped[list[SlotReply]] = relationship(
        order_by="SlotReply.participant_id", cascade="all, delete-orphan", **lazily()
    )

    __table_args__ = (sa.UniqueConstraint("meeting_id", "begins_at"),)


class SlotReply(Model):
    """Whether an offered time suits a participant."""

    __tablename__ = "slot_reply"

    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_slot.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), primary_key=True, index=True)
    answer: Mapped[SlotAnswer] = word("answer", SlotAnswer)
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class MeetingAction(Model):
    """Something that a meeting asked somebody to do by a day, until it is done. ``reminded_before_at`` and
    ``reminded_over_at`` are when its owner was reminded, each once for a due day."""

    __tablename__ = "meeting_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_item.id"), index=True)
    what: Mapped[str] = limited("what", Limit.TITLE)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reminded_before_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_over_at: Mapped[datetime | None] = mapped_column(Instant)

    item: Mapped[Item] = relationship(back_populates="actions", **lazily())
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], **lazily())

    __table_args__ = (sa.CheckConstraint("what <> ''", name="with_words"),)


class CalendarFeed(Model):
    """The secret address under which a person's calendar reads their dates, until it is revoked; only its hash is
    kept. One stands at a time."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(**lazily())

    __table_args__ = (
        sa.Index(
            "uq_calendar_feed_standing",
            "person_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )
