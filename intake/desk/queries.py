"""What may be asked about all that a coordinator oversees: calls, counts, and what has waited longest.

A proposal that the coordinator has a conflict with is left out of every count and list; only its number is told. What
was submitted to a sealed call is left out of all of them until it has closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.call.models import Call, Criterion
from intake.call.queries import CODE
from intake.conflict.models import Conflict
from intake.desk.waiting import KINDS, Wait
from intake.extensions import db
from intake.policy import Actor
from intake.programme.models import Programme
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import overseen_by, sealed
from intake.vocabulary import Declared, Desk, Role, State, TeamAnswer
from intake.workflow import desk_of

CLOSED = tuple(state for state in State if desk_of(state) is Desk.CLOSED)
AT_REST = (State.DRAFT, State.AWARDED, *CLOSED)
"""States in which nobody is waited for."""


@dataclass(slots=True)
class Count:
    """How many proposals, and since when the longest of them has been there (None for none)."""

    number: int = 0
    since: datetime | None = None

    def add(self, number: int, since: datetime | None) -> None:
        """Count more of them."""
        self.number += number
        if since is not None:
            self.since = since if self.since is None else min(self.since, since)


@dataclass(slots=True)
class Board:
    """What lies in a coordinator's calls: by state of each call (by its id), and by what waits, over all calls.

    Drafts are in ``states`` as a number; nothing else of theirs is known here.
    """

    states: dict[int, dict[State, int]] = field(default_factory=dict)
    waits: dict[Wait, Count] = field(default_factory=lambda: {wait: Count() for wait in Wait})

    @property
    def waiting(self) -> int:
        """How many things wait, over all kinds."""
        return sum(count.number for count in self.waits.values())


def within(actor: Actor) -> sa.ColumnElement[bool]:
    """Calls that the actor coordinates, themselves or by their programme: where ``policy.oversees`` holds."""
    ours = [grant for grant in actor.grants if grant.role is Role.COORDINATOR]
    calls = sorted(grant.call_id for grant in ours if grant.call_id)
    programmes = sorted(grant.programme_id for grant in ours if grant.programme_id)
    return sa.or_(Call.id.in_(calls), Call.programme_id.in_(programmes))


def overseen_calls(actor: Actor) -> Sequence[Call]:
    """The actor's calls with programme and sponsor: the first to close comes first, then standing and undated ones, by
    code. Statements: 1."""
    return db.session.scalars(
        sa.select(Call)
        .where(within(actor))
        .options(joinedload(Call.programme).joinedload(Programme.sponsor))
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.code)
    ).all()


def handled_calls(actor: Actor) -> Sequence[Call]:
    """The calls of all that lies on the actor's desk: those that they oversee, then those of single proposals that they
    stand in for, each in the order of ``overseen_calls``. Statements: 1, or 2 for somebody who stands in."""
    ours = list(overseen_calls(actor))
    if not actor.stands_in:
        return ours
    known = {call.id for call in ours}
    others = sa.select(Proposal.call_id).where(Proposal.id.in_(sorted(actor.stands_in)))
    more = db.session.scalars(
        sa.select(Call)
        .where(Call.id.in_(others))
        .options(joinedload(Call.programme).joinedload(Programme.sponsor))
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.code)
    )
    return [*ours, *(call for call in more if call.id not in known)]


def to_list(code: str) -> Call | None:
    """The call with that code, with themes and criteria in their order, or None. Statements: 3."""
    if not CODE.fullmatch(code):
        return None
    whole = (selectinload(Call.themes), selectinload(Call.criteria))
    return db.session.scalars(sa.select(Call).where(Call.code == code).options(*whole)).one_or_none()


def withheld_from(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals that the actor has a conflict with: as ``proposal.queries.conflicted``, but asked once for all
    rows instead of once for each, for lists of thousands."""
    return _withheld_from(actor.id, actor.emails, actor.orcid)


@lru_cache(maxsize=256)
def _withheld_from(person_id: int | None, emails: frozenset[str], orcid: str) -> sa.ColumnElement[bool]:
    """A page of the desk asks this up to five times."""
    names = [TeamMember.person_id == person_id, TeamMember.email.in_(sorted(emails))]
    if orcid:
        names.append(TeamMember.orcid == orcid)
    team = sa.select(TeamMember.proposal_id).where(sa.or_(*names), TeamMember.answer != TeamAnswer.DECLINED)
    declared = sa.select(Conflict.proposal_id).where(
        Conflict.person_id == person_id, Conflict.declared == Declared.CONFLICT, Conflict.lifted_at.is_(None)
    )
    return Proposal.id.in_(sa.union_all(team, declared))


