"""Which theme and which sponsor contact a proposal answers, what suits it, and how far each pairing is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from intake import clock
from intake.call.models import Call, Theme
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import Limit, PairingKind, PairingState


class Match(Model):
    """A proposal paired with a theme of its call (where the call has any) and a contact of its sponsor (where it has
    one).

    One stands at a time; an undone one stays with its reason.
    """

    __tablename__ = "match"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    note: Mapped[str] = limited("note", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_reason: Mapped[str] = limited("undone_reason", Limit.REASON)

    proposal: Mapped[Proposal] = relationship(back_populates="matches", **lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id], **lazily())

    __table_args__ = (
        if_and_only_if("undone_at IS NULL", "undone_reason = ''", "undone_with_a_reason"),
        sa.Index(
            "uq_match_standing",
            "proposal_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )


class ThemeLevel(Model):
    """How well a person says to know a theme: 1 a little, 2 well, 3 their own field."""

    __tablename__ = "theme_level"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(sa.ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True)
    level: Mapped[int]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    __table_args__ = (sa.CheckConstraint("level BETWEEN 1 AND 3", name="level_bound"),)


class AffinityRun(Model):
    """What was last computed of a call's affinities, and what is wanted: one row a call.

    ``wanted_at`` None means that nothing waits. ``inputs`` is the fingerprint of what the scores were made from,
    ``stamp`` a quick one of counts and dates that tells whether it is worth reading them again, ``basis`` what it says
    to people: counts of proposals, people and themes, and the weights. ``done`` of ``total`` proposals are scored while
    a worker holds the row until ``lease_until``; before that the language model, where it is installed, reads the
    texts, of which ``texts_left`` remain. ``failed`` names the error that ended the last try. ``generation`` is that of
    the scores that count; each worker that takes the row makes ``newest`` one more and writes its scores under that.
    """

    __tablename__ = "affinity_run"

    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), primary_key=True)
    wanted_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    began_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    texts_left: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=0)
    newest: Mapped[int] = mapped_column(default=0)
    inputs: Mapped[str] = limited("inputs", 64)
    stamp: Mapped[str] = limited("stamp", 64)
    basis: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    failed: Mapped[str] = limited("failed", Limit.REASON)

    id = synonym("call_id")  # what ``leasing`` calls a row
    call: Mapped[Call] = relationship(**lazily())


class Affinity(Model):
    """How well a theme, a contact or a reviewer suits a proposal, from 0 to 1, and what made the score.

    ``parts`` maps text, themes and keywords to the points that each gave, together the score; ``why`` holds the terms,
    texts, themes and keywords with their points, where they were worked out. Kept for the best of each proposal only.
    Those count that have the ``generation`` of their call's run (``queries.current``); others are being written, or are
    about to be cleared away.
    """

    __tablename__ = "affinity"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    kind: Mapped[PairingKind] = word("kind", PairingKind)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    score: Mapped[float]
    parts: Mapped[dict[str, float]] = mapped_column(sa.JSON, default=dict)
    why: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    generation: Mapped[int] = mapped_column(default=0)

    proposal: Mapped[Proposal] = relationship(**lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    person: Mapped[Person | None] = relationship(**lazily())

    __table_args__ = (
        if_and_only_if("kind = 'theme'", "theme_id IS NOT NULL", "theme_of_its_kind"),
        if_and_only_if("kind <> 'theme'", "person_id IS NOT NULL", "person_of_its_kind"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name="score_bound"),
        sa.Index("ix_affinity_proposal", "proposal_id", "kind", "score"),
        sa.Index("ix_affinity_person", "person_id", "kind", "score"),
        sa.Index("ix_affinity_theme", "theme_id", "score"),
    )


class TextVector(Model):
    """What a text means, as the optional language model says it: 32-bit floats, the least byte first.

    ``digest`` is that of the text (``affinity.texts.digest``), of which nothing else is kept; ``used_at`` is when
    scores were last made of it, to within some days.
    """

    __tablename__ = "text_vector"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    model: Mapped[str] = mapped_column(sa.String(40))
    vector: Mapped[bytes]
    used_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Pairing(Model):
    """A proposal and a theme, a contact or a reviewer on the match board, and how far they are with each other.

    One row for each two of them; its steps say how it came there. It changes no state of the proposal by itself.
    """

    __tablename__ = "pairing"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    kind: Mapped[PairingKind] = word("kind", PairingKind)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[PairingState] = word("state", PairingState, default=PairingState.SUGGESTED)
    since: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(**lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())
    person: Mapped[Person | None] = relationship(**lazily())
    steps: Mapped[list[PairingStep]] = relationship(back_populates="pairing", order_by="PairingStep.id", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        if_and_only_if("kind = 'theme'", "theme_id IS NOT NULL", "theme_of_its_kind"),
        if_and_only_if("kind <> 'theme'", "person_id IS NOT NULL", "person_of_its_kind"),
        sa.Index(
            "uq_pairing",
            "proposal_id",
            "kind",
            sa.text("coalesce(theme_id, 0)"),
            sa.text("coalesce(person_id, 0)"),
            unique=True,
        ),
    )


class PairingStep(Model):
    """One step of a pairing: from a state (None: it was not on the board) to another, by whom, when, with a note."""

    __tablename__ = "pairing_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairing.id"), index=True)
    was: Mapped[PairingState | None] = word("was", PairingState, optional=True)
    became: Mapped[PairingState] = word("became", PairingState)
    note: Mapped[str] = limited("note", Limit.REASON)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    pairing: Mapped[Pairing] = relationship(back_populates="steps", **lazily())
    by: Mapped[Person | None] = relationship(**lazily())


class Referral(Model):
    """The office's offer to bring a closed proposal, or an idea, before another open call.

    The applicant answers it; ``draft_id`` is the draft that it became, with the answers carried over.
    """

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"))
    note: Mapped[str] = limited("note", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted: Mapped[bool | None]
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    proposal: Mapped[Proposal] = relationship(foreign_keys=[proposal_id], **lazily())
    call: Mapped[Call] = relationship(**lazily())
    theme: Mapped[Theme | None] = relationship(**lazily())

    __table_args__ = (
        if_and_only_if("answered_at IS NULL", "accepted IS NULL", "accepted_when_answered"),
        sa.CheckConstraint("draft_id IS NULL OR accepted", name="draft_when_accepted"),
        sa.Index(
            "uq_referral_standing",
            "proposal_id",
            "call_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )
