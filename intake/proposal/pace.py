"""How many days proposals usually spend in one step, from those that have left it: public steps only, so that the
numbers tell nothing that the teams were not told."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from intake.call.models import Call
from intake.extensions import db
from intake.proposal.models import Move, Proposal
from intake.vocabulary import Action, State

YEARS = timedelta(days=3 * 365)
FEWEST = 5
"""With fewer known, a number would tell of single proposals."""
NEWEST = 200
"""So many of the latest are enough to know what is usual."""
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
    """How long each proposal stayed, the newest stays first, at most ``NEWEST``. Statements: 1."""
    came, left = _inside(Move.became, with_panel, without_panel), _inside(Move.was, with_panel, without_panel)
    asked = (
        sa.select(
            Move.at,
            Move.action,
            came.label("came"),
            _next(Move.at).label("left_at"),
            _next(Move.became).label("went_to"),
        )
        .join(Proposal, Proposal.id == Move.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(came != left, Move.at >= since)
    )
    if programme_id is not None:
        asked = asked.where(Call.programme_id == programme_id)
    moved = asked.subquery()
    rows = db.session.execute(
        sa.select(moved.c.at, moved.c.left_at)
        .where(
            moved.c.came,
            moved.c.left_at.is_not(None),
            moved.c.went_to != State.WITHDRAWN,
            moved.c.action != Action.PROPOSAL_RESTORE.value,
        )
        .order_by(moved.c.at.desc())
        .limit(NEWEST)
    )
    return [row.left_at - row.at for row in rows]


def _inside(column: Any, with_panel: Collection[State], without_panel: Collection[State]) -> sa.ColumnElement[bool]:
    """Whether the state in ``column`` is one of the step's."""
    states = (Call.panel, sorted(with_panel)), (~Call.panel, sorted(without_panel))
    return sa.or_(*(sa.and_(which, column.in_(each)) for which, each in states))


def _next(column: Any) -> Any:
    """The same column of the proposal's next move into or out of the step."""
    return sa.func.lead(column, type_=column.type).over(partition_by=Move.proposal_id, order_by=(Move.at, Move.id))
