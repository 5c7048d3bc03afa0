"""Lists of proposals: of one call, and of all calls that the coordinator oversees.

The principal investigator is named in every row: ``faces.names_applicants`` holds for whoever oversees the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from intake import clock
from intake.call.models import Call
from intake.desk.listed import listed_answers
from intake.desk.listing import Page, Totals, page_of
from intake.desk.narrowing import Asked
from intake.desk.queries import CLOSED, by_state, handled_calls, scales, to_list, withheld
from intake.desk.waiting import KINDS
from intake.opening import sealed_at
from intake.views.coordinator import coordinator
from intake.views.coordinator.asked import DESKS, FEW, TOO_FEW, asked_of, chips_of, names_of, sorted_by
from intake.views.display import tr
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action, State

Scale = tuple[int, int]
WIDE = Decimal(3) / 8
"""Reviews that lie further apart than this part of the scale are marked: the panel should talk about them."""


@door(coordinator, "/desk/calls/<code>/proposals", Action.CALL_OVERSEE, to_list)
def proposals(call: Call) -> ResponseReturnValue:
    """The proposals of one call."""
    scale = {call.id: scale_of(call)}
    return _list([call], {theme.id: theme.name for theme in call.themes}, scale, call=call)


@door(coordinator, "/desk/proposals", Action.AREA_DESK)
def all_proposals() -> ResponseReturnValue:
    """The proposals of all calls that the coordinator oversees, and those that they stand in for: where the tiles of
    the desk lead."""
    calls = handled_calls(actor())
    return _list(calls, {}, scales([call.id for call in calls]))


def scale_of(call: Call) -> Scale:
    """The lowest and the highest score of the call's criteria."""
    return min((c.least for c in call.criteria), default=1), max((c.most for c in call.criteria), default=5)


def _list(
    calls: Sequence[Call], themes: Mapping[int, str], scale: Mapping[int, Scale], *, call: Call | None = None
) -> ResponseReturnValue:
    """One page of the list, with what may narrow it. Statements: 5, or 6 where it is narrowed; of one call
    1 or 2 more, for what its form lists."""
    now, ids = clock.now(), [each.id for each in calls]
    codes = {} if call else names_of(calls)
    panel = any(each.panel for each in calls)
    asked = asked_of(request.args, themes=themes, calls=codes, panel=panel)
    states = by_state(actor(), ids)
    drafts = states.pop(State.DRAFT, 0)
    page = page_of(actor(), ids, asked, now, totals=None if asked.filtered else _totals(states))
    hidden = withheld(actor(), ids)
    chips = chips_of(asked, request.args, themes=themes, calls=codes)
    return render_template(
        "coordinator/listing/proposals.html",
        call=call,
        sealed_until=call.sealed_until if call and sealed_at(call, now) else None,
        calls=codes,
        themes=themes,
        asked=asked,
        page=page,
        listed=listed_answers(call, [line.row.id for line in page.lines], language()) if call else {},
        all=sum(states.values()),
        states=states,
        drafts=drafts,
        hidden=hidden,
        hidden_here=hidden if _ends_the_list(asked, page) else [],
        chips_in_use=chips,
        order=sorted_by(asked.sort),
        waits=[*((wait.value, tr(kind.label)) for wait, kind in KINDS.items()), (FEW, tr(TOO_FEW))],
        offered=[state for state in State if state in states or state in asked.states],
        narrowed=len(chips) - bool(asked.words),
        desks=[(desk.value, tr(words)) for desk, words in DESKS.items()],
        panel=panel,
        scale=scale,
        wide=is_wide,
    )


def _totals(states: Mapping[State, int]) -> Totals:
    """The totals of the whole list, which its counts by state tell already."""
    return Totals(sum(states.values()), sum(states.get(state, 0) for state in CLOSED))


def _ends_the_list(asked: Asked, page: Page) -> bool:
    """Withheld rows stand at the very end and only in the whole list: their place or a match would tell of them."""
    return not asked.filtered and page.page == page.pages


def is_wide(spread: Decimal | None, scale: Scale) -> bool:
    """Whether reviews lie so far apart that the panel should talk about them."""
    return spread is not None and spread > WIDE * (scale[1] - scale[0])
