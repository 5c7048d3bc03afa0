"""Who the people are, what they may, and how they sign in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, lazily, limited, word
from intake.vocabulary import Appointment, Limit, PublicationSource, Role


class Department(Model):
    """A department, school or division of the university."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = limited("code", Limit.CODE, unique=True)
    name: Mapped[str] = limited("name", Limit.NAME)


class Person(Model):
    """Somebody who signs in. ``email`` is lower case; ``password_hash`` is empty until they set one.

    ``keywords`` (between commas) and ``expertise`` (a statement) say what they work on.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = limited("email", Limit.EMAIL, unique=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    name_zh: Mapped[str] = limited("name_zh", Limit.NAME)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"), index=True)
    organisation: Mapped[str] = limited("organisation", Limit.NAME)
    appointment: Mapped[Appointment] = word("appointment", Appointment, default=Appointment.STAFF)
    expertise: Mapped[str] = limited("expertise", Limit.ABSTRACT)
    orcid: Mapped[str] = limited("orcid", Limit.CODE)
    keywords: Mapped[str] = limited("keywords", Limit.KEYWORDS)
    laboratory: Mapped[str] = limited("laboratory", Limit.NAME)
    reminders: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = limited("password_hash", Limit.NAME)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department | None] = relationship(**lazily())
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", order_by="RoleGrant.id", **lazily()
    )
    publications: Mapped[list[Publication]] = relationship(
        primaryjoin="and_(Publication.person_id == Person.id, Publication.removed_at.is_(None))",
        order_by="Publication.id",
        **lazily(),
    )
    addresses: Mapped[list[PersonAddress]] = relationship(
        foreign_keys="PersonAddress.person_id", order_by="PersonAddress.id", **lazily()
    )
    stands_in: Mapped[list[StandIn]] = relationship(foreign_keys="StandIn.person_id", order_by="StandIn.id", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_lower_case"),)


class PersonAddress(Model):
    """Another address of a person, lower case. It signs nobody in; conflicts are looked for on it too."""

    __tablename__ = "person_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    email: Mapped[str] = limited("email", Limit.EMAIL, unique=True)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_lower_case"),)


class StandIn(Model):
    """Somebody whom an administrator named to handle one proposal as the office, until it is ended.

    They are a coordinator of that proposal alone; a conflict of their own stops them as it stops anybody.
    """

    __tablename__ = "stand_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = limited("reason", Limit.REASON)
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], overlaps="stands_in", **lazily())

    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_a_reason"),
        sa.Index(
            "uq_stand_in_standing",
            "proposal_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class Publication(Model):
    """A publication that shows what a person knows about. ``added_at`` None: it came with the first data; those of one
    import share it. A removed one can be put back for a while, and counts for nothing.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    title: Mapped[str] = limited("title", Limit.TITLE)
    abstract: Mapped[str] = limited("abstract", Limit.ABSTRACT)
    year: Mapped[int | None]
    doi: Mapped[str] = limited("doi", Limit.NAME)
    source: Mapped[PublicationSource] = word("source", PublicationSource, default=PublicationSource.TYPED)
    added_at: Mapped[datetime | None] = mapped_column(Instant, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class RoleGrant(Model):
    """A role given to a person, with its scope, until it is revoked.

    A coordinator's scope is a programme or one call; a sponsor contact's is a sponsor; the others have none.
    """

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = word("role", Role)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    call_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call.id"))
    sponsor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sponsor.id"))
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id], **lazily())

    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'coordinator' AND (programme_id IS NULL) <> (call_id IS NULL) AND sponsor_id IS NULL)"
            " OR (role = 'sponsor_contact' AND sponsor_id IS NOT NULL AND programme_id IS NULL AND call_id IS NULL)"
            " OR (role IN ('faculty', 'reviewer', 'administrator')"
            " AND sponsor_id IS NULL AND programme_id IS NULL AND call_id IS NULL)",
            name="scope_fits_role",
        ),
        sa.Index(
            "uq_role_grant_standing",
            "person_id",
            "role",
            sa.text("coalesce(programme_id, 0)"),
            sa.text("coalesce(call_id, 0)"),
            sa.text("coalesce(sponsor_id, 0)"),
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )


class SignIn(Model):
    """One signed-in browser. The cookie carries a random token; this row holds its hash, and deleting it signs out."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(Instant)


class AccountLink(Model):
    """A link sent by mail that lets a person set a password: once, and for a while. Only its hash is kept."""

    __tablename__ = "account_link"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = limited("purpose", Limit.CODE)
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Guess(Model):
    """A failed sign-in or a request for a reset, counted against an address or a network to slow guessing down."""

    __tablename__ = "guess"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    __table_args__ = (sa.Index("ix_guess_recent", "key_hash", "at"),)


class OnceKey(Model):
    """The one-time key of a create form, so that a double click makes one object; ``location`` is where it went."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(sa.String(Limit.CODE), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    location: Mapped[str] = limited("location", Limit.REASON)
    used_at: Mapped[datetime] = mapped_column(Instant, default=clock.now, index=True)
