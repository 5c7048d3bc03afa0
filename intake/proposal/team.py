"""The team of a proposal: whom its principal investigator invites, invites again, and takes off it.

An invitation is a letter with a link that lives for ``LASTS``; only its hash is kept. ``joining`` has what they answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete
from intake.extensions import db
from intake.form.cells import Unreadable
from intake.form.cells import orcid as read_orcid
from intake.notification.letters import Letter
from intake.notification.operations import post
from intake.people import queries as people
from intake.people.sign_in import hashed
from intake.policy import Actor, may
from intake.proposal import team_letters
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.team_checks import owes_confirmation
from intake.vocabulary import Action, Relation, TeamAnswer, say

LASTS = timedelta(days=30)
CHANGED: list[Callable[[Proposal, Actor], None]] = []
"""What later rooms do when somebody came onto a team, or is known there by something else."""


def add_member(
    proposal: Proposal, *, name: str, email: str, organisation: str, relation: Relation, by: Actor, orcid: str = ""
) -> tuple[TeamMember, str]:
    """Invite somebody to the team by mail. Until they accept they only read, if they have an account.

    Demands: proposal.team. Records: a member, the hash of their link, an event. Tells: them. Raises: Refused;
    Incomplete when they are on the team, without an address, for a second principal investigator, or at ``orcid``.
    Returns: the member and the token of their link.
    """
    demand(may(by, Action.PROPOSAL_TEAM, proposal))
    if relation is Relation.PRINCIPAL:
        raise Incomplete(
            say("A proposal has one principal investigator."), {"relation": say("Choose another relation.")}
        )
    address = email.strip().lower()
    if not address:
        raise Incomplete(say("They are invited by mail."), {"email": say("Give their address.")})
    person = people.with_email(address)
    if any((person and m.person_id == person.id) or m.email == address for m in proposal.team):
        raise Incomplete(say("They are on the team already."), {"email": say("This person is on the team already.")})
    member = TeamMember(
        proposal=proposal,
        person=person,
        name=person.name if person else name,
        email=address,
        organisation=organisation,
        orcid=checked_orcid(orcid),
        relation=relation,
        position=1 + max((m.position for m in proposal.team), default=0),
    )
    db.session.add(member)
    proposal.changed_at = clock.now()
    token = _invite(proposal, member, by=by)
    tell_of_change(proposal, by)
    return member, token


def tell_of_change(proposal: Proposal, by: Actor) -> None:
    """Let later rooms look again at a team that has changed."""
    for heed in CHANGED:
        heed(proposal, by)


def checked_orcid(text: str) -> str:
    """An ORCID iD in its usual writing, or nothing. Raises Incomplete at ``orcid`` for one whose check digit is off."""
    try:
        return read_orcid(text) if text.strip() else ""
    except Unreadable as error:
        raise Incomplete(error.reason, {"orcid": error.reason}) from None


def _invite(proposal: Proposal, member: TeamMember, *, by: Actor) -> str:
    """Send a new link; an older one is dead."""
    token = _new_link(member)
    member.answer, member.answered_at, member.confirmed_at = TeamAnswer.INVITED, None, None
    db.session.flush()
    record("team.invited", "proposal", proposal.id, by=by, became=member.relation.value, **known(member))
    _send(proposal, member, team_letters.invited(proposal, member, token, clock.now() + LASTS))
    return token


def _new_link(member: TeamMember) -> str:
    token = secrets.token_urlsafe(32)
    member.token_hash, member.invited_at = hashed(token), clock.now()
    return token


def _send(proposal: Proposal, member: TeamMember, letter: Letter) -> None:
    post(letter, to=member.email, name=member.name, person_id=member.person_id, proposal_id=proposal.id)


def known(member: TeamMember) -> dict[str, Any]:
    """How the log names a member: their line, and their account or else their name."""
    return {"line": member.id, "member": member.person_id, **({} if member.person_id else {"name": member.name})}


def invite_again(proposal: Proposal, member: TeamMember, *, by: Actor) -> None:
    """Send another letter: to somebody who has not accepted a new invitation, to a co-investigator who has not
    confirmed their part a request to do so. A link in it ends the one before.

    Demands: proposal.team. Records: the hash of the new link, an event. Tells: them. Raises: Refused; Incomplete when
    nothing is asked of them.
    """
    demand(may(by, Action.PROPOSAL_TEAM, proposal))
    if member.answer is not TeamAnswer.ACCEPTED:
        _invite(proposal, member, by=by)
        tell_of_change(proposal, by)
        return
    if not owes_confirmation(proposal, member):
        raise Incomplete(say("Nothing is asked of them now."))
    token = _new_link(member) if member.person_id is None else None
    db.session.flush()
    record("team.asked_to_confirm", "proposal", proposal.id, by=by, **known(member))
    _send(proposal, member, team_letters.to_confirm(proposal, member, token, clock.now() + LASTS))


def remove_member(proposal: Proposal, member: TeamMember, *, by: Actor) -> None:
    """Take somebody off the team; they lose access with the next request, and their link is dead.

    Demands: proposal.team. Records: an event. Raises: Refused; Incomplete for the principal investigator.
    """
    demand(may(by, Action.PROPOSAL_TEAM, proposal))
    if member.relation is Relation.PRINCIPAL:
        raise Incomplete(say("The principal investigator stays. Ask the office to hand the proposal over."))
    record("team.left", "proposal", proposal.id, by=by, was=member.relation.value, **known(member))
    proposal.team.remove(member)
    proposal.changed_at = clock.now()
    db.session.delete(member)
    db.session.flush()
