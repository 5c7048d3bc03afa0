"""What may be asked about endorsements."""

from __future__ import annotations

import sqlalchemy as sa

from intake.endorsement.models import Endorsement
from intake.extensions import db
from intake.people.sign_in import hashed
from intake.proposal.models import Proposal

CHECK = "supervisor-endorsed"
"""The check of a rule that asks for a supervisor's endorsement."""


def asks_for_endorsement(proposal: Proposal) -> bool:
    """Whether a rule of its call asks for one; the call's rules must be loaded. Statements: 0."""
    return any((rule.check_name or rule.code) == CHECK for rule in proposal.call.rules)


def standing(proposal_id: int) -> Endorsement | None:
    """The endorsement that was asked for and not withdrawn, answered or not, or None. Statements: 1."""
    asked = sa.select(Endorsement).where(Endorsement.proposal_id == proposal_id, Endorsement.withdrawn_at.is_(None))
    return db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()


def behind_link(token: str) -> Endorsement | None:
    """The endorsement that the link asks for, while it was not withdrawn, or None. Looking does not use it up.
    Statements: 1."""
    asked = sa.select(Endorsement).where(Endorsement.token_hash == hashed(token), Endorsement.withdrawn_at.is_(None))
    return db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
