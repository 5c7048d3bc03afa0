"""Conflicts of those who review a proposal to which the office has not answered yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from intake.audit.models import Event
from intake.conflict.finding import rows
from intake.conflict.looking_again import LOOKED_AT, TOLD
from intake.conflict.models import Notice
from intake.extensions import db
from intake.policy import standing
from intake.proposal.models import Proposal
from intake.review.asking import ONE_ACT
from intake.vocabulary import ConflictLevel, ConflictRule

Key = tuple[int, ConflictRule]
"""A person and the rule that finds the conflict."""


def unanswered(proposal: Proposal) -> frozenset[int]:
    """The ids of the people who review the proposal although a conflict that warns or blocks is found of them now, to
    which the office has not answered since it knew: by taking them off, or by a reason with which it asked them or put
    them back. No reason answers a block. Nobody once a decision is released.

    Statements: 1, or none without reviewers; 16 at most where somebody may be among them.
    """
    asked = {row.reviewer_id: row for row in standing(proposal.assignments)}
    if not asked or proposal.state not in LOOKED_AT:
        return frozenset()
    known = _known(proposal.id, asked)
    reasons = {key: row.assigned_at for key, row in asked.items() if row.override_reason}
    if not _left(known, reasons):
        return frozenset()
    left = _left(known, reasons | _put_back(proposal.id))
    found = rows([proposal.id], sorted({person for person, _ in left}))
    return frozenset(row.person_id for row in found if row.level in left.get((row.person_id, row.rule), ()))


def _known(proposal_id: int, asked: Iterable[int]) -> dict[Key, Notice]:
    """What the office knows of these reviewers. Statements: 1."""
    found = db.session.scalars(
        sa.select(Notice).where(
            Notice.proposal_id == proposal_id, Notice.person_id.in_(sorted(asked)), Notice.level.in_(TOLD)
        )
    )
    return {(row.person_id, row.rule): row for row in found}


def _left(known: Mapping[Key, Notice], reasons: Mapping[int, datetime]) -> dict[Key, tuple[ConflictLevel, ...]]:
    """At which levels each is still to be answered: a block always, a warning where the last reason for the person, if
    there is one, is older than what the office knows."""
    left: dict[Key, tuple[ConflictLevel, ...]] = {}
    for key, row in known.items():
        reason = reasons.get(key[0])
        if reason is None or row.noted_at > reason + ONE_ACT:
            left[key] = TOLD
        elif row.level is ConflictLevel.BLOCK:
            left[key] = (ConflictLevel.BLOCK,)
    return left


def _put_back(proposal_id: int) -> dict[int, datetime]:
    """When each reviewer was last put back with a reason. Statements: 1."""
    about = sa.and_(Event.subject_type == "proposal", Event.subject_id == proposal_id)
    back = sa.select(Event).where(about, Event.action == "review.put_back", Event.note != "")
    return {event.facts["reviewer"]: event.at for event in db.session.scalars(back.order_by(Event.position))}
