"""The other moments of a proposal, by whom they concern. Each says why not now, or None where the moment is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake import clock
from intake.policy.actor import Actor
from intake.policy.relations import (
    accepted_by,
    assignment_of,
    declared_by,
    own_review_submitted,
    packet_with_sponsor,
    submitted_reviews,
)
from intake.policy.seeing import ENDED, RELEASED
from intake.vocabulary import Declared, ReviewerAnswer, SlotPlace, State, Words, say

Moment = Callable[[Actor, Any], Words | None]


def any_time(actor: Actor, proposal: Any) -> Words | None:
    """Always."""
    return None


def not_ended(actor: Actor, proposal: Any) -> Words | None:
    """Until the proposal is closed."""
    return say("The proposal is closed.") if proposal.state in ENDED else None


# --- the team ---------------------------------------------------------------------------------------------------------


def offered(actor: Actor, proposal: Any) -> Words | None:
    """While a place among those that the sponsor takes is offered to it."""
    slot = proposal.slot
    if slot is None or slot.place is not SlotPlace.OFFERED:
        return say("No place is offered to it now.")
    if clock.arrived() >= slot.offered_until:
        return say("The offer ended at %(when)s.", when=slot.offered_until)
    return None


def referable(actor: Actor, proposal: Any) -> Words | None:
    """Once the proposal is closed; in a standing call, which takes ideas, always."""
    if proposal.state in ENDED or proposal.call.standing:
        return None
    return say("Only a closed proposal, or an idea, is offered another call.")


def released(actor: Actor, proposal: Any) -> Words | None:
    """Once the decision is released, or the proposal is returned."""
    if proposal.state in RELEASED or proposal.state is State.RETURNED:
        return None
    return say("Nothing has been released yet.")


# --- the office -------------------------------------------------------------------------------------------------------


def received(actor: Actor, proposal: Any) -> Words | None:
    """Once the office has the proposal."""
    if proposal.number is not None:
        return None
    return say("The conversation with the office begins once the proposal is received.")


def panel(actor: Actor, proposal: Any) -> Words | None:
    """In a call that has a review panel."""
    return None if proposal.call.panel else say("This call has no review panel: record the decision directly.")


def in_review(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal is with the reviewers."""
    return None if proposal.state is State.IN_REVIEW else say("It is not with the reviewers now.")


def no_review_in(actor: Actor, proposal: Any) -> Words | None:
    """Until a review is submitted."""
    return say("A review has been submitted, so it stays with the reviewers.") if submitted_reviews(proposal) else None


def enough_reviews(actor: Actor, proposal: Any) -> Words | None:
    """Once the reviews that the call needs are submitted, the lead's own among them; without a panel, at once."""
    if proposal.state is State.MATCHED:
        return say("It has not gone to the reviewers.") if proposal.call.panel else None
    count, needed = len(submitted_reviews(proposal)), proposal.call.reviews_needed
    if count < needed:
        return say("%(count)s of %(needed)s needed reviews are submitted.", count=count, needed=needed)
    if assignment_of(actor, proposal) is not None and not own_review_submitted(actor, proposal):
        return say("Submit your own review first.")
    return None


def limited(actor: Actor, proposal: Any) -> Words | None:
    """In a call whose sponsor takes a limited number, until the proposal is closed."""
    if proposal.call.slots is None:
        return say("The sponsor of this call takes any number.")
    return say("The proposal is closed.") if proposal.state in ENDED else None


def goes_on(actor: Actor, proposal: Any) -> Words | None:
    """Once the proposal is selected."""
    return None if proposal.state is State.SELECTED else say("Only a selected proposal goes on to the next stage.")


def packet_possible(actor: Actor, proposal: Any) -> Words | None:
    """Once the proposal is selected or on reserve, where a sponsor decides and has no packet of it."""
    if proposal.call.programme.sponsor_id is None or not proposal.call.sponsor_decides:
        return say("No sponsor decides in this call.")
    if proposal.state not in (State.SELECTED, State.RESERVE):
        return say("A packet is prepared once the proposal is selected.")
    if packet_with_sponsor(proposal) is not None:
        return say("A packet is with the sponsor already. Recall it first.")
    return None


def packet_ready(actor: Actor, proposal: Any) -> Words | None:
    """Once a packet is prepared that may be sent, and the proposal holds a place where the sponsor takes few."""
    why = packet_possible(actor, proposal)
    if why is None and not any(row.sent_at is None for row in proposal.packets):
        return say("Prepare the packet first.")
    if why is None and proposal.call.slots is not None and not _holds_slot(proposal):
        return say("The sponsor takes %(most)s from us, and this holds none of the places.", most=proposal.call.slots)
    return why


def publishable(actor: Actor, proposal: Any) -> Words | None:
    """Once there is an award that is not published."""
    if proposal.award is None:
        return say("There is no award yet.")
    return say("The award is published.") if proposal.award.published_at is not None else None


# --- reviewers --------------------------------------------------------------------------------------------------------


def to_answer(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal is in review and the reviewer has not answered the invitation."""
    mine = assignment_of(actor, proposal)
    if mine is None or mine.answer is not ReviewerAnswer.ASKED:
        return say("You answered this invitation.")
    return declaring(actor, proposal)


def declaring(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal is in review."""
    return None if proposal.state is State.IN_REVIEW else say("It is not in review now.")


def reviewing(actor: Actor, proposal: Any) -> Words | None:
    """While the proposal is in review, from the reviewer's acceptance and declaration until their review is in."""
    if not accepted_by(actor, proposal):
        return say("First accept the invitation to review it.")
    if declared_by(actor, proposal) is Declared.UNKNOWN:
        return say("First declare whether you have a conflict of interest.")
    if proposal.state is not State.IN_REVIEW:
        return say("The review is closed: a decision has been recorded.")
    if own_review_submitted(actor, proposal):
        return say("You submitted your review. The office can reopen it for you.")
    return None


# --- the sponsor ------------------------------------------------------------------------------------------------------


def with_sponsor(actor: Actor, proposal: Any) -> Words | None:
    """While the sponsor has the proposal and has not decided."""
    if proposal.state is State.WITH_SPONSOR:
        return None
    return say("The outcome has been recorded, or it was recalled.")


def outcome_due(actor: Actor, proposal: Any) -> Words | None:
    """While the sponsor has a packet; where no sponsor decides, once the proposal is selected or on reserve."""
    if packet_with_sponsor(proposal) is not None:
        return None
    if proposal.state in (State.SELECTED, State.RESERVE) and not _sponsored(proposal):
        return None
    return say("No packet is with the sponsor.")


def _holds_slot(proposal: Any) -> bool:
    return proposal.slot is not None and proposal.slot.place is SlotPlace.SLOT


def _sponsored(proposal: Any) -> bool:
    return proposal.call.sponsor_decides and proposal.call.programme.sponsor_id is not None
