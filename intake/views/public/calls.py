"""The first page, and the page of a call."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from intake import clock
from intake.award.queries import published
from intake.call import queries
from intake.call.dates import public_dates
from intake.call.models import Call
from intake.opening import Opening, opening
from intake.people.queries import departments
from intake.policy import may
from intake.slot.queries import notice_of
from intake.views.dates import listed
from intake.views.gate import actor, door
from intake.views.public import public
from intake.views.public.journey import steps
from intake.vocabulary import Action, Role

CLOSED_SHOWN, AWARDS_SHOWN = 6, 3


@door(public, "/", Action.PUBLIC)
def home() -> ResponseReturnValue:
    """Open calls first; then what comes, what closed lately, the standing call, and a few past awards."""
    now = clock.now()
    running = queries.open_calls(now)
    return render_template(
        "public/home.html",
        running=[call for call in running if not call.standing],
        standing=[call for call in running if call.standing],
        announced=queries.announced_calls(now),
        closed=queries.closed_calls(now, CLOSED_SHOWN),
        now=now,
        awards=published(most=AWARDS_SHOWN),
        departments={row.code: row.name for row in departments()},
    )


@door(public, "/calls/<code>", Action.PUBLIC, queries.public_one)
def call(call: Call) -> ResponseReturnValue:
    """Everything about one call, and the way to start."""
    now = clock.now()
    who = actor()
    return render_template(
        "public/call.html",
        **facts_of(call, now),
        standing_to=opening(call, now),
        signed_in=who.id is not None,
        notice=notice_of(who.id, call) if who.id is not None and call.notice_due_at else None,
        oversees=bool(may(who, Action.CALL_OVERSEE, call)) if who.holds(Role.COORDINATOR) else False,
    )


def facts_of(call: Call, now: datetime) -> dict[str, Any]:
    """What the page says of the call to everybody alike. Statements: 1."""
    return {
        "call": call,
        "by_invitation": call.by_invitation or call.programme.by_invitation,
        "themes": [theme for theme in call.themes if theme.retired_at is None],
        "dates": listed(public_dates(call), now),
        "extended": queries.extended(call),
        "now": now,
        "Opening": Opening,
        "journey": steps(call),
        "once": secrets.token_urlsafe(16),
    }
