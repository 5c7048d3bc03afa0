"""The office, its sponsors and their programmes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake.extensions import Model, lazily, limited, word
from intake.vocabulary import Limit, ProgrammeKind


class Office(Model):
    """The one office that runs this installation. Names change, so they are settings."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    short: Mapped[str] = limited("short", Limit.CODE)
    institution: Mapped[str] = limited("institution", Limit.NAME)
    ror: Mapped[str] = limited("ror", Limit.NAME)
    time_zone: Mapped[str] = limited("time_zone", Limit.CODE)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)


class Sponsor(Model):
    """A company that funds programmes."""

    __tablename__ = "sponsor"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = limited("code", Limit.CODE, unique=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    units: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    email_domains: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    time_zone: Mapped[str] = limited("time_zone", Limit.CODE)


class Programme(Model):
    """A line of funding that opens calls. A standing intake has no sponsor."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = limited("code", Limit.CODE, unique=True)
    sponsor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sponsor.id"), index=True)
    name: Mapped[str] = limited("name", Limit.NAME)
    kind: Mapped[ProgrammeKind] = word("kind", ProgrammeKind)
    for_whom: Mapped[str] = limited("for_whom", Limit.NAME)
    purpose: Mapped[str] = limited("purpose", Limit.ABSTRACT)
    enquiry: Mapped[str] = limited("enquiry", Limit.NAME)
    by_invitation: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    setup: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """What its calls begin with: form, rules, rubric, phases, letters; ``call/setup.py`` reads it."""

    sponsor: Mapped[Sponsor | None] = relationship(**lazily())


class Milestone(Model):
    """A line of the history of the collaboration. ``since`` reads 2007, 2016-11-30 or 2017-08/2017-10."""

    __tablename__ = "history_milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[str] = limited("since", Limit.CODE)
    what: Mapped[str] = limited("what", Limit.TITLE)

    __table_args__ = (sa.UniqueConstraint("since", "what"),)
