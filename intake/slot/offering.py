"""Places that are offered: to the first of the reserve, until an instant, and then to the next.

Whoever changes the places of a call holds its lock first, so two at once never give one place twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm.attributes import set_committed_value

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.call.operations import take_turn
from intake.extensions import db
from intake.notification.operations import tell
from intake.policy import NOBODY, Actor, may
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of, team_of
from intake.ruling import demand
from intake.slot import letters, queries
from intake.slot.models import Slot
from intake.vocabulary import Action, SlotPlace

OFFER_LASTS = timedelta(hours=48)
SLACK = timedelta(minutes=1)
"""An ended offer goes on only after this long: whoever answered in the last second has been heard by then."""


def lock(call: Call) -> None:
    """Let nobody else change the places of the call until this transaction ends. What offers hang on is read again:
    whoever had the call before may have changed it. Statements: 2."""
    take_turn(call.id)
    db.session.refresh(call, ["slots", "sponsor_deadline_at"])


def offer_ends(call: Call, now: datetime) -> datetime | None:
    """Until when a place that is offered now stays so: 48 hours, and no longer than the sponsor waits; None when it is
    too late."""
    ends = now + OFFER_LASTS
    if call.sponsor_deadline_at is not None:
        ends = min(ends, call.sponsor_deadline_at)
    return ends if ends > now else None


def place(
    proposal: Proposal,
    where: SlotPlace,
    event: str,
    *,
    by: Actor,
    note: str = "",
    rank: int | None = None,
    until: datetime | None = None,
) -> Slot:
    """Put the proposal somewhere, close the ranks that it leaves, and note ``event``. The call must be locked."""
    slot = queries.slot_of(proposal.id)
    was = slot.place if slot is not None else None
    if slot is None:
        slot = Slot(proposal_id=proposal.id, call_id=proposal.call_id)
        db.session.add(slot)
    slot.place, slot.rank, slot.note, slot.offered_until = where, rank, note, until
    slot.set_by_id, slot.set_at = by.id, clock.now()
    db.session.flush()
    set_committed_value(proposal, "slot", slot)
    if was is SlotPlace.RESERVE:
        _close_ranks(proposal.call_id)
    record(event, "proposal", proposal.id, by=by, was=was.value if was else "", became=where.value, note=note)
    return slot


def _close_ranks(call_id: int) -> None:
    for rank, each in enumerate(queries.reserve_of(call_id), start=1):
        if each.rank != rank:
            each.rank = rank
    db.session.flush()


def offer(proposal: Proposal, until: datetime, *, by: Actor) -> Slot:
    """Offer a free place to the proposal. Records: slot.offered. Tells: the team, the office. The call must be locked
    and have a place free."""
    slot = place(proposal, SlotPlace.OFFERED, "slot.offered", by=by, until=until)
    tell(team_of(proposal), letters.offered(proposal, until), proposal_id=proposal.id)
    tell(office_of(proposal), letters.offer_made(proposal, until), proposal_id=proposal.id)
    return slot


def offer_next(call: Call, *, by: Actor) -> bool:
    """Offer the place that has just become free to the first of the reserve, if there is one and time. The call must be
    locked. Returns: whether it was offered."""
    until = offer_ends(call, clock.now())
    following = queries.first_reserve(call.id) if until is not None else None
    if until is None or following is None or call.slots is None or queries.taken(call.id) >= call.slots:
        return False
    offer(following.proposal, until, by=by)
    return True


def free(proposal: Proposal, *, by: Actor) -> None:
    """Pass on the place that the proposal has just lost, and tell its office. The call must be locked."""
    passed_on = offer_next(proposal.call, by=by)
    tell(office_of(proposal), letters.freed(proposal, passed_on), proposal_id=proposal.id)


def accept(proposal: Proposal, *, by: Actor) -> Slot:
    """Take the place that is offered.

    Demands: proposal.answer_offer. Records: slot.accepted. Tells: the team, the office. Raises: Refused.
    """
    _hold(proposal, by)
    slot = place(proposal, SlotPlace.SLOT, "slot.accepted", by=by)
    tell(team_of(proposal), letters.given(proposal), proposal_id=proposal.id)
    tell(office_of(proposal), letters.answered(proposal, True), proposal_id=proposal.id)
    return slot


def decline(proposal: Proposal, *, by: Actor) -> Slot:
    """Leave the offered place to the next.

    Demands: proposal.answer_offer. Records: slot.declined. Tells: the office; whoever is offered it next.
    Raises: Refused.
    """
    _hold(proposal, by)
    slot = place(proposal, SlotPlace.RELEASED, "slot.declined", by=by)
    tell(office_of(proposal), letters.answered(proposal, False), proposal_id=proposal.id)
    offer_next(proposal.call, by=by)
    return slot


def _hold(proposal: Proposal, by: Actor) -> None:
    """Lock the call, read the place as it is now, and ask the policy again."""
    lock(proposal.call)
    set_committed_value(proposal, "slot", queries.slot_of(proposal.id))
    demand(may(by, Action.PROPOSAL_ANSWER_OFFER, proposal))


def end_offer(call_id: int, proposal_id: int) -> bool:
    """Pass on a place whose offer was not answered in time. Whoever was faster leaves nothing to do.

    Demands: nothing: the time does it. Records: slot.lapsed. Tells: the team, the office; whoever is offered it next.
    Returns: whether there was something to do.
    """
    take_turn(call_id)
    found = queries.slot_of(proposal_id)
    if found is None or found.place is not SlotPlace.OFFERED:
        return False
    if found.offered_until is None or found.offered_until + SLACK > clock.now():
        return False
    slot = queries.with_letters(proposal_id)
    assert slot is not None
    proposal = slot.proposal
    place(proposal, SlotPlace.RELEASED, "slot.lapsed", by=NOBODY)
    tell(team_of(proposal), letters.lapsed(proposal), proposal_id=proposal.id)
    free(proposal, by=NOBODY)
    return True
