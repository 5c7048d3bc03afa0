"""Who of a meeting is named to whom: blind review holds there too."""

from __future__ import annotations

from typing import Any

from intake.policy.actor import Actor
from intake.policy.attending import attends, office_of, participant_of, reads_item
from intake.policy.relations import oversees, standing
from intake.vocabulary import ComesAs, TeamAnswer


def meets(actor: Actor, participant: Any, meeting: Any) -> bool:
    """The actor may learn that the participant comes: they share an item that the actor reads, and neither is to stay
    unknown to the other. Who coordinates the call learns of everybody, unless an item is withheld from them."""
    if participant.person_id is not None and participant.person_id == actor.id:
        return True
    read = [item for item in meeting.items if reads_item(actor, item, meeting)]
    shared = [item for item in read if attends(participant, item)]
    if oversees(actor, meeting.call):
        return bool(shared) or participant.comes_as is ComesAs.OFFICE or len(read) == len(meeting.items)
    other = (participant.person_id, participant.comes_as)
    return any(_named_to(actor, *other, item, meeting) for item in shared)


def named_in(actor: Actor, person_id: int, item: Any, meeting: Any) -> bool:
    """The actor, who reads the item, may learn that the person has something to do there; who was taken off the meeting
    since stays as unknown as before. Without a line among the participants, they are of the office."""
    if person_id == actor.id:
        return True
    lines = [row.comes_as for row in meeting.participants if row.person_id == person_id]
    return _named_to(actor, person_id, lines[-1] if lines else ComesAs.OFFICE, item, meeting)


def chair_named(actor: Actor, meeting: Any) -> bool:
    """The actor may learn who chairs the meeting: the office is named to everybody, another as any participant."""
    line = next((row for row in standing(meeting.participants) if row.person_id == meeting.chair_id), None)
    known = line is None or line.comes_as is ComesAs.OFFICE or meets(actor, line, meeting)
    return meeting.chair_id is not None and known


def _named_to(actor: Actor, person_id: int | None, comes_as: ComesAs, item: Any, meeting: Any) -> bool:
    """Blind review holds in a meeting too. Who is the item's office learns of everybody there."""
    mine = participant_of(actor, meeting)
    if mine is None or office_of(actor, item, meeting):
        return office_of(actor, item, meeting)
    reader, other = _part_in(item, actor.id, mine.comes_as), _part_in(item, person_id, comes_as)
    if other is ComesAs.REVIEWER:
        return reader is ComesAs.OFFICE or (reader is ComesAs.REVIEWER and meeting.call.reviewers_named)
    return reader is not ComesAs.REVIEWER or other is not ComesAs.APPLICANT or meeting.call.applicants_named


def _part_in(item: Any, person_id: int | None, comes_as: ComesAs) -> ComesAs:
    """What somebody is to the item: who reviews its proposal, or is on its team, stays that whatever they were asked
    as, and a reviewer also once the assignment is removed."""
    paper = item.proposal
    if paper is None or person_id is None or comes_as is ComesAs.REVIEWER:
        return comes_as
    if any(row.reviewer_id == person_id for row in paper.assignments):
        return ComesAs.REVIEWER
    team = (member for member in paper.team if member.answer is not TeamAnswer.DECLINED)
    return ComesAs.APPLICANT if any(member.person_id == person_id for member in team) else comes_as
