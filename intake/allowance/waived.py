"""What may be asked about waivers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.allowance.models import Waiver
from intake.extensions import db


def standing_for(call_id: int, person_id: int) -> dict[str, Waiver]:
    """The waivers that stand for a person in a call, by the code of the rule. Statements: 1."""
    rows = db.session.scalars(
        sa.select(Waiver)
        .where(Waiver.call_id == call_id, Waiver.person_id == person_id, Waiver.withdrawn_at.is_(None))
        .order_by(Waiver.id)
    )
    return {row.rule_code: row for row in rows}


def of_call(call_id: int) -> Sequence[Waiver]:
    """Every waiver of a call with its person: those that stand first, then the newest first.

    Statements: 1.
    """
    return db.session.scalars(
        sa.select(Waiver)
        .where(Waiver.call_id == call_id)
        .options(joinedload(Waiver.person))
        .order_by(Waiver.withdrawn_at.is_not(None), Waiver.granted_at.desc(), Waiver.id.desc())
    ).all()


def one(call_id: int, waiver_id: int) -> Waiver | None:
    """A waiver of that call with its person, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Waiver).where(Waiver.call_id == call_id, Waiver.id == waiver_id).options(joinedload(Waiver.person))
    ).one_or_none()
