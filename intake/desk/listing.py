"""The coordinator's list of proposals: what the address asks, and the page of rows that answers it.

Rows with a conflict are taken out before anything is searched, counted, averaged or sorted. Only the ids of one page
are sorted out of all rows; names, themes and tallies are then read for those few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake.call.models import Call, Theme
from intake.desk.queries import CLOSED, in_calls, received, withheld_from
from intake.desk.waiting import KINDS, Wait, too_few
from intake.extensions import db
from intake.match.models import Match
from intake.people.models import Department, Person
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import folded, principal_of
from intake.review.models import Assignment, Review
from intake.review.queries import NONE_ASKED, Tally, tallies
from intake.vocabulary import Desk, Relation, ReviewState, State
from intake.workflow import PATH, STATES

PAGE = 50
SORTS = ("since", "number", "title", "principal", "state", "mean")
MOST_WORDS = 12

MATCHED, CHOSEN = Theme.__table__.alias("matched"), Theme.__table__.alias("chosen")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for. ``sort`` is one of SORTS, with ``-`` before it for falling; ``page`` counts from 1.

    ``few`` asks for proposals under review that still have too few reviews.
    """

    words: str = ""
    states: tuple[State, ...] = ()
    theme_id: int | None = None
    call_id: int | None = None
    desk: Desk | None = None
    wait: Wait | None = None
    few: bool = False
    sort: str = "since"
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.words or self.states or self.theme_id or self.call_id or self.desk or self.wait or self.few)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list: columns of the proposal, and how far its reviews are."""

    row: Any
    tally: Tally


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``total`` is of all rows that were asked for."""

    lines: list[Line]
    total: int
    page: int
    pages: int


def holding(words: str) -> sa.ColumnElement[bool]:
    """Proposals that hold each of ``words`` in title, number, keywords or abstract, or in the name or the address of
    their principal investigator: the office may search by who applies."""
    each = [sa.or_(_written(part), _applied(part)) for part in words.split()[:MOST_WORDS]]
    return sa.and_(sa.true(), *each)


def _written(part: str) -> sa.ColumnElement[bool]:
    return Proposal.search_text.contains(folded(part), autoescape=True)


def _applied(part: str) -> sa.ColumnElement[bool]:
    named = (
        sa.func.lower(Person.name).contains(part.lower(), autoescape=True),
        Person.name.contains(part, autoescape=True),
        Person.name_zh.contains(part, autoescape=True),
        Person.email.contains(part.lower(), autoescape=True),
    )
    leads = sa.select(TeamMember.proposal_id).join(Person, Person.id == TeamMember.person_id)
    return Proposal.id.in_(leads.where(TeamMember.relation == Relation.PRINCIPAL, sa.or_(*named)))


def of_theme(theme_id: int) -> sa.ColumnElement[bool]:
    """Proposals matched to the theme, or not matched and the applicant chose it."""
    matched = sa.select(Match.proposal_id).where(Match.undone_at.is_(None), Match.theme_id.is_not(None))
    chosen = sa.and_(Proposal.theme_id == theme_id, Proposal.id.not_in(matched))
    return sa.or_(Proposal.id.in_(matched.where(Match.theme_id == theme_id)), chosen)


def conditions(actor: Actor, call_ids: Iterable[int], asked: Asked, now: datetime) -> list[sa.ColumnElement[bool]]:
    """What a row must meet to be in the list; ``call_ids`` must be overseen by the actor."""
    must = [in_calls(call_ids), received(), sa.not_(withheld_from(actor))]
    if asked.call_id is not None:
        must.append(Proposal.call_id == asked.call_id)
    if asked.states:
        must.append(Proposal.state.in_(asked.states))
    if asked.desk:
        must.append(Proposal.state.in_([state for state in State if STATES[state].desk is asked.desk]))
    if asked.theme_id is not None:
        must.append(of_theme(asked.theme_id))
    if asked.wait:
        must.append(KINDS[asked.wait].where(now))
    if asked.few:
        must.append(too_few())
    if asked.words:
        must.append(holding(asked.words))
    return must


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


def total_of(must: Sequence[sa.ColumnElement[bool]]) -> int:
    """How many rows meet the conditions. Statements: 1."""
    return db.session.scalar(sa.select(sa.func.count(Proposal.id)).where(*must)) or 0


def page_of(actor: Actor, call_ids: Sequence[int], asked: Asked, now: datetime, *, total: int | None = None) -> Page:
    """The page that is asked for, or the last where there are fewer. Statements: 4; 3 where ``total`` is known."""
    must = conditions(actor, call_ids, asked, now)
    total = total_of(must) if total is None else total
    pages = max(1, -(-total // PAGE))
    page = min(asked.page, pages)
    found = in_order(sa.select(Proposal.id).where(*must), asked.sort).limit(PAGE).offset((page - 1) * PAGE)
    ids = list(db.session.scalars(found)) if total else []
    return Page(lines(ids, now), total, page, pages)


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
    rows = {row.id: row for row in db.session.execute(columns().where(Proposal.id.in_(ids)))}
    counted = tallies(ids, now)
    return [Line(rows[each], counted.get(each, NONE_ASKED)) for each in ids if each in rows]
