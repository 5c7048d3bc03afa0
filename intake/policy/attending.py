"""Who comes to a meeting, and which of its items they may know of.

A meeting comes with call and programme, participants, and items with attendance and their proposals, loaded as for
``may`` (``meeting.queries.one`` does). ``meeting.queries.read_by`` is the twin of ``reads_item`` in SQL.
"""

from __future__ import annotations

from typing import Any

from intake.policy.actor import Actor
from intake.policy.proposals import reads_as_office
from intake.policy.relations import conflict_of, oversees, standing
from intake.policy.seeing import as_reviewer, sealed
from intake.vocabulary import ComesAs, TeamAnswer


def participant_of(actor: Actor, meeting: Any) -> Any | None:
    """The actor's standing line among the participants whom a letter has told of the meeting."""
    if actor.id is None:
        return None
    rows = (row for row in meeting.participants if row.person_id == actor.id and row.told_at is not None)
    return next((row for row in rows if row.removed_at is None), None)


def comes_rightly(participant: Any, paper: Any) -> bool:
    """An applicant comes for an item while they are on its proposal's team, a reviewer while it is assigned to them."""
    if participant.comes_as is ComesAs.APPLICANT:
        team = (member for member in paper.team if member.answer is not TeamAnswer.DECLINED)
        if participant.person_id is None:
            return any(member.email == participant.email for member in team)
        return any(member.person_id == participant.person_id for member in team)
    if participant.comes_as is ComesAs.REVIEWER:
        return any(row.reviewer_id == participant.person_id for row in standing(paper.assignments))
    return True


def attends(participant: Any, item: Any) -> bool:
    """The participant was put down for the item and still comes for it rightly."""
    if participant.removed_at is not None or all(row.participant_id != participant.id for row in item.attendance):
        return False
    return item.proposal is None or comes_rightly(participant, item.proposal)


def reads_item(actor: Actor, item: Any, meeting: Any) -> bool:
    """The actor may know what the item is about: the proposal's office, and who attends it. A conflict beats
    attendance, and so does a team or an assignment that the actor has left."""
    paper = item.proposal
    if office_of(actor, item, meeting):
        return True
    mine = participant_of(actor, meeting)
    if mine is None or not attends(mine, item):
        return False
    if paper is None or mine.comes_as is ComesAs.APPLICANT:
        return True
    if mine.comes_as is ComesAs.REVIEWER:
        return as_reviewer(actor, paper)
    if mine.comes_as is ComesAs.CONTACT and meeting.call.programme.sponsor_id not in actor.sponsor_ids:
        return False
    return conflict_of(actor, paper) is None and not sealed(paper)


def office_of(actor: Actor, item: Any, meeting: Any) -> bool:
    """The actor is the item's office: the proposal's, or the call's where the item has no proposal."""
    return oversees(actor, meeting.call) if item.proposal is None else reads_as_office(actor, item.proposal)
