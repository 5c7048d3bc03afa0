"""The coordinator's home: what waits, how each call stands, what has waited longest; and the index of calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.call.dates import dates_of, slack_of
from intake.call.models import Call
from intake.conversation.queries import unread_of_office
from intake.desk.handovers import count as handovers_of
from intake.desk.listing import lines
from intake.desk.queries import AT_REST, Board, Count, board, handled_calls, longest, overseen_calls, withheld
from intake.desk.steps import next_step
from intake.desk.waiting import KINDS, Wait
from intake.meeting.queries import actions_of
from intake.opening import Opening, opening, sealed_at
from intake.policy import oversees
from intake.views.coordinator import coordinator
from intake.views.dates import gaps, office_zone, points
from intake.views.display import tr
from intake.views.gate import actor, door
from intake.vocabulary import Action, Desk, State
from intake.workday.counting import Overrides
from intake.workday.queries import overrides

LONGEST = 10


@door(coordinator, "/desk", Action.AREA_DESK)
def desk() -> ResponseReturnValue:
    """The home. Statements: 10, whatever lies on the desk; 1 more for somebody who stands in."""
    now, calls = clock.now(), handled_calls(actor())
    ids = [call.id for call in calls]
    lying, asked = board(actor(), ids, now), handovers_of(actor())
    by_id = {call.id: call for call in calls}
    known = overrides()
    ours = [call for call in calls if oversees(actor(), call)]
    oldest = lines(longest(actor(), ids, LONGEST), now)
    return render_template(
        "coordinator/desk/home.html",
        waiting=lying.waiting + asked.number,
        since=min((at for at in (_since(lying), asked.since) if at is not None), default=None),
        oversees=bool(calls),
        stands_in=bool(actor().stands_in),
        first=_first(lying, calls),
        waits=[*(_tile(wait, count, calls) for wait, count in lying.waits.items() if count.number), *_asked(asked)],
        calls=[_standing(call, lying, now, known) for call in ours if _live(call, lying, now)],
        past=sum(not _live(call, lying, now) for call in ours),
        oldest=[(line, next_step(line.row, line.tally, by_id[line.row.call_id])) for line in oldest],
        hidden=withheld(actor(), ids),
        messages=unread_of_office(actor(), LONGEST),
        actions=actions_of(actor()),
    )


@door(coordinator, "/desk/calls", Action.AREA_DESK)
def calls() -> ResponseReturnValue:
    """Every call that the coordinator oversees, past ones too. Statements: 4."""
    now, ours = clock.now(), overseen_calls(actor())
    ids = [call.id for call in ours]
    lying = board(actor(), ids, now)
    hidden, known = withheld(actor(), ids), overrides()
    return render_template(
        "coordinator/desk/calls.html",
        calls=[_standing(call, lying, now, known) for call in ours],
        hidden={call.id: sum(call_id == call.id for call_id, _ in hidden) for call in ours},
    )


def _since(lying: Board) -> datetime | None:
    """When the first of all that waits came."""
    return min((count.since for count in lying.waits.values() if count.since is not None), default=None)


def _first(lying: Board, calls: Sequence[Call]) -> tuple[str, str] | None:
    """The one thing to begin with: the kind whose oldest has waited longest, as label and address."""
    known = [(count.since, wait) for wait, count in lying.waits.items() if count.since is not None]
    if not known:
        return None
    wait = min(known)[1]
    return gettext("Begin with: %(what)s", what=tr(KINDS[wait].label)), _list_of(calls, wait)


def _list_of(calls: Sequence[Call], waiting: Wait) -> str:
    """The list of what waits: of the one call, or of all."""
    if len(calls) == 1 and oversees(actor(), calls[0]):
        return url_for("coordinator.proposals", code=calls[0].code, waiting=waiting.value)
    return url_for("coordinator.all_proposals", waiting=waiting.value)


def _tile(wait: Wait, count: Count, calls: Sequence[Call]) -> dict[str, Any]:
    kind = KINDS[wait]
    return {
        "count": count.number,
        "label": tr(kind.label),
        "url": _list_of(calls, wait),
        "desk": kind.desk.value,
        "since": count.since,
    }


def _asked(count: Count) -> list[dict[str, Any]]:
    """The tile of the requests to hand a proposal over, drafts among them, if any wait."""
    tile = {
        "count": count.number,
        "label": gettext("To hand over"),
        "url": url_for("coordinator.handovers"),
        "desk": Desk.OFFICE.value,
        "since": count.since,
    }
    return [tile] if count.number else []


def _live(call: Call, lying: Board, now: datetime) -> bool:
    """Whether somebody is still waited for in the call, or may still apply."""
    busy = any(state not in AT_REST for state in lying.states.get(call.id, ()))
    return busy or opening(call, now) is not Opening.CLOSED


def _standing(call: Call, lying: Board, now: datetime, known: Overrides) -> dict[str, Any]:
    """A call with its dates, the slack between them, and how many proposals are in which state; of drafts only how
    many, and of a sealed call's proposals nothing."""
    states = dict(lying.states.get(call.id, {}))
    drafts = states.pop(State.DRAFT, 0)
    return {
        "call": call,
        "points": points(dates_of(call), now),
        "gaps": gaps(slack_of(call, known, office_zone())),
        "sealed_until": call.sealed_until if sealed_at(call, now) else None,
        "received": sum(states.values()),
        "drafts": drafts,
        "states": [(state, states[state]) for state in State if state in states],
        "sponsor": call.programme.sponsor,
    }
