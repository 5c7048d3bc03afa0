"""What may be asked about calls. Programme, sponsor and themes come loaded with every call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.audit.models import Event
from intake.call.models import Call
from intake.extensions import db
from intake.programme.models import Programme

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
"""How a code reads: it stands in addresses and, a call's, at the head of its proposals' numbers."""

ARRANGED = "call.arranged"
"""The log's word for a change of a call's dates or settings; its ``changes`` map each name to [was, became]."""


def one(code: str) -> Call | None:
    """The call with that code, with themes, rules, criteria, invitations and extensions in their order, or None.
    Statements: 6."""
    if not CODE.fullmatch(code):
        return None
    lists = (Call.themes, Call.rules, Call.criteria, Call.invitations, Call.extensions)
    whole = [selectinload(each) for each in lists]
    return db.session.scalars(_calls().where(Call.code == code).options(*whole)).one_or_none()


def public_one(code: str) -> Call | None:
    """The call with that code if everybody may know of it: one in preparation is as one that does not exist.
    Statements: 6."""
    call = one(code)
    return call if call is not None and not call.in_preparation else None


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
    """For each call (by id) the settings that the office has changed, as the log tells. Statements: 1."""
    events = db.session.execute(
        sa.select(Event.subject_id, Event.facts)
        .where(Event.subject_type == "call", Event.action == ARRANGED)
        .order_by(Event.position)
    )
    found: dict[int, set[str]] = {}
    for call_id, facts in events:
        found.setdefault(call_id, set()).update(facts["changes"])
    return found


def _calls() -> sa.Select[Any]:
    return sa.select(Call).options(joinedload(Call.programme).joinedload(Programme.sponsor))


def _public() -> sa.Select[Any]:
    return _calls().where(~Call.in_preparation)


def _with_themes(asked: sa.Select[Any]) -> Sequence[Call]:
    return db.session.scalars(asked.options(selectinload(Call.themes))).all()
