"""A call of a programme, with its themes, rules, rubric and the versions of its form."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.programme.models import Programme
from intake.vocabulary import Currency, Limit, ReadsOthers, RuleLevel

if TYPE_CHECKING:  # what a later room keeps about calls; only the policy's reading needs it here
    from intake.allowance.models import CallInvitation, Extension


class Call(Model):
    """A round of a programme that takes proposals from ``opens_at`` until before ``closes_at``; a standing one always.

    Amounts are minor units of ``currency``. ``grace_minutes`` after the close are granted to drafts begun before it and
    told to nobody. ``zones`` maps a ``CallDate`` to the zone it is stated in, where that is not the office's. In a
    sealed call nobody in the office reads a proposal before ``sealed_until``: its close and the grace. A call that
    ``follows`` another is its next stage. The switches under "review" say who sees and decides what.
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = limited("code", Limit.CODE, unique=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    title: Mapped[str] = limited("title", Limit.TITLE)
    currency: Mapped[Currency] = word("currency", Currency)
    max_award_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    max_award_source: Mapped[str] = limited("max_award_source", Limit.NAME)
    duration_least: Mapped[int | None]
    duration_most: Mapped[int | None]
    headings: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    standing: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    notice_due_at: Mapped[datetime | None] = mapped_column(Instant)
    check_by_at: Mapped[datetime | None] = mapped_column(Instant)
    sponsor_deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    review_due_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_at: Mapped[datetime | None] = mapped_column(Instant)
    zones: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    grace_minutes: Mapped[int] = mapped_column(default=0)
    in_preparation: Mapped[bool] = mapped_column(default=False)
    sealed_until: Mapped[datetime | None] = mapped_column(Instant)
    by_invitation: Mapped[bool] = mapped_column(default=False)
    slots: Mapped[int | None]
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call.id"), index=True)
    stage: Mapped[str] = limited("stage", Limit.NAME)
    summary: Mapped[str] = limited("summary", Limit.ABSTRACT)
    letters: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    last_number: Mapped[int] = mapped_column(default=0)
    team_may_edit: Mapped[bool] = mapped_column(default=True)
    team_confirms: Mapped[bool] = mapped_column(default=False)
    # review
    panel: Mapped[bool] = mapped_column(default=True)
    reviews_needed: Mapped[int] = mapped_column(default=2)
    reads_others: Mapped[ReadsOthers] = word("reads_others", ReadsOthers, default=ReadsOthers.AFTER_OWN)
    applicants_named: Mapped[bool] = mapped_column(default=True)
    reviewers_named: Mapped[bool] = mapped_column(default=False)
    # matching
    conflict_levels: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    """A ``ConflictRule`` to its ``ConflictLevel``, where it is not the usual one (``conflict/levels.py``)."""
    conflict_years: Mapped[int] = mapped_column(default=3)
    affinity_weights: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    """What each part of an affinity counts, in percent, where it is not as usual (``match/weights.py``)."""
    reviewer_load: Mapped[int] = mapped_column(default=5)
    # sponsor
    sponsor_decides: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(**lazily())
    follows: Mapped[Call | None] = relationship(remote_side="Call.id", **lazily())
    invitations: Mapped[list[CallInvitation]] = relationship("CallInvitation", order_by="CallInvitation.id", **lazily())
    extensions: Mapped[list[Extension]] = relationship("Extension", order_by="Extension.id", **lazily())
    forms: Mapped[list[FormVersion]] = relationship(order_by="FormVersion.ordinal", **lazily())
    themes: Mapped[list[Theme]] = relationship(order_by="Theme.position", **lazily())
    rules: Mapped[list[Rule]] = relationship(order_by="Rule.position", **lazily())
    criteria: Mapped[list[Criterion]] = relationship(order_by="Criterion.position", **lazily())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        if_and_only_if("opens_at IS NULL", "closes_at IS NULL", "dates_together"),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("duration_least BETWEEN 1 AND duration_most", name="duration_order"),
        sa.CheckConstraint(f"duration_most <= {Limit.DURATION_MONTHS}", name="duration_bound"),
        sa.CheckConstraint(f"max_award_minor BETWEEN 1 AND {Limit.MONEY_MINOR}", name="award_bound"),
        sa.CheckConstraint("reviews_needed BETWEEN 1 AND 20", name="reviews_bound"),
        sa.CheckConstraint(f"grace_minutes BETWEEN 0 AND {Limit.GRACE_MINUTES}", name="grace_bound"),
        sa.CheckConstraint(f"conflict_years BETWEEN 0 AND {Limit.CONFLICT_YEARS}", name="conflict_years_bound"),
        sa.CheckConstraint(f"reviewer_load BETWEEN 0 AND {Limit.LOAD}", name="reviewer_load_bound"),
        sa.CheckConstraint(f"slots BETWEEN 1 AND {Limit.SLOTS}", name="slots_bound"),
        sa.CheckConstraint("follows_id <> id", name="follows_another"),
    )


class Theme(Model):
    """A subject that the sponsor of a call asks for."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    name: Mapped[str] = limited("name", Limit.NAME)
    name_zh: Mapped[str] = limited("name_zh", Limit.NAME)
    description: Mapped[str] = limited("description", Limit.ABSTRACT)
    position: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    """From then on nobody chooses it; proposals that have it keep it."""

    __table_args__ = (sa.UniqueConstraint("call_id", "name"),)


class Rule(Model):
    """A rule of a call, with its source clause.

    ``check_name`` names the registered check of ``proposal/rulebook.py`` (where it is empty ``code`` does);
    ``facts`` are its settings. A rule without a check is for the coordinator to judge at screening.
    """

    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    code: Mapped[str] = limited("code", Limit.CODE)
    text: Mapped[str] = limited("text", Limit.REASON)
    source: Mapped[str] = limited("source", Limit.TITLE)
    check_name: Mapped[str] = limited("check_name", Limit.CODE)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    level: Mapped[RuleLevel] = word("level", RuleLevel, default=RuleLevel.STOP)
    position: Mapped[int]

    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


class FormVersion(Model):
    """One version of a call's form: a definition as ``intake/form`` reads it. Unchanging once it is published.

    The newest published version is the call's form; the one that is not published is being worked on, one a call.
    """

    __tablename__ = "form_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    ordinal: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = limited("note", Limit.REASON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("call_id", "ordinal"),
        sa.Index(
            "uq_form_version_unpublished",
            "call_id",
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        ),
    )


class Criterion(Model):
    """One line of the rubric: a whole-number scale from ``least`` to ``most``, each value with its anchor text.

    ``weight`` is in percent; the weights of a call add up to 100. ``anchors`` maps a value (as text) to its words.
    """

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    code: Mapped[str] = limited("code", Limit.CODE)
    name: Mapped[str] = limited("name", Limit.NAME)
    question: Mapped[str] = limited("question", Limit.REASON)
    weight: Mapped[int]
    least: Mapped[int]
    most: Mapped[int]
    anchors: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    position: Mapped[int]

    __table_args__ = (
        sa.UniqueConstraint("call_id", "code"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name="weight_percent"),
        sa.CheckConstraint("least < most", name="scale_order"),
    )
