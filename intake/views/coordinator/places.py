"""The places that the sponsor of a call gives: notices of intent, and who holds a place, waits on the reserve, or is
offered one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from intake import clock
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.opening import sealed_at
from intake.policy import may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.slot import competition, operations, queries
from intake.slot.queries import Line
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import shown, tried
from intake.views.display import tr
from intake.views.fields import Declaration, Form, Paragraph, Whole, sent_version
from intake.views.gate import SAFE, actor, door
from intake.vocabulary import Action, Limit, SlotPlace, Words, say

PAGE = 100
LONGEST_PAGE = 6
PLACES: dict[SlotPlace | None, Words] = {
    SlotPlace.SLOT: say("Holds a place"),
    SlotPlace.OFFERED: say("Offered a place"),
    SlotPlace.RESERVE: say("Reserve"),
    SlotPlace.RELEASED: say("Released"),
    None: say("None"),
}


class SlotsForm(Form):
    """How many the sponsor takes."""

    slots = Whole(lazy_gettext("Places"), least=1, most=Limit.SLOTS, required=False)


class ReleaseForm(Form):
    """Taking back a place, an offer or a rank; ``seen`` is the version of the place that was on the page."""

    seen = HiddenField()
    note = Paragraph(lazy_gettext("Why, for the team to read"), limit=Limit.REASON)
    onward = Declaration(lazy_gettext("Offer a place that becomes free to the first of the reserve"), must=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its rank among those that the reader sees, and what can be done: names of acts."""

    line: Line
    rank: int | None
    acts: list[str]


@door(coordinator, "/desk/calls/<code>/places", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"])
def places(call: Call) -> ResponseReturnValue:
    """The page of places; its form sets how many there are."""
    form = SlotsForm(obj=call)
    if request.method == "GET":
        return _page(call, form), 200
    if not form.validate():
        return _page(call, form), 422
    try:
        changed = operations.limit(call, form.slots.data, version=sent_version(), by=actor())
    except Stale:
        return _page(call, form, stale=True), 409
    except Incomplete as error:
        form.blame(error)
        return _page(call, form), 422
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(url_for("coordinator.places", code=call.code))


def _page(call: Call, form: SlotsForm, *, stale: bool = False) -> str:
    """Statements: 4, whatever there is."""
    who = actor()
    notices = queries.notices_of(call)
    many = queries.counted(who, call)
    total = sum(many.values())
    pages = max(1, -(-total // PAGE))
    page = min(_page_number(), pages)
    lines = queries.lines_of(who, call, (page - 1) * PAGE, PAGE)
    held = many.get(SlotPlace.SLOT, 0) + many.get(SlotPlace.OFFERED, 0)
    return render_template(
        "coordinator/call/places.html",
        call=call,
        form=form,
        stale=stale,
        notices=notices,
        fits=tr(_fits(call, len(notices), total)),
        rows=_rows(call, lines, many, (page - 1) * PAGE),
        many=many,
        held=held,
        full=call.slots is not None and held >= call.slots,
        words={each: tr(words) for each, words in PLACES.items()},
        withheld=queries.withheld(who, call),
        sealed=sealed_at(call, clock.now()),
        page=page,
        pages=pages,
        total=total,
        once=secrets.token_urlsafe(16),
        Place=SlotPlace,
    )


def _fits(call: Call, notices: int, received: int) -> Words:
    """Whether there is a competition, as far as the call lets it be known."""
    if call.notice_due_at is None and not notices:
        return competition.told_without(received, call.slots)
    return competition.told(notices, call.slots)


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PAGE else 1


def _rows(call: Call, lines: list[Line], many: dict[SlotPlace | None, int], before: int) -> list[Row]:
    """The lines with what can be done with each. Ranks count what the reader sees, so a gap tells nothing."""
    held = many.get(SlotPlace.SLOT, 0) + many.get(SlotPlace.OFFERED, 0)
    reserves = many.get(SlotPlace.RESERVE, 0)
    free = call.slots is not None and held < call.slots
    rows = []
    for at, line in enumerate(lines, start=before):
        rank = at - held + 1 if line.place is SlotPlace.RESERVE else None
        acts = [] if call.slots is None or line.closed else _acts(line, free, rank, reserves)
        rows.append(Row(line, rank, acts))
    return rows


def _acts(line: Line, free: bool, rank: int | None, reserves: int) -> list[str]:
    if line.place is SlotPlace.SLOT:
        return [] if line.gone else ["release"]
    if line.place is SlotPlace.OFFERED:
        return ["give", "release"]
    if line.gone and rank is None:
        return ["give"] if free else []
    giving = ["give", "offer"] if free else []
    if rank is None:
        return [*giving, "reserve"]
    moves = [*(["up"] if rank > 1 else []), *(["down"] if rank < reserves else [])]
    return [*moves, *giving, "release"]


def to_rank(proposal_id: int) -> Proposal | None:
    """The proposal, locked where it is changed, or None. Raises Refused with the reason for whoever is not its
    office."""
    proposal = one(proposal_id, for_update=request.method not in SAFE)
    if proposal is not None:
        demand(may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal))
    return proposal


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/place",
    Action.PROPOSAL_RANK,
    to_rank,
    methods=["POST"],
    once=True,
    name="rank",
)
def rank(proposal: Proposal) -> ResponseReturnValue:
    """What a button of the page of places asks."""
    code, seen, by = proposal.call.code, sent_version(), actor()
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "give": (lambda: operations.give(proposal, seen=seen, by=by), gettext("It holds a place.")),
        "offer": (lambda: operations.offer(proposal, seen=seen, by=by), gettext("The place is offered.")),
        "reserve": (lambda: operations.put_on_reserve(proposal, seen=seen, by=by), gettext("It is on the reserve.")),
        "up": (lambda: operations.move(proposal, up=True, seen=seen, by=by), gettext("Moved up.")),
        "down": (lambda: operations.move(proposal, up=False, seen=seen, by=by), gettext("Moved down.")),
    }
    asked = acts.get(request.form.get("act", ""))
    if asked is None:
        raise Incomplete(say("Choose what is to happen."))
    act, done = asked
    number = proposal.number
    try:
        act()
    except Incomplete as error:
        db.session.rollback()
        flash(f"{number}: {tr(error.reason)}", "error")
        return redirect(url_for("coordinator.places", code=code))
    flash(f"{number}: {done}", "success")
    return redirect(url_for("coordinator.places", code=code))


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/place/release",
    Action.PROPOSAL_RANK,
    to_rank,
    methods=["GET", "POST"],
    once=True,
)
def release_place(proposal: Proposal) -> ResponseReturnValue:
    """Ask why, then take back what it has."""
    slot, code = proposal.slot, proposal.call.code
    form = ReleaseForm(data={"seen": str(slot.version if slot else 0), "onward": True})
    if form.validate_on_submit() and tried(form, proposal, lambda: _release(proposal, form)):
        flash(gettext("%(number)s holds no place now.", number=proposal.number), "success")
        return redirect(url_for("coordinator.places", code=code))
    return shown("release_place", form, proposal, place=tr(PLACES[slot.place if slot else None]))


def _release(proposal: Proposal, form: ReleaseForm) -> None:
    seen = form.seen.data or ""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Stale
    operations.release(proposal, form.note.data, onward=form.onward.data, seen=int(seen), by=actor())
