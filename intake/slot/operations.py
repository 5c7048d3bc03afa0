"""What a coordinator does with the places that the sponsor gives: how many there are, and who stands where for them."""

from __future__ import annotations

from intake import clock
from intake.audit.operations import record
from intake.call.arranging import enter
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.notification.operations import tell
from intake.policy import Actor, may, packet_with_sponsor
from intake.proposal.models import Proposal
from intake.proposal.operations import team_of
from intake.ruling import demand
from intake.slot import letters, offering, queries
from intake.slot.models import Slot
from intake.vocabulary import Action, Limit, SlotPlace, State, say


def limit(call: Call, slots: int | None, *, version: int, by: Actor) -> bool:
    """Set how many proposals the sponsor takes from the university; None is any number.

    Demands: call.oversee. Records: call.slots. Raises: Refused; Stale; Incomplete at ``slots`` for fewer than are
    given. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    if slots == call.slots:
        return False
    offering.lock(call)
    given = queries.taken(call.id)
    if slots is not None and not max(1, given) <= slots <= Limit.SLOTS:
        wrong = say("From %(least)s, as many as are given, to %(most)s.", least=max(1, given), most=Limit.SLOTS)
        raise Incomplete(say("The number of places does not fit."), {"slots": wrong})
    was, call.slots = call.slots, slots
    db.session.flush()
    record("call.slots", "call", call.id, by=by, was=str(was or "-"), became=str(slots or "-"))
    return True


def give(proposal: Proposal, *, seen: int, by: Actor) -> Slot:
    """Give the proposal a place. ``seen`` is the version of its place that the office read, 0 for none.

    Demands: proposal.rank. Records: slot.given. Tells: the team. Raises: Refused; Stale; Incomplete when none is free.
    """
    was = _standing(proposal, seen, by)
    if was is SlotPlace.SLOT:
        raise Incomplete(say("It holds a place already."))
    _one_free(proposal)
    slot = offering.place(proposal, SlotPlace.SLOT, "slot.given", by=by)
    tell(team_of(proposal), letters.given(proposal), proposal_id=proposal.id)
    return slot


def put_on_reserve(proposal: Proposal, *, seen: int, by: Actor) -> Slot:
    """Put the proposal at the end of the reserve.

    Demands: proposal.rank. Records: slot.reserved. Tells: the team. Raises: Refused; Stale; Incomplete while it holds a
    place or is offered one.
    """
    was = _standing(proposal, seen, by)
    if was in queries.TAKEN:
        raise Incomplete(say("It holds a place or is offered one. Release that first."))
    if was is SlotPlace.RESERVE:
        raise Incomplete(say("It is on the reserve already."))
    _not_gone(proposal)
    last = 1 + len(queries.reserve_of(proposal.call_id))
    slot = offering.place(proposal, SlotPlace.RESERVE, "slot.reserved", by=by, rank=last)
    tell(team_of(proposal), letters.reserved(proposal), proposal_id=proposal.id)
    return slot


def move(proposal: Proposal, *, up: bool, seen: int, by: Actor) -> None:
    """Let it change places with the one above it on the reserve, or below: of those that the actor may see.

    Demands: proposal.rank. Records: slot.moved. Tells: nobody; teams are not told their rank. Raises: Refused; Stale;
    Incomplete when it is not on the reserve, or at its end already.
    """
    if _standing(proposal, seen, by) is not SlotPlace.RESERVE:
        raise Incomplete(say("It is not on the reserve."))
    row = list(queries.reserve_of(proposal.call_id, by))
    at = next(place for place, each in enumerate(row) if each.proposal_id == proposal.id)
    beside = at - 1 if up else at + 1
    if not 0 <= beside < len(row):
        raise Incomplete(say("It is the first already.") if up else say("It is the last already."))
    mine, other = row[at], row[beside]
    was = mine.rank
    mine.rank, other.rank = other.rank, mine.rank
    db.session.flush()
    record("slot.moved", "proposal", proposal.id, by=by, was=str(was), became=str(mine.rank))


def offer(proposal: Proposal, *, seen: int, by: Actor) -> Slot:
    """Offer a free place to the proposal, whoever else is on the reserve.

    Demands: proposal.rank. Records: slot.offered. Tells: the team, the office. Raises: Refused; Stale; Incomplete when
    none is free, or it is too late for an offer.
    """
    was = _standing(proposal, seen, by)
    if was in queries.TAKEN:
        raise Incomplete(say("It holds a place or is offered one already."))
    _not_gone(proposal)
    _one_free(proposal)
    until = offering.offer_ends(proposal.call, clock.now())
    if until is None:
        raise Incomplete(say("The sponsor's deadline has passed: give it the place, or leave it."))
    return offering.offer(proposal, until, by=by)


def release(proposal: Proposal, note: str, *, onward: bool, seen: int, by: Actor) -> Slot:
    """Take back a place, an offer or a rank on the reserve, with a note for the team. With ``onward`` a place is
    offered to the first of the reserve.

    Demands: proposal.rank. Records: slot.released. Tells: the team; whoever is offered the place next. Raises: Refused;
    Stale; Incomplete without a note, for one that has nothing to release, or whose packet is with the sponsor.
    """
    was = _standing(proposal, seen, by)
    if was not in (*queries.TAKEN, SlotPlace.RESERVE):
        raise Incomplete(say("It holds no place."))
    if packet_with_sponsor(proposal) is not None or proposal.state is State.AWARDED:
        raise Incomplete(say("It is with the sponsor. Recall the packet first."))
    if not note.strip():
        raise Incomplete(say("Say why."), {"note": say("Say why; the team reads it.")})
    slot = offering.place(proposal, SlotPlace.RELEASED, "slot.released", by=by, note=note)
    tell(team_of(proposal), letters.released(proposal, note), proposal_id=proposal.id)
    if onward and was in queries.TAKEN:
        offering.offer_next(proposal.call, by=by)
    return slot


def _standing(proposal: Proposal, seen: int, by: Actor) -> SlotPlace | None:
    """Where the proposal stands now, with the call locked. Raises Refused; Stale when it is not as it was read."""
    demand(may(by, Action.PROPOSAL_RANK, proposal))
    offering.lock(proposal.call)
    slot = queries.slot_of(proposal.id)
    if (slot.version if slot else 0) != seen:
        raise Stale
    return slot.place if slot else None


def _not_gone(proposal: Proposal) -> None:
    """Go on only if it has not gone to the sponsor. Raises Incomplete."""
    if proposal.state in queries.GONE:
        raise Incomplete(say("It has gone to the sponsor: give it a place."))


def _one_free(proposal: Proposal) -> None:
    """Go on only if a place is free for it. Raises Incomplete."""
    most = proposal.call.slots or 0
    if queries.taken(proposal.call_id, besides=proposal.id) >= most:
        raise Incomplete(say("No place is free, of %(most)s in all. Release one first.", most=most))
