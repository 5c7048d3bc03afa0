"""How one proposal is loaded with what hangs on it: with plain statements that are built once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from intake.call.models import Call
from intake.extensions import db
from intake.people.models import Person
from intake.programme.models import Programme
from intake.proposal.models import Proposal, TeamMember


def behind(relationship: str) -> Any:
    """The model behind a relationship of proposals: what a later room keeps about them, which this room may not
    import."""
    return sa.inspect(Proposal).relationships[relationship].mapper.class_


def loaded(proposal_id: int, kept: Sequence[str], for_update: bool) -> Proposal | None:
    """The proposal with call, programme, sponsor, theme, award, slot, form and the rows behind its relationships
    ``kept``, read anew even where this session knows it, or None. Statements: 1, and 1 for each of ``kept``."""
    proposal = db.session.scalars(_the_one(for_update), {"id": proposal_id}).one_or_none()
    if proposal is not None:
        fill(proposal, kept)
    return proposal


def fill(owner: Any, kept: Sequence[str]) -> None:
    """Load the rows behind these relationships of one proposal, call or review. Statements: 1 for each.

    The same as selectinload, which is made for many owners and takes longer for one.
    """
    model: Any = type(owner)
    for relationship in kept:
        rows = db.session.scalars(_rows_of(model, relationship), {"owner": owner.id}).all()
        set_committed_value(owner, relationship, list(rows))


@cache
def _the_one(for_update: bool) -> sa.Select[Proposal]:
    """One proposal with what it has one of. Built once: a statement takes as long to build as to send."""
    asked = (
        sa.select(Proposal)
        .where(Proposal.id == sa.bindparam("id"))
        .options(
            joinedload(Proposal.call).joinedload(Call.programme).joinedload(Programme.sponsor),
            joinedload(Proposal.theme),
            joinedload(Proposal.award),
            joinedload(Proposal.slot),
            joinedload(Proposal.form),
        )
        .execution_options(populate_existing=True)
    )
    # Its key never changes, so rows that only name it (a letter, a message) need not wait for the lock.
    return asked.with_for_update(of=Proposal, key_share=True) if for_update else asked


@cache
def _rows_of(owner: type[Any], relationship: str) -> sa.Select[Any]:
    """The rows behind a relationship of one owner, in its order, with what names the people in them."""
    mapper: Any = sa.inspect(owner)
    known = mapper.relationships[relationship]
    (ours,) = known.remote_side
    return (
        sa.select(known.mapper.class_)
        .where(ours == sa.bindparam("owner"))
        .order_by(*(known.order_by or ()))
        .options(*_with(relationship))
        .execution_options(populate_existing=True)
    )


def _with(relationship: str) -> Sequence[ExecutableOption]:
    if relationship == "team":
        return (joinedload(TeamMember.person).joinedload(Person.department),)
    return (joinedload(behind("assignments").review),) if relationship == "assignments" else ()
