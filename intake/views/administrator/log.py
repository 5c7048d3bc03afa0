"""The log: who did what, when, from what to what; and whether its chain is whole.

A note to an event of a proposal may quote its text, which administrators do not read: only events of other subjects
show theirs. Events of proposals that were not received yet are not listed at all, nor are those of proposals that the
reader has a conflict with: they name who reviews.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from intake.audit import chain, queries
from intake.audit.models import Event
from intake.extensions import db
from intake.people import queries as people
from intake.people.models import Person
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted
from intake.views.administrator import administrator
from intake.views.administrator.lists import ROWS, asked, page_of
from intake.views.fields import FIRST_YEAR, LAST_YEAR
from intake.views.gate import actor, door
from intake.vocabulary import Action

OF_PROPOSAL_SHOWN = frozenset({"conflict.lifted"})
"""Events of proposals whose note an administrator wrote."""


@door(administrator, "/administration/log", Action.AREA_ADMINISTRATION)
def log() -> ResponseReturnValue:
    """Events, the newest first, 50 a page. Statements: 5, whatever the number of rows."""
    told = {name: asked(name) for name in ("action", "who", "about", "since", "until")}
    where = queries.found(
        action=told["action"],
        actors=sa.select(Person.id).where(people.found(told["who"])) if told["who"] else None,
        subject=_subject(told["about"]),
        since=_midnight(told["since"]),
        until=_midnight(told["until"], 1),
        less=_withheld(),
    )
    total = queries.count(where)
    page, pages, first = page_of(total)
    rows = queries.page(where, first, ROWS)
    values: dict[str, Any] = {"rows": rows, "total": total, "page": page, "pages": pages, "told": told}
    return render_template(
        "administrator/log.html", **values, names=_names(rows), notes={e.position: _note(e) for e in rows}
    )


def _withheld() -> tuple[str, sa.Select[Any]]:
    """The proposals whose events this administrator does not read, drafts among them."""
    return "proposal", sa.select(Proposal.id).where(sa.or_(Proposal.number.is_(None), conflicted(actor())))


def _subject(about: str) -> tuple[str, sa.Select[Any]] | None:
    """What ``about`` means: a person's address, or a proposal's number."""
    if not about:
        return None
    if "@" in about:
        return "person", sa.select(Person.id).where(Person.email == about.lower())
    return "proposal", sa.select(Proposal.id).where(Proposal.number == about.upper())


def _midnight(text: str, days: int = 0) -> datetime | None:
    """The start of a day (or ``days`` after it) on the office's clock; None for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    start = datetime.combine(day + timedelta(days=days), time(), ZoneInfo(current_app.config["TIME_ZONE"]))
    return start.astimezone(UTC)


def _names(rows: Any) -> dict[tuple[str, int], str]:
    """How the subjects and actors of these events are called. Statements: 3."""
    ids = {kind: {e.subject_id for e in rows if e.subject_type == kind} for kind in ("person", "proposal", "programme")}
    found = people.names({e.actor_id for e in rows} | ids["person"])
    names = {("person", key): name for key, name in found.items()}
    for kind, key, words in (("proposal", Proposal.id, Proposal.number), ("programme", Programme.id, Programme.code)):
        known = db.session.execute(sa.select(key, words).where(key.in_(sorted(ids[kind] - {None})))).all()
        names |= {(kind, row[0]): str(row[1] or "") for row in known}
    return names


def _note(event: Event) -> str:
    if event.subject_type == "proposal" and event.action not in OF_PROPOSAL_SHOWN:
        return ""
    return event.note


@door(administrator, "/administration/log/chain", Action.AREA_ADMINISTRATION)
def verify() -> ResponseReturnValue:
    """Read the whole chain and say whether it is whole."""
    count, fault = chain.verify()
    return render_template("administrator/chain.html", count=count, fault=fault)