def open_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Drafts (for counting), and received proposals that the actor may read: no conflict, and no sealed call. Of calls
    in which the actor only stands in, these proposals alone."""
    readable = sa.and_(sa.not_(withheld_from(actor)), sa.or_(Proposal.number.is_(None), sa.not_(sealed())))
    return sa.and_(readable, _theirs(actor)) if actor.stands_in else readable


def _theirs(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals of calls that the actor coordinates, drafts too, and those that they stand in for."""
    return sa.or_(Proposal.call_id.in_(sa.select(Call.id).where(within(actor))), overseen_by(actor))


@cache
def received() -> sa.ColumnElement[bool]:
    """Proposals that were submitted at least once: no draft, and none withdrawn as a draft."""
    return sa.and_(
        Proposal.state != State.DRAFT, sa.or_(Proposal.state != State.WITHDRAWN, Proposal.number.is_not(None))
    )


def in_calls(call_ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Proposals of these calls, received or not."""
    return Proposal.call_id.in_(sorted(call_ids))


def board(actor: Actor, call_ids: Iterable[int], now: datetime) -> Board:
    """What lies in these calls, which the actor must oversee; conflicts and what is sealed left out, drafts counted.
    Statements: 1."""
    waits = [(wait, KINDS[wait].where(now)) for wait in Wait]
    numbers = [sa.func.count(sa.case((where, 1))) for _, where in waits]
    oldest = [sa.func.min(sa.case((where, Proposal.state_since))) for _, where in waits]
    rows = db.session.execute(
        sa.select(Proposal.call_id, Proposal.state, sa.func.count(), *numbers, *oldest)
        .where(in_calls(call_ids), sa.or_(Proposal.state == State.DRAFT, received()), open_to(actor))
        .group_by(Proposal.call_id, Proposal.state)
        .order_by(Proposal.call_id, Proposal.state)
    )
    made = Board()
    for call_id, state, number, *counted in rows:
        made.states.setdefault(call_id, {})[state] = number
        for place, (wait, _) in enumerate(waits):
            made.waits[wait].add(counted[place], counted[place + len(waits)])
    return made


def withheld(actor: Actor, call_ids: Iterable[int]) -> Sequence[tuple[int, str]]:
    """Call and number of each received proposal that is withheld from the actor for a conflict, by number; none of a
    sealed call. Statements: 1."""
    ours = _theirs(actor) if actor.stands_in else sa.true()
    rows = db.session.execute(
        sa.select(Proposal.call_id, Proposal.number)
        .where(in_calls(call_ids), Proposal.number.is_not(None), withheld_from(actor), sa.not_(sealed()), ours)
        .order_by(sa.func.length(Proposal.number), Proposal.number)
    )
    return [(row.call_id, str(row.number)) for row in rows]


def longest(actor: Actor, call_ids: Iterable[int], most: int) -> list[int]:
    """Ids of the proposals that have stood longest where somebody is waited for, at most ``most``. Statements: 1."""
    return list(
        db.session.scalars(
            sa.select(Proposal.id)
            .where(in_calls(call_ids), Proposal.state.not_in(AT_REST), open_to(actor))
            .order_by(Proposal.state_since, Proposal.id)
            .limit(most)
        )
    )


def scales(call_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The lowest and the highest score that each call's criteria allow, by its id. Statements: 1."""
    rows = db.session.execute(
        sa.select(Criterion.call_id, sa.func.min(Criterion.least), sa.func.max(Criterion.most))
        .where(Criterion.call_id.in_(sorted(call_ids)))
        .group_by(Criterion.call_id)
    )
    return {call_id: (least, most) for call_id, least, most in rows}


def by_state(actor: Actor, call_ids: Iterable[int]) -> dict[State, int]:
    """How many proposals of these calls are in each state, drafts as a number, conflicts and what is sealed left out.
    Statements: 1."""
    rows = db.session.execute(
        sa.select(Proposal.state, sa.func.count())
        .where(in_calls(call_ids), sa.or_(Proposal.state == State.DRAFT, received()), open_to(actor))
        .group_by(Proposal.state)
    )
    counted: dict[State, int] = {row[0]: row[1] for row in rows}
    return {state: counted[state] for state in State if state in counted}
