"""Who may ask for an action on a proposal, where the rule names more than one relation or a narrower one."""

from __future__ import annotations

from typing import Any

from intake.policy.actor import Actor
from intake.policy.relations import (
    accepted_by,
    assignment_of,
    conflict_of,
    declared_by,
    membership_of,
    own_review_submitted,
    relation_of,
)
from intake.policy.seeing import REVIEWERS_SEE, as_reviewer, as_team, of_office, reads_packet
from intake.vocabulary import WRITERS, Declared, Relation, Role, TeamAnswer


def principal(actor: Actor, proposal: Any) -> bool:
    """The principal investigator."""
    return relation_of(actor, proposal) is Relation.PRINCIPAL


def co_investigator(actor: Actor, proposal: Any) -> bool:
    """A co-investigator."""
    return relation_of(actor, proposal) is Relation.CO_INVESTIGATOR


def writer(actor: Actor, proposal: Any) -> bool:
    """Whoever writes the proposal: principal, co-investigator, assistant."""
    return relation_of(actor, proposal) in WRITERS


def invited(actor: Actor, proposal: Any) -> bool:
    """Somebody who has not answered the invitation to the team."""
    member = membership_of(actor, proposal)
    return member is not None and member.answer is TeamAnswer.INVITED


def converses(actor: Actor, proposal: Any) -> bool:
    """Whoever writes the proposal; the office, unless a conflict stops it."""
    return writer(actor, proposal) or (of_office(actor, proposal) and conflict_of(actor, proposal) is None)


def reader(actor: Actor, proposal: Any) -> bool:
    """Whoever reads all of the proposal: its team, its office, a reviewer who accepted and declared no conflict."""
    if as_team(actor, proposal):
        return True
    if of_office(actor, proposal):
        return conflict_of(actor, proposal) is None
    if not as_reviewer(actor, proposal) or not accepted_by(actor, proposal):
        return False
    return declared_by(actor, proposal) is Declared.NONE


def restores(actor: Actor, proposal: Any) -> bool:
    """The office, unless a conflict stops it; for a draft the principal investigator."""
    if proposal.number is None:
        return principal(actor, proposal)
    return of_office(actor, proposal) and conflict_of(actor, proposal) is None


def reads_reviews(actor: Actor, proposal: Any) -> bool:
    """The office; a reviewer after their own review, as the call says; the lead always after their own."""
    if of_office(actor, proposal):
        return True
    if not as_reviewer(actor, proposal) or not own_review_submitted(actor, proposal):
        return False
    mine = assignment_of(actor, proposal)
    return bool(mine and mine.lead) or proposal.call.reads_others == "after_own"


def lead_or_office_without_panel(actor: Actor, proposal: Any) -> bool:
    """The lead reviewer; the office where the call has no panel."""
    mine = assignment_of(actor, proposal)
    if mine is not None and mine.lead and proposal.state in REVIEWERS_SEE:
        return True
    return not proposal.call.panel and of_office(actor, proposal)


def answers(actor: Actor, proposal: Any) -> bool:
    """Who says the sponsor's outcome: its contact, or the office on their behalf."""
    return reads_packet(actor, proposal) or of_office(actor, proposal)


def administrator(actor: Actor, proposal: Any) -> bool:
    """An administrator."""
    return actor.holds(Role.ADMINISTRATOR)
