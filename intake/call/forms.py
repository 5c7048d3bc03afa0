"""The form of a call: which version of it is in force, and how a version is read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa

from intake.call.models import Call, FormVersion
from intake.extensions import db
from intake.form.definition import Form, parse
from intake.form.standard import standard

DECLARED: dict[str, str] = {
    "nothing-confidential": "nothing_confidential",
    "not-for-students": "own_work",
    "one-university": "one_university",
}
"""Which declaration each check of a rule asks for, in the standard form."""

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


def standard_form(call: Call) -> Form:
    """The standard form as this call needs it; its themes and rules must be loaded."""
    asked = {DECLARED[name] for rule in call.rules if (name := rule.check_name or rule.code) in DECLARED}
    return _standard(bool(call.themes), call.standing, frozenset(asked))


@lru_cache(maxsize=64)
def _standard(themes: bool, standing: bool, declarations: frozenset[str]) -> Form:
    return standard(themes=themes, standing=standing, declarations=declarations)
