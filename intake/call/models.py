"""A call of a programme, with its themes, rules and rubric."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.extensions import Instant, Model, if_and_only_if, lazily, limited, word
from intake.programme.models import Programme
from intake.vocabulary import Currency, Limit, ReadsOthers


class Call(Model):
    """A round of a programme that takes proposals from ``opens_at`` until before ``closes_at``; a standing one always.

    Amounts are minor units of ``currency``. The switches under "review" say who sees and decides what.
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
    last_number: Mapped[int] = mapped_column(default=0)
    team_may_edit: Mapped[bool] = mapped_column(default=True)
    # review
    panel: Mapped[bool] = mapped_column(default=True)
    reviews_needed: Mapped[int] = mapped_column(default=2)
    reads_others: Mapped[ReadsOthers] = word("reads_others", ReadsOthers, default=ReadsOthers.AFTER_OWN)
    applicants_named: Mapped[bool] = mapped_column(default=True)
    reviewers_named: Mapped[bool] = mapped_column(default=False)
    # sponsor
    sponsor_decides: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(**lazily())
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
    )


class Theme(Model):
    """A subject that the sponsor of a call asks for."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    name: Mapped[str] = limited("name", Limit.NAME)
    position: Mapped[int]

    __table_args__ = (sa.UniqueConstraint("call_id", "name"),)


class Rule(Model):
    """A rule of a call, with its source. ``code`` names the check in ``proposal/rulebook.py``, where there is one."""

    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    code: Mapped[str] = limited("code", Limit.CODE)
    text: Mapped[str] = limited("text", Limit.REASON)
    source: Mapped[str] = limited("source", Limit.TITLE)
    position: Mapped[int]

    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


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
