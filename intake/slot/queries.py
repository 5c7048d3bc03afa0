"""What may be asked about notices of intent and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from intake.call.models import Call
from intake.extensions import db
from intake.people.models import Department, Person
from intake.policy import ENDED, Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import conflicted, principal_of, sealed
from intake.slot.models import Notice, Slot
from intake.vocabulary import SlotPlace, State

GONE = (State.WITH_SPONSOR, State.AWARDED)
TAKEN = (SlotPlace.SLOT, SlotPlace.OFFERED)
"""An offered place is kept for whom it was offered to."""


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal on the page of places; ``version`` of its place is 0 while it has none."""

    id: int
    number: str
    title: str
    title_zh: str
    state: State
    principal: str
    department: str
    place: SlotPlace | None
    note: str
    offered_until: datetime | None
    version: int

    @property
    def closed(self) -> bool:
        """Nothing more happens to it."""
        return self.state in ENDED

    @property
    def gone(self) -> bool:
        """It went to the sponsor: it takes a place, and is nobody's reserve."""
        return self.state in GONE


def notices_of(call: Call) -> Sequence[Notice]:
    """The standing notices of the call, oldest first, with person, department and theme. Statements: 1."""
    return db.session.scalars(
        sa.select(Notice)
        .where(Notice.call_id == call.id, Notice.withdrawn_at.is_(None))
        .options(joinedload(Notice.person).joinedload(Person.department), joinedload(Notice.theme))
        .order_by(Notice.made_at, Notice.id)
    ).all()


def notice_of(person_id: int | None, call: Call) -> Notice | None:
    """The person's standing notice for the call, with its theme, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Notice)
        .where(Notice.call_id == call.id, Notice.person_id == person_id, Notice.withdrawn_at.is_(None))
        .options(joinedload(Notice.theme))
    ).one_or_none()


def counted(actor: Actor, call: Call) -> dict[SlotPlace | None, int]:
    """How many proposals of ``lines_of`` stand where; None for those that never stood anywhere. Statements: 1."""
    rows = db.session.execute(
        sa.select(Slot.place, sa.func.count())
        .select_from(Proposal)
        .outerjoin(Slot, Slot.proposal_id == Proposal.id)
        .where(*_seen(actor, call))
        .group_by(Slot.place)
    )
    return {row[0]: row[1] for row in rows}


def lines_of(actor: Actor, call: Call, first: int, most: int) -> list[Line]:
    """The received proposals of a call that the actor oversees: those that hold a place, then those that are offered
    one, the reserve by its ranks, then the others by number, closed ones last; from row ``first`` on. None that the
    actor has a conflict with, and none while the call is sealed. Statements: 1."""
    place = sa.case({SlotPlace.SLOT: 0, SlotPlace.OFFERED: 1, SlotPlace.RESERVE: 2}, value=Slot.place, else_=3)
    rows = db.session.execute(
        sa.select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.title_zh,
            Proposal.state,
            TeamMember.name.label("principal"),
            sa.func.coalesce(Department.code, TeamMember.organisation, "").label("department"),
            Slot.place,
            sa.func.coalesce(Slot.note, "").label("note"),
            Slot.offered_until,
            sa.func.coalesce(Slot.version, 0).label("version"),
        )
        .outerjoin(Slot, Slot.proposal_id == Proposal.id)
        .outerjoin(TeamMember, principal_of())
        .outerjoin(Person, Person.id == TeamMember.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(*_seen(actor, call))
        .order_by(
            place,
            sa.case((sa.and_(place == 3, Proposal.state.in_(ENDED)), 1), else_=0),
            Slot.rank,
            sa.func.length(Proposal.number),
            Proposal.number,
        )
        .offset(first)
        .limit(most)
    )
    return [Line(**row) for row in rows.mappings()]


def withheld(actor: Actor, call: Call) -> Sequence[str]:
    """The numbers of the received proposals of the call that the actor has a conflict with, in order. Statements: 1."""
    return [
        str(number)
        for number in db.session.scalars(
            sa.select(Proposal.number)
            .where(_ours(call), conflicted(actor))
            .order_by(sa.func.length(Proposal.number), Proposal.number)
        )
    ]


def _seen(actor: Actor, call: Call) -> tuple[sa.ColumnElement[bool], ...]:
    return _ours(call), sa.not_(conflicted(actor)), sa.not_(sealed())


def _ours(call: Call) -> sa.ColumnElement[bool]:
    return sa.and_(Proposal.call_id == call.id, Proposal.number.is_not(None))


def taken(call_id: int, *, besides: int | None = None) -> int:
    """How many places of the call are held or offered, not counting the proposal ``besides``. Statements: 1."""
    asked = sa.select(sa.func.count()).select_from(Slot).where(Slot.call_id == call_id, Slot.place.in_(TAKEN))
    return db.session.scalar(asked.where(Slot.proposal_id != besides) if besides is not None else asked) or 0


def slot_of(proposal_id: int) -> Slot | None:
    """The proposal's place as it is in the database now, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Slot).where(Slot.proposal_id == proposal_id).execution_options(populate_existing=True)
    ).one_or_none()


def reserve_of(call_id: int, actor: Actor | None = None) -> Sequence[Slot]:
    """The reserve of the call by its ranks; with ``actor`` only what they have no conflict with. Statements: 1."""
    asked = (
        sa.select(Slot)
        .where(Slot.call_id == call_id, Slot.place == SlotPlace.RESERVE)
        .order_by(Slot.rank, Slot.proposal_id)
        .execution_options(populate_existing=True)
    )
    if actor is not None:
        asked = asked.join(Slot.proposal).where(sa.not_(conflicted(actor)))
    return db.session.scalars(asked).all()


def first_reserve(call_id: int) -> Slot | None:
    """The first of the reserve that is not closed, with what letters about it need, or None. Statements: 3."""
    return db.session.scalars(
        _with_letters()
        .where(Slot.call_id == call_id, Slot.place == SlotPlace.RESERVE, Proposal.state.not_in(ENDED))
        .order_by(Slot.rank, Slot.proposal_id)
    ).first()


def ended_offers(now: datetime, most: int) -> list[tuple[int, int]]:
    """Call and proposal of offers that ended by ``now``, the first to end first, at most ``most``. Statements: 1."""
    rows = db.session.execute(
        sa.select(Slot.call_id, Slot.proposal_id)
        .where(Slot.place == SlotPlace.OFFERED, Slot.offered_until <= now)
        .order_by(Slot.offered_until, Slot.proposal_id)
        .limit(most)
    )
    return [(row.call_id, row.proposal_id) for row in rows]


def with_letters(proposal_id: int) -> Slot | None:
    """The proposal's place as it is now, with what letters about it need, or None. Statements: 3."""
    return db.session.scalars(_with_letters().where(Slot.proposal_id == proposal_id)).one_or_none()


def _with_letters() -> sa.Select[Slot]:
    """Places with their proposal, its call, team and conflicts. Only the place itself is read anew: the proposal may be
    at work in this very transaction."""
    return (
        sa.select(Slot)
        .join(Slot.proposal)
        .options(
            contains_eager(Slot.proposal).options(
                joinedload(Proposal.call),
                selectinload(Proposal.team).joinedload(TeamMember.person),
                selectinload(Proposal.conflicts),
            )
        )
    )
