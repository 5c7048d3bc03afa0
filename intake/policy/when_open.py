"""The moments in which a call is open and the team may work on its proposal. Each says why not now, or None."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake import clock
from intake.opening import Opening, opening, opening_for
from intake.policy.actor import Actor
from intake.policy.relations import membership_of, relation_of
from intake.vocabulary import Relation, State, Words, say


def not_open(call: Any) -> Words | None:
    """Why the call takes no proposals now, or None."""
    return _why_not_open(call, opening(call, clock.arrived()))


def not_open_for(proposal: Any) -> Words | None:
    """Why the applicant cannot change or submit the proposal now, or None."""
    if proposal.state is State.RETURNED:
        if clock.arrived() < proposal.returned_until:
            return None
        return say("The time to revise it ended at %(when)s. Ask the office for more.", when=proposal.returned_until)
    if proposal.state is not State.DRAFT:
        return say("It has been submitted. The office can return it to you for revision.")
    until = proposal.extended_until
    if until is not None and proposal.call.closes_at is not None and until > proposal.call.closes_at:
        return _why_not_open(proposal.call, opening_for(proposal.call, proposal, clock.arrived()), until)
    return _why_not_open(proposal.call, opening_for(proposal.call, proposal, clock.arrived()))


def _why_not_open(call: Any, stands: Opening, extended_until: datetime | None = None) -> Words | None:
    match stands:
        case Opening.OPEN:
            return None
        case Opening.CLOSED if extended_until is not None:
            return say("Your extension of the call ended at %(when)s.", when=extended_until)
        case Opening.CLOSED:
            return say("The call closed at %(when)s.", when=call.closes_at)
        case Opening.NOT_YET:
            return say("The call opens at %(when)s.", when=call.opens_at)
        case Opening.IN_PREPARATION:
            return say("The office is still preparing this call.")
    return say("The call has no dates yet.")


def submitting(actor: Actor, proposal: Any) -> Words | None:
    """While the applicant may change or submit the proposal."""
    return not_open_for(proposal)


def editing(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal may be changed, by the principal investigator alone where the call says so."""
    if relation_of(actor, proposal) is not Relation.PRINCIPAL and not proposal.call.team_may_edit:
        return say("In this call only the principal investigator edits.")
    return not_open_for(proposal)


def team_open(actor: Actor, proposal: Any) -> Words | None:
    """While the applicant may change the proposal, and its team was not left out of what it was returned for."""
    why = not_open_for(proposal)
    if why is None and proposal.state is State.RETURNED and "team" not in proposal.returned_parts:
        return say("The office returned it for other parts only; the team stays as it is.")
    return why


def confirming(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal may be changed, until the co-investigator has confirmed their part."""
    member = membership_of(actor, proposal)
    if member is not None and member.confirmed_at is not None:
        return say("You confirmed your part.")
    return not_open_for(proposal)
