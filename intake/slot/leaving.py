"""A proposal that ends before it went its way gives its place back, in the very transaction that ends it."""

from __future__ import annotations

from intake.policy import Actor
from intake.proposal.lifecycle import LEAVING
from intake.proposal.models import Proposal
from intake.slot import offering, queries
from intake.vocabulary import SlotPlace, State


def give_back(proposal: Proposal, was: State, by: Actor) -> None:
    """Release the place, or the rank on the reserve, of a proposal that was withdrawn, found ineligible, or declined by
    the panel; a place goes on to the first of the reserve. What the sponsor declined has used its place.

    Records: slot.released. Tells: the office; whoever is offered the place next. Statements: none where the sponsor
    takes any number.
    """
    if proposal.call.slots is None or (proposal.state is State.DECLINED and was is not State.DECIDED):
        return
    offering.lock(proposal.call)
    slot = queries.slot_of(proposal.id)
    if slot is None or slot.place is SlotPlace.RELEASED:
        return
    held = slot.place in queries.TAKEN
    offering.place(proposal, SlotPlace.RELEASED, "slot.released", by=by)
    if held:
        offering.free(proposal, by=by)


LEAVING.append(give_back)
