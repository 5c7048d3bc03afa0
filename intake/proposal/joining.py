"""What somebody who was invited to a team says to it: they accept or decline, and confirm their part.

They do so on the proposal's page, or with the link of their letter. The link is the proof, whoever is signed in at the
browser that opens it: what it does is done for the member whom it was sent to, and for nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.letters import Letter
from intake.notification.operations import tell
from intake.people.sign_in import hashed
from intake.policy import ENDED, RULES, UNSEEN, Actor, may, membership_of
from intake.proposal import team_letters
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import one
from intake.proposal.team import LASTS, checked_orcid, known, tell_of_change
from intake.proposal.team_checks import owes_confirmation
from intake.vocabulary import Action, TeamAnswer, Words, say


def answer(proposal: Proposal, accepts: bool, *, by: Actor) -> None:
    """Accept or decline the invitation that one has. Whoever declines loses access with the next request.

    Demands: proposal.join. Records: the answer, an event. Tells: the principal investigator. Raises: Refused.
    """
    demand(may(by, Action.PROPOSAL_JOIN, proposal))
    member = membership_of(by, proposal)
    assert member is not None
    _answered(proposal, member, accepts)


def _answered(proposal: Proposal, member: TeamMember, accepts: bool) -> None:
    member.answer = TeamAnswer.ACCEPTED if accepts else TeamAnswer.DECLINED
    member.answered_at = clock.now()
    action = "team.joined" if accepts else "team.declined"
    record(action, "proposal", proposal.id, by=Actor(member.person_id), became=member.relation.value, **known(member))
    db.session.flush()
    _tell_leader(proposal, team_letters.answered(proposal, member, accepts))
    if accepts:
        tell_of_change(proposal, Actor(member.person_id))


def _tell_leader(proposal: Proposal, letter: Letter) -> None:
    leader = proposal.principal.person
    assert leader is not None
    tell([leader], letter, proposal_id=proposal.id)


def confirm(proposal: Proposal, *, by: Actor) -> None:
    """A co-investigator confirms their part, where the call asks for it. It stands until a return asks anew.

    Demands: proposal.confirm. Records: when, an event. Tells: the principal investigator, once everybody has.
    Raises: Refused; Incomplete when the call does not ask for it.
    """
    demand(may(by, Action.PROPOSAL_CONFIRM, proposal))
    member = membership_of(by, proposal)
    assert member is not None
    _confirmed(proposal, member)


def _confirmed(proposal: Proposal, member: TeamMember) -> None:
    if not owes_confirmation(proposal, member):
        raise Incomplete(say("This call does not ask co-investigators to confirm their part."))
    member.confirmed_at = clock.now()
    record("team.confirmed", "proposal", proposal.id, by=Actor(member.person_id), **known(member))
    db.session.flush()
    if not any(owes_confirmation(proposal, each) for each in proposal.team):
        _tell_leader(proposal, team_letters.all_confirmed(proposal))


# --- with the link of the letter --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's line of a team behind their link. ``over`` says why the link opens nothing any more, if it does."""

    proposal: Proposal
    member: TeamMember
    over: Words | None


def behind_link(token: str, *, for_update: bool = False) -> Place | None:
    """Whose place the link is for, with all that the policy reads; None for an unknown link, or one whose member was
    removed or invited anew. Looking does not use it up. Statements: 1, and 5 for a known link."""
    mark = hashed(token)
    number = db.session.scalar(sa.select(TeamMember.proposal_id).where(TeamMember.token_hash == mark))
    proposal = one(number, for_update=for_update) if number is not None else None
    member = next((each for each in proposal.team if each.token_hash == mark), None) if proposal else None
    return Place(proposal, member, _over(proposal, member)) if proposal and member else None


def _over(proposal: Proposal, member: TeamMember) -> Words | None:
    if member.answer is TeamAnswer.DECLINED:
        return say("You declined this invitation. If that was a mistake, ask who invited you to send it again.")
    if member.answer is TeamAnswer.ACCEPTED and member.person_id is not None:
        return say("You accepted this invitation. Sign in to open the proposal.")
    if proposal.state in ENDED:
        return say("The proposal is closed, so nothing is asked of you any more.")
    if member.invited_at is None or clock.now() >= member.invited_at + LASTS:
        return say("The link's 30 days are over. Ask who invited you to send it again.")
    return None


def answer_by_link(token: str, accepts: bool, *, organisation: str = "", orcid: str = "") -> Place:
    """Accept or decline with the link. Somebody without an account may say where they are from and their ORCID iD.

    Demands: the link, and of proposal.join the moment. Records: the answer, an event of theirs. Tells: the principal
    investigator. Giving the same answer twice changes nothing. Raises: Refused for a link that is over; Incomplete at
    ``orcid``. Returns: their place.
    """
    place = _locked(token)
    proposal, member = place.proposal, place.member
    if member.answer is (TeamAnswer.ACCEPTED if accepts else TeamAnswer.DECLINED):
        return place
    _demand_link(place, Action.PROPOSAL_JOIN)
    if member.answer is TeamAnswer.ACCEPTED:
        raise Incomplete(say("You accepted this invitation. To leave the team, ask who invited you."))
    if accepts and member.person_id is None:
        member.orcid = checked_orcid(orcid) or member.orcid
        member.organisation = organisation or member.organisation
    _answered(proposal, member, accepts)
    return place


def confirm_by_link(token: str) -> Place:
    """Confirm one's part with the link, once one has accepted; twice changes nothing.

    Demands: the link, and of proposal.confirm the moment. Records: when, an event of theirs. Tells: the principal
    investigator, once everybody has. Raises: Refused; Incomplete when it is not asked of them. Returns: their place.
    """
    place = _locked(token)
    if place.member.confirmed_at is not None:
        return place
    _demand_link(place, Action.PROPOSAL_CONFIRM)
    _confirmed(place.proposal, place.member)
    return place


def _locked(token: str) -> Place:
    place = behind_link(token, for_update=True)
    if place is None:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    return place


def _demand_link(place: Place, action: Action) -> None:
    """Go on only while the link opens something and the policy finds the moment right. The link stands for the relation
    that the policy asks for, since its holder may have no account."""
    why = place.over or RULES[action].moment(Actor(), place.proposal)
    if why is not None:
        raise Refused(why)
