"""The coordinator's list of proposals: its order, and one page of its rows.

Only the ids of one page are picked out of all rows; names, themes and tallies are then read for those few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from intake.call.models import Call, Theme
from intake.desk.narrowing import Asked, conditions
from intake.desk.queries import CLOSED
from intake.extensions import db
from intake.match.models import Match
from intake.people.models import Department, Person
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import principal_of
from intake.review.models import Assignment, Review
from intake.review.queries import NONE_ASKED, Tally, tallies
from intake.vocabulary import ReviewState, State
from intake.workflow import PATH

PAGE = 50

MATCHED, CHOSEN = Theme.__table__.alias("matched"), Theme.__table__.alias("chosen")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list: columns of the proposal, and how far its reviews are."""

    row: Any
    tally: Tally


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows a list has, and how many of them are closed."""

    rows: int
    closed: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``total`` is of all rows that were asked for."""

    lines: list[Line]
    total: int
    page: int
    pages: int


def means() -> sa.Subquery:
    """The mean of the submitted reviews of standing assignments, for each proposal that has any."""
    return (
        sa.select(Assignment.proposal_id, sa.func.avg(Review.overall).label("mean"))
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Assignment.removed_at.is_(None), Review.state == ReviewState.SUBMITTED)
        .group_by(Assignment.proposal_id)
        .subquery()
    )


def in_order(found: sa.Select[*tuple[Any, ...]], sort: str, *, joined: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """``found`` in the order of ``sort``; equal rows stand by the time they have waited, then by id, so that no row is
    on two pages. A row without a mean comes last either way. ``joined``: call and principal are joined."""
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    columns: list[Any] = []
    if key == "number":
        found = found if joined else found.join(Call, Call.id == Proposal.call_id)
        columns = [Call.code, sa.func.length(Proposal.number), Proposal.number]
    elif key == "title":
        columns = [sa.func.lower(Proposal.title)]
    elif key == "principal":
        if not joined:
            found = found.outerjoin(TeamMember, principal_of()).outerjoin(Person, Person.id == TeamMember.person_id)
        columns = [sa.func.lower(Person.name)]
    elif key == "state":
        columns = [sa.case(_PLACES, value=Proposal.state)]
    elif key == "mean":
        mean = means()
        found = found.outerjoin(mean, mean.c.proposal_id == Proposal.id).order_by(mean.c.mean.is_(None))
        columns = [mean.c.mean]
    elif falling:
        columns = [Proposal.state_since]
    else:
        found = found.order_by(sa.case((Proposal.state.in_(CLOSED), 1), else_=0))
    ordered = [column.desc() if falling else column for column in columns]
    return found.order_by(*ordered, Proposal.state_since, Proposal.id)


_PLACES = {state.value: place for place, state in enumerate((*PATH, *(state for state in State if state not in PATH)))}


def totals_of(must: Sequence[sa.ColumnElement[bool]]) -> Totals:
    """How many rows meet the conditions. Statements: 1."""
    closed = sa.func.count(sa.case((Proposal.state.in_(CLOSED), 1)))
    row = db.session.execute(sa.select(sa.func.count(Proposal.id), closed).where(*must)).one()
    return Totals(row[0], row[1])


def page_of(
    actor: Actor, call_ids: Sequence[int], asked: Asked, now: datetime, *, totals: Totals | None = None
) -> Page:
    """The page that is asked for, or the last where there are fewer. Statements: 4; 3 where ``totals`` are known."""
    must = conditions(actor, call_ids, asked, now)
    counted = totals or totals_of(must)
    pages = max(1, -(-counted.rows // PAGE))
    page = min(asked.page, pages)
    start = (page - 1) * PAGE
    if asked.sort == "since":
        found = _waiting_first(must, counted, start)
    else:
        found = in_order(sa.select(Proposal.id).where(*must), asked.sort).limit(PAGE).offset(start)
    ids = [row[0] for row in db.session.execute(found)] if counted.rows else []
    return Page(lines(ids, now), counted.rows, page, pages)


def _waiting_first(must: Sequence[sa.ColumnElement[bool]], counted: Totals, start: int) -> sa.Select[Any]:
    """A page of ids in the order of ``since``, open rows before closed ones. Each part follows the index of a call's
    rows in time and stops at the page's end, so that a call of ten thousand is not sorted to show fifty."""
    open_rows = counted.rows - counted.closed
    parts = (
        (0, Proposal.state.not_in(CLOSED), min(start, open_rows), PAGE),
        (1, Proposal.state.in_(CLOSED), max(0, start - open_rows), max(0, start + PAGE - max(start, open_rows))),
    )
    pieces = [
        sa.select(
            sa.select(Proposal.id, Proposal.state_since, sa.literal(part).label("part"))
            .where(*must, which)
            .order_by(Proposal.state_since, Proposal.id)
            .limit(most)
            .offset(offset)
            .subquery()
        )
        for part, which, offset, most in parts
    ]
    both = sa.union_all(*pieces).subquery()
    return sa.select(both.c.id).order_by(both.c.part, both.c.state_since, both.c.id)


def columns() -> sa.Select[*tuple[Any, ...]]:
    """What a line shows of a proposal: its number, titles, state, call, theme (matched, else chosen) and principal."""
    return (
        sa.select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.title_zh,
            Proposal.state,
            Proposal.state_since,
            Proposal.returned_until,
            Proposal.call_id,
            Call.code.label("call_code"),
            Call.panel,
            Call.reviews_needed.label("needed"),
            sa.func.coalesce(MATCHED.c.name, CHOSEN.c.name).label("theme"),
            Person.name.label("principal"),
            Person.name_zh.label("principal_zh"),
            Person.email.label("email"),
            Department.code.label("department"),
        )
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(TeamMember, principal_of())
        .outerjoin(Person, Person.id == TeamMember.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .outerjoin(Match, sa.and_(Match.proposal_id == Proposal.id, Match.undone_at.is_(None)))
        .outerjoin(MATCHED, MATCHED.c.id == Match.theme_id)
        .outerjoin(CHOSEN, CHOSEN.c.id == Proposal.theme_id)
    )


def lines(ids: Sequence[int], now: datetime) -> list[Line]:
    """The lines of these proposals, in the order of ``ids``. Statements: 2 (none for no ids)."""
    if not ids:
        return []
    rows = {row.id: row for row in db.session.execute(_lines_asked(), {"ids": list(ids)})}
    counted = tallies(ids, now)
    return [Line(rows[each], counted.get(each, NONE_ASKED)) for each in ids if each in rows]


@cache
def _lines_asked() -> sa.Select[*tuple[Any, ...]]:
    """The statement of ``lines``, built once: building it takes as long as sending it."""
    return columns().where(Proposal.id.in_(sa.bindparam("ids", expanding=True)))
