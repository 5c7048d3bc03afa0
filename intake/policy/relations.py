"""What somebody is to a call or a proposal, each in one sentence, and the facts of a proposal that rules turn on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intake.policy.actor import Actor
from intake.vocabulary import Declared, Relation, ReviewerAnswer, ReviewState, Role, TeamAnswer, Words, say


def oversees(actor: Actor, call: Any) -> bool:
    """The actor is a coordinator of this call or of its programme."""
    return any(
        grant.role is Role.COORDINATOR and (grant.call_id == call.id or grant.programme_id == call.programme_id)
        for grant in actor.grants
    )


def membership_of(actor: Actor, proposal: Any) -> Any | None:
    """The actor's line of the proposal's team, unless they declined it."""
    if actor.id is None:
        return None
    lines = (member for member in proposal.team if member.person_id == actor.id)
    return next((member for member in lines if member.answer is not TeamAnswer.DECLINED), None)


def relation_of(actor: Actor, proposal: Any) -> Relation | None:
    """What the actor is to the proposal's team, if anything. Whoever has not answered the invitation only reads."""
    member = membership_of(actor, proposal)
    if member is None:
        return None
    return Relation.VIEWER if member.answer is TeamAnswer.INVITED else member.relation


def standing(rows: Iterable[Any]) -> list[Any]:
    """The assignments that have not been removed."""
    return [row for row in rows if row.removed_at is None]


def assignment_of(actor: Actor, proposal: Any) -> Any | None:
    """The actor's standing assignment to review the proposal, if any."""
    return next((row for row in standing(proposal.assignments) if row.reviewer_id == actor.id), None)


def accepted_by(actor: Actor, proposal: Any) -> bool:
    """The actor accepted to review the proposal."""
    mine = assignment_of(actor, proposal)
    return mine is not None and mine.answer is ReviewerAnswer.ACCEPTED


def declared_by(actor: Actor, proposal: Any) -> Declared:
    """What the actor declared about the proposal; a lifted conflict counts as none."""
    for row in proposal.conflicts:
        if row.person_id == actor.id:
            return Declared.NONE if row.lifted_at is not None else row.declared
    return Declared.UNKNOWN


def named_on_team(actor: Actor, proposal: Any) -> bool:
    """The actor is on the team under any of their addresses or their ORCID, unless that line declined."""
    if actor.id is None:
        return False
    return any(
        member.person_id == actor.id
        or member.email in actor.emails
        or (bool(actor.orcid) and member.orcid == actor.orcid)
        for member in proposal.team
        if member.answer is not TeamAnswer.DECLINED
    )


def conflict_of(actor: Actor, proposal: Any) -> Words | None:
    """Why the actor may not judge or handle the proposal, or None: conflict beats role."""
    if named_on_team(actor, proposal):
        return say("You are on this proposal's team, so somebody else handles it.")
    if declared_by(actor, proposal) is Declared.CONFLICT:
        return say("You declared a conflict of interest with this proposal, so somebody else handles it.")
    return None


def sent_packet_to(actor: Actor, proposal: Any) -> Any | None:
    """The newest packet of the proposal that was sent to a sponsor of the actor, recalled or not."""
    ours = [row for row in proposal.packets if row.sent_at is not None and row.sponsor_id in actor.sponsor_ids]
    return ours[-1] if ours else None


def packet_with_sponsor(proposal: Any) -> Any | None:
    """The packet that lies with the sponsor now, if any."""
    rows = [row for row in proposal.packets if row.sent_at is not None and row.recalled_at is None]
    return rows[-1] if rows else None


def submitted_reviews(proposal: Any) -> list[Any]:
    """The submitted reviews of standing assignments: the only ones that count."""
    reviews = [row.review for row in standing(proposal.assignments) if row.review is not None]
    return [review for review in reviews if review.state is ReviewState.SUBMITTED]


def own_review_submitted(actor: Actor, proposal: Any) -> bool:
    """The actor's own review of the proposal is submitted."""
    mine = assignment_of(actor, proposal)
    return bool(mine and mine.review and mine.review.state is ReviewState.SUBMITTED)
