"""What may be asked about calls. Programme, sponsor and themes come loaded with every call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from intake.audit.models import Event
from intake.call.models import Call
from intake.extensions import db
from intake.programme.models import Programme

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
"""How a code reads: it stands in addresses and, a call's, at the head of its proposals' numbers."""

ARRANGED = "call.arranged"
"""The log's word for a change of a call's dates or settings; its ``changes`` map each name to [was, became]."""

EXTENDED = "call.extended"
"""The log's word for a later close for everybody, with its reason as the note and ``changes`` as above."""

PREPARED = "call.prepared"
"""The log's word for a call that was made in the product; its ``origin`` says out of what."""

EVERYTHING = "*"
PHASES = ("panel", "reviews_needed", "reads_others", "applicants_named", "reviewers_named", "sponsor_decides")
"""The columns that make up the part ``phases`` of a setup."""


def one(code: str) -> Call | None:
    """The call with that code, with themes, rules, criteria, invitations and extensions in their order, or None.
    Statements: 6."""
    return _whole(code)


def public_one(code: str) -> Call | None:
    """The call with that code if everybody may know of it: one in preparation is as one that does not exist.
    Statements: 6."""
    call = one(code)
    return call if call is not None and not call.in_preparation else None


def to_set_up(code: str) -> Call | None:
    """The call with that code as ``one`` gives it, with every version of its form and the call that it follows, or
    None. Statements: 7."""
    return _whole(code, selectinload(Call.forms), joinedload(Call.follows))


def next_stages(call_id: int) -> Sequence[Call]:
    """The calls that follow that one as its next stage, by code. Statements: 1."""
    return db.session.scalars(_calls().where(Call.follows_id == call_id).order_by(Call.code)).all()


def taken(code: str) -> bool:
    """Whether a call has that code, in whatever case. Statements: 1."""
    return db.session.scalar(sa.select(sa.exists().where(sa.func.lower(Call.code) == code.lower()))) or False


def open_calls(now: datetime) -> Sequence[Call]:
    """Calls that take proposals at ``now``: the first to close comes first, standing ones last. Statements: 2."""
    dated = sa.and_(Call.opens_at <= now, Call.closes_at > now)
    order = (Call.standing, Call.closes_at, Call.code)
    return _with_themes(_public().where(sa.or_(Call.standing, dated)).order_by(*order))


def announced_calls(now: datetime) -> Sequence[Call]:
    """Calls that open after ``now``, the next one first, then those without dates. Statements: 2."""
    to_come = sa.and_(~Call.standing, sa.or_(Call.opens_at.is_(None), Call.opens_at > now))
    order = (Call.opens_at.is_(None), Call.opens_at, Call.code)
    return _with_themes(_public().where(to_come).order_by(*order))


def closed_calls(now: datetime, most: int | None = None) -> Sequence[Call]:
    """Calls that closed at or before ``now``, the latest first, at most ``most``. Statements: 2."""
    over = sa.and_(~Call.standing, Call.closes_at <= now)
    return _with_themes(_public().where(over).order_by(Call.closes_at.desc(), Call.code).limit(most))


def set_by_the_office() -> dict[int, set[str]]:
    """For each call (by id) what the office has changed, as the log tells: names of columns, and of whole parts such as
    ``themes``. A call that was made in the product has ``EVERYTHING`` among them. Statements: 1."""
    events = db.session.execute(
        sa.select(Event.subject_id, Event.action, Event.facts)
        .where(Event.subject_type == "call", Event.action.in_((ARRANGED, EXTENDED, PREPARED)))
        .order_by(Event.position)
    )
    found: dict[int, set[str]] = {}
    for call_id, action, facts in events:
        own = found.setdefault(call_id, set())
        if action == PREPARED:
            own.add(EVERYTHING)
            continue
        changed = set(facts["changes"])
        own |= changed | (set(PHASES) if "phases" in changed else set())
    return found


def extended(call: Call) -> Event | None:
    """The extension for everybody that gave the call the close that it has now, or None. Statements: 1."""
    if call.closes_at is None:
        return None
    return db.session.scalars(
        sa.select(Event)
        .where(
            Event.subject_type == "call",
            Event.subject_id == call.id,
            Event.action == EXTENDED,
            Event.became == call.closes_at.isoformat(),
        )
        .order_by(Event.position.desc())
        .limit(1)
    ).one_or_none()


def _whole(code: str, *more: ExecutableOption) -> Call | None:
    if not CODE.fullmatch(code):
        return None
    lists = (Call.themes, Call.rules, Call.criteria, Call.invitations, Call.extensions)
    options = [selectinload(each) for each in lists]
    return db.session.scalars(_calls().where(Call.code == code).options(*options, *more)).one_or_none()


def _calls() -> sa.Select[Any]:
    return sa.select(Call).options(joinedload(Call.programme).joinedload(Programme.sponsor))


def _public() -> sa.Select[Any]:
    return _calls().where(~Call.in_preparation)


def _with_themes(asked: sa.Select[Any]) -> Sequence[Call]:
    return db.session.scalars(asked.options(selectinload(Call.themes))).all()
