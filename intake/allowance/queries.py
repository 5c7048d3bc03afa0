"""What may be asked about what the office allows single applicants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.allowance.models import Extension
from intake.extensions import db


def extended_until(call_id: int, person_id: int) -> datetime | None:
    """The later close that stands for that person in that call, or None. Statements: 1."""
    return db.session.scalar(sa.select(Extension.until).where(*_standing_for(call_id, person_id)))


def extension_of(call_id: int, person_id: int) -> Extension | None:
    """The extension that stands for that person in that call, or None. Statements: 1."""
    return db.session.scalars(sa.select(Extension).where(*_standing_for(call_id, person_id))).one_or_none()


def extensions_of(call_id: int) -> Sequence[Extension]:
    """Every extension of the call, withdrawn ones too, the newest first, with its person. Statements: 1."""
    return db.session.scalars(
        sa.select(Extension)
        .where(Extension.call_id == call_id)
        .options(joinedload(Extension.person))
        .order_by(Extension.granted_at.desc(), Extension.id.desc())
    ).all()


def _standing_for(call_id: int, person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (Extension.call_id == call_id, Extension.person_id == person_id, Extension.withdrawn_at.is_(None))
