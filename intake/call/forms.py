"""The form of a call: which version of it is in force, and how a version is read."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from intake.call.models import FormVersion
from intake.extensions import db
from intake.form.definition import Form, parse

_READ: dict[str, Form] = {}
"""Forms by the SHA-256 of their definition: reading one takes longer than most of a request."""
_READ_AT_MOST = 200


def read(version: FormVersion) -> Form:
    """The form that a version defines. Raises BadForm for a definition that no release could have written."""
    found = _READ.get(version.sha256)
    if found is None:
        if len(_READ) >= _READ_AT_MOST:
            _READ.clear()
        found = _READ[version.sha256] = parse(version.definition)
    return found


def in_force(call_id: int) -> FormVersion | None:
    """The newest published version of the call's form; None where it uses the standard form. Statements: 1."""
    return db.session.scalars(
        sa.select(FormVersion)
        .where(FormVersion.call_id == call_id, FormVersion.published_at.is_not(None))
        .order_by(FormVersion.ordinal.desc())
        .limit(1)
    ).one_or_none()


def published(call_id: int) -> Sequence[FormVersion]:
    """Every published version of the call's form, the oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(FormVersion)
        .where(FormVersion.call_id == call_id, FormVersion.published_at.is_not(None))
        .order_by(FormVersion.ordinal)
    ).all()
