"""What may be asked about conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from intake.conflict.models import Conflict
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted
from intake.vocabulary import Declared

DECLARED = sa.and_(Conflict.declared == Declared.CONFLICT, Proposal.number.is_not(None))
"""Conflicts that were declared with received proposals, lifted ones too."""


def _asked() -> sa.Select[Any]:
    return (
        sa.select(Conflict)
        .join(Conflict.proposal)
        .join(Conflict.person)
        .where(DECLARED)
        .options(contains_eager(Conflict.proposal), contains_eager(Conflict.person))
    )


def declared(first: int, most: int, *, to: Actor) -> Sequence[Conflict]:
    """Declared conflicts with proposal and person: standing ones first, the newest of each first; without those on
    proposals that the reader has a conflict with, whose reviewers they would read here. Statements: 1."""
    order = (Conflict.lifted_at.is_not(None), Conflict.declared_at.desc(), Conflict.id.desc())
    asked = _asked().where(sa.not_(conflicted(to))).order_by(*order)
    return db.session.scalars(asked.offset(first).limit(most)).all()


def count(*, to: Actor) -> int:
    """How many conflicts ``declared`` lists to the reader. Statements: 1."""
    asked = sa.select(sa.func.count()).select_from(Conflict).join(Conflict.proposal)
    return db.session.scalar(asked.where(DECLARED, sa.not_(conflicted(to)))) or 0


def one(conflict_id: int) -> Conflict | None:
    """The declared conflict with proposal and person, or None. Statements: 1."""
    return db.session.scalars(_asked().where(Conflict.id == conflict_id)).one_or_none()
