"""What of the team stands in the way of submitting, where the call asks co-investigators to confirm their part."""

from __future__ import annotations

from intake.proposal.checks import Found
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Relation, TeamAnswer, Words, say


def owes_confirmation(proposal: Proposal, member: TeamMember) -> bool:
    """Whether the call asks this member to confirm their part and they have not."""
    asked = proposal.call.team_confirms and member.relation is Relation.CO_INVESTIGATOR
    return asked and member.answer is TeamAnswer.ACCEPTED and member.confirmed_at is None


def team_faults(proposal: Proposal) -> list[Found]:
    """One fault for each co-investigator who has not confirmed, and a warning for each member who has not answered the
    invitation: that stops nothing. Each at their line of the team. ``call`` and ``team`` must be loaded. Statements: 0.
    """
    owing = [each for each in proposal.team if owes_confirmation(proposal, each)]
    return [
        *(_at(member, say("%(name)s has not confirmed their part yet.", name=member.name)) for member in owing),
        *(_at(member, _unanswered(member), warns=True) for member in undecided(proposal)),
    ]


def _at(member: TeamMember, reason: Words, *, warns: bool = False) -> Found:
    return Found("team", f"member-{member.id}", reason, warns)


def _unanswered(member: TeamMember) -> Words:
    return say("%(name)s has not answered the invitation yet. You can submit without that.", name=member.name)


def undecided(proposal: Proposal) -> list[TeamMember]:
    """Those who have not answered their invitation. Statements: 0."""
    return [member for member in proposal.team if member.answer is TeamAnswer.INVITED]
