"""What may be asked about reminders: who is due one now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake.call.models import Call
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.reminder.models import Reminder
from intake.reminder.moments import OF_DRAFTS, OF_RETURNED, Moment, is_late, span
from intake.vocabulary import WRITERS, Relation, State, TeamAnswer


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that is due: of what, to whom, and the end that is told to them."""

    proposal_id: int
    person_id: int
    kind: str
    ends: datetime
    email: str
    name: str
    title: str
    number: str
    call: str
    late: bool
    """They began after its moment: it is noted, so that nobody looks at it again, and no letter is written."""


def due(now: datetime, most: int) -> list[Due]:
    """Reminders that are due at ``now`` and were not noted, those whose end is nearest first, at most ``most``.

    Of a draft the end is the stated close of its call or the extension that it was granted, never the grace.
    Statements: 5, however many proposals there are.
    """
    found = [
        *(each for which in OF_DRAFTS for each in _of_drafts(which, now, most)),
        *(each for which in OF_RETURNED for each in _of_returned(which, now, most)),
    ]
    return sorted(found, key=lambda each: (each.ends, each.proposal_id, each.person_id))[:most]


def _of_drafts(which: Moment, now: datetime, most: int) -> list[Due]:
    later = sa.and_(Proposal.extended_until.is_not(None), Proposal.extended_until > Call.closes_at)
    ends: sa.ColumnElement[Any] = sa.case((later, Proposal.extended_until), else_=Call.closes_at)
    open_ones = sa.and_(
        Proposal.state == State.DRAFT,
        ~Call.standing,
        ~Call.in_preparation,
        Call.opens_at <= now,
        Call.closes_at.is_not(None),
    )
    return _found(which, OF_DRAFTS, now, most, ends, Proposal.created_at, open_ones)


def _of_returned(which: Moment, now: datetime, most: int) -> list[Due]:
    returned = Proposal.state == State.RETURNED
    return _found(which, OF_RETURNED, now, most, Proposal.returned_until, Proposal.state_since, returned)


def _found(
    which: Moment,
    moments: tuple[Moment, ...],
    now: datetime,
    most: int,
    ends: Any,
    begun: Any,
    where: sa.ColumnElement[bool],
) -> list[Due]:
    """Those of the team who may edit, accepted, and did not switch reminders off. Statements: 1."""
    nearest, farthest = span(moments, which, now)
    sent = sa.select(Reminder.proposal_id).where(
        Reminder.proposal_id == Proposal.id,
        Reminder.person_id == Person.id,
        Reminder.kind == which.kind,
        Reminder.closes_at == ends,
    )
    asked = (
        sa.select(
            Proposal.id,
            Proposal.title,
            Proposal.title_zh,
            Proposal.number,
            Call.title.label("call"),
            Person.id.label("person_id"),
            Person.email,
            Person.name,
            TeamMember.answered_at,
            ends.label("ends"),
            begun.label("begun"),
        )
        .select_from(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .join(Person, Person.id == TeamMember.person_id)
        .where(where, ends > nearest, ends <= farthest, _may_edit(), ~sent.correlate(Proposal, Person, Call).exists())
        .order_by(ends, Proposal.id, Person.id)
        .limit(most)
    )
    return _told(which, db.session.execute(asked).all())


def _may_edit() -> sa.ColumnElement[bool]:
    return sa.and_(
        TeamMember.answer == TeamAnswer.ACCEPTED,
        TeamMember.relation.in_(WRITERS),
        sa.or_(Call.team_may_edit, TeamMember.relation == Relation.PRINCIPAL),
        Person.active,
        Person.reminders,
    )


def _told(which: Moment, rows: Sequence[Any]) -> list[Due]:
    return [
        Due(
            row.id,
            row.person_id,
            which.kind,
            row.ends,
            row.email,
            row.name,
            row.title or row.title_zh,
            row.number or "",
            row.call,
            is_late(which, max(row.begun, row.answered_at or row.begun), row.ends),
        )
        for row in rows
    ]
