"""How many days proposals usually spend in one step, from those that have left it: public steps only, so that the
numbers tell nothing that the teams were not told."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from intake.call.models import Call
from intake.extensions import db
from intake.proposal.models import Move, Proposal
from intake.vocabulary import Action, State

YEARS = timedelta(days=3 * 365)
FEWEST = 5
"""With fewer known, a number would tell of single proposals."""
NEWEST = 200
"""So many of the latest are enough to know what is usual."""
LOOKED_AT = 2_000
"""So many of the latest moves are looked through for them, so that a page costs the same however many there are."""
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Pace:
    """Days in one step, begun days counted whole: half of the proposals took from ``least`` to ``most``; ``known`` is
    how many proposals that is taken from."""

    least: int
    median: int
    most: int
    known: int


def pace(
    programme_id: int, with_panel: Collection[State], without_panel: Collection[State], now: datetime
) -> Pace | None:
    """How long a step usually takes in the programme, or where too few are known there, in all of them; None where
    fewer than ``FEWEST`` are known at all.

    The step is a set of states that read alike to a team, in calls with and without a panel. Stays that began in the
    last three years count, once they have ended other than by a withdrawal. Statements: 2 at most.
    """
    for one in (programme_id, None):
        known = pace_of(_stays(one, with_panel, without_panel, now - YEARS))
        if known is not None:
            return known
    return None


def pace_of(stays: Sequence[timedelta]) -> Pace | None:
    """The quartiles of these stays, each the nearest that was really there."""
    if len(stays) < FEWEST:
        return None
    days = sorted(max(1, math.ceil(stay.total_seconds() / DAY)) for stay in stays)
    least, median, most = (days[math.ceil(len(days) * part) - 1] for part in (0.25, 0.5, 0.75))
    return Pace(least, median, most, len(days))


def _stays(
    programme_id: int | None, with_panel: Collection[State], without_panel: Collection[State], since: datetime
) -> list[timedelta]:
    """How long each proposal stayed, those that left last first, at most ``NEWEST``. Statements: 1."""
    left, came = _left(programme_id, with_panel, without_panel, since), aliased(Move)
    before = aliased(Move)
    last = (
        sa.select(sa.func.max(before.id))
        .where(
            before.proposal_id == left.c.proposal_id,
            before.id < left.c.id,
            _inside(before.became, left.c.panel, with_panel, without_panel),
            sa.not_(_inside(before.was, left.c.panel, with_panel, without_panel)),
        )
        .correlate(left)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(came.at, left.c.at.label("left_at"))
        .select_from(left)
        .join(came, came.id == last)
        .where(came.at >= since, came.action != Action.PROPOSAL_RESTORE.value)
        .order_by(left.c.id.desc())
    )
    return [row.left_at - row.at for row in rows]


def _left(
    programme_id: int | None, with_panel: Collection[State], without_panel: Collection[State], since: datetime
) -> sa.Subquery:
    """The newest moves out of the step, but for withdrawals, with whether their call has a panel."""
    recent = (
        sa.select(Move.id, Move.proposal_id, Move.at, Move.was, Move.became)
        .where(Move.was.in_(sorted({*with_panel, *without_panel})), Move.became != State.WITHDRAWN, Move.at >= since)
        .order_by(Move.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    asked = (
        sa.select(recent.c.id, recent.c.proposal_id, recent.c.at, Call.panel)
        .join_from(recent, Proposal, Proposal.id == recent.c.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(
            _inside(recent.c.was, Call.panel, with_panel, without_panel),
            sa.not_(_inside(recent.c.became, Call.panel, with_panel, without_panel)),
        )
        .order_by(recent.c.id.desc())
        .limit(NEWEST)
    )
    return (asked.where(Call.programme_id == programme_id) if programme_id is not None else asked).subquery()


def _inside(
    column: Any, panel: Any, with_panel: Collection[State], without_panel: Collection[State]
) -> sa.ColumnElement[bool]:
    """Whether the state in ``column`` is one of the step's, in a call that has a panel or not."""
    states = (panel, sorted(with_panel)), (sa.not_(panel), sorted(without_panel))
    return sa.or_(*(sa.and_(which, column.in_(each)) for which, each in states))
