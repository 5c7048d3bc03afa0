"""Who chairs a meeting: somebody of the office, because the chair writes minutes and is named to all who come."""

from __future__ import annotations

import sqlalchemy as sa

from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting.inviting import standing
from intake.meeting.models import Meeting
from intake.people.models import Person, StandIn
from intake.people.queries import overseers
from intake.policy import Actor, chair_named, meets, reads_as_office
from intake.vocabulary import ComesAs, say


def chairs(meeting: Meeting, by: Actor) -> list[Person]:
    """Whom the actor may choose as the chair, by name: the coordinators of the call, who stands in for a proposal of
    the agenda that the actor handles, and the chair as it is; of these nobody of whom the actor knows that they come
    as something else. Statements: 3."""
    office = _office(meeting, by)
    if meeting.chair is not None and chair_named(by, meeting):
        office.setdefault(meeting.chair.id, meeting.chair)
    others = _others(meeting, by)
    return sorted((each for each in office.values() if each.id not in others), key=lambda each: (each.name, each.id))


def chair_after(meeting: Meeting, chair_id: int | None, by: Actor) -> int | None:
    """The id of the chair once the actor chose ``chair_id``; where they may not learn who chairs it and chose nobody,
    that stays. Raises Incomplete for somebody whom they may not choose. Statements: 3 or none."""
    if chair_id is None:
        return None if chair_named(by, meeting) else meeting.chair_id
    if chair_id not in {each.id for each in chairs(meeting, by)}:
        raise Incomplete(say("Choose the chair from the list."), {"chair_id": say("Choose one from the list.")})
    return chair_id


def chair_for_copy(meeting: Meeting, by: Actor) -> int | None:
    """The id of the chair, where the actor could choose them anew. Statements: 3."""
    known = _office(meeting, by).keys() - _others(meeting, by)
    return meeting.chair_id if meeting.chair_id in known else None


def _office(meeting: Meeting, by: Actor) -> dict[int, Person]:
    people = (*overseers(meeting.call.programme_id, meeting.call_id), *_stand_ins(meeting, by))
    return {each.id: each for each in people}


def _others(meeting: Meeting, by: Actor) -> set[int | None]:
    """Who comes as something else than the office, as far as the actor may learn of them."""
    rows = (each for each in standing(meeting) if each.comes_as is not ComesAs.OFFICE)
    return {each.person_id for each in rows if meets(by, each, meeting)}


def _stand_ins(meeting: Meeting, by: Actor) -> list[Person]:
    papers = [each.proposal for each in meeting.items if each.proposal is not None]
    ours = [each.id for each in papers if reads_as_office(by, each)]
    named = sa.select(StandIn.person_id).where(StandIn.proposal_id.in_(ours), StandIn.ended_at.is_(None))
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(named), Person.active)))
