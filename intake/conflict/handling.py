"""Which proposals the office cannot handle as usual: coordinators with a conflict, and who stands in for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from intake.call.models import Call
from intake.conflict.finding import rows
from intake.extensions import db
from intake.people.models import Person, RoleGrant, StandIn
from intake.policy import ENDED
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictLevel, ConflictRule, Role


@dataclass(slots=True)
class Handled:
    """A proposal by its number, with the names of who handles it, from whom it is withheld, and who stands in."""

    id: int
    number: str
    call: str
    handlers: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    stand_ins: list[StandIn] = field(default_factory=list)


def handled(proposal_id: int | None = None) -> list[Handled]:
    """Open received proposals that are withheld from a coordinator, have a stand-in, or are of a call that nobody
    coordinates, or the one that is asked for; those that nobody handles first, then by number. Statements: 17 at most,
    whatever the number."""
    wanted: list[sa.ColumnElement[bool]] = [Proposal.number.is_not(None), Proposal.state.not_in(ENDED)]
    if proposal_id is not None:
        wanted = [Proposal.id == proposal_id]
    papers = sa.select(Proposal.id).where(*wanted)
    coordinators, barred, helpers = _coordinators(), _barred(papers), _stand_ins(papers)
    ids = {number for number, _ in barred} | helpers.keys()
    ids |= {proposal_id} if proposal_id is not None else _of_nobody(papers, coordinators)
    found = [_told(row, coordinators, barred, helpers.get(row.id, [])) for row in _papers(ids)]
    if proposal_id is None:  # a coordinator of another call has no part in it
        found = [each for each in found if each.withheld or each.stand_ins or not each.handlers]
    return sorted(found, key=lambda each: (bool(each.handlers), len(each.number), each.number))


def _of_nobody(papers: sa.Select[int], coordinators: list[RoleGrant]) -> set[int]:
    """Those of the proposals whose call nobody coordinates. Statements: 1."""
    calls = {each.call_id for each in coordinators if each.call_id is not None}
    programmes = {each.programme_id for each in coordinators if each.programme_id is not None}
    ours = sa.or_(Call.id.in_(sorted(calls)), Call.programme_id.in_(sorted(programmes)))
    return set(db.session.scalars(papers.join(Call, Call.id == Proposal.call_id).where(sa.not_(ours))))


def _papers(ids: set[int]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    asked = (
        sa.select(Proposal.id, Proposal.number, Call.id.label("call_id"), Call.programme_id, Call.title)
        .join(Call, Call.id == Proposal.call_id)
        .where(Proposal.id.in_(sorted(ids)), Proposal.number.is_not(None))
    )
    return db.session.execute(asked).all()


def _coordinators() -> list[RoleGrant]:
    asked = sa.select(RoleGrant).join(RoleGrant.person).where(Person.active)
    held = asked.where(RoleGrant.role == Role.COORDINATOR, RoleGrant.revoked_at.is_(None))
    return list(db.session.scalars(held.options(contains_eager(RoleGrant.person)).order_by(Person.name, Person.id)))


def _barred(papers: sa.Select[int]) -> set[tuple[int, int]]:
    """Pairs of a proposal and somebody of the office who is on its team or declared a conflict."""
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.COORDINATOR, RoleGrant.revoked_at.is_(None))
    named = sa.select(StandIn.person_id).where(StandIn.ended_at.is_(None))
    office = sa.select(Person.id).where(sa.or_(Person.id.in_(held), Person.id.in_(named)))
    off = dict.fromkeys(ConflictRule, ConflictLevel.OFF)
    found = rows(papers, office, judging=False, handling=True, instead=(off, 0))
    return {(row.proposal_id, row.person_id) for row in found}


def _stand_ins(papers: sa.Select[int]) -> dict[int, list[StandIn]]:
    asked = sa.select(StandIn).join(StandIn.person).where(StandIn.proposal_id.in_(papers), StandIn.ended_at.is_(None))
    found: dict[int, list[StandIn]] = defaultdict(list)
    for row in db.session.scalars(asked.options(contains_eager(StandIn.person)).order_by(StandIn.id)):
        found[row.proposal_id].append(row)
    return found


def _told(
    row: sa.Row[*tuple[Any, ...]],
    coordinators: list[RoleGrant],
    barred: set[tuple[int, int]],
    helpers: list[StandIn],
) -> Handled:
    told = Handled(row.id, row.number, row.title, stand_ins=helpers)
    ours = [each for each in coordinators if each.call_id == row.call_id or each.programme_id == row.programme_id]
    office = {each.person_id: each.person.name for each in ours} | {
        each.person_id: each.person.name for each in helpers
    }
    for person_id, name in office.items():
        active = all(each.person.active for each in helpers if each.person_id == person_id)
        (told.withheld if (row.id, person_id) in barred or not active else told.handlers).append(name)
    return told
