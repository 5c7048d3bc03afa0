"""The administrator's home: what there is, and what wants looking at."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from intake.audit import queries as events
from intake.conflict import queries as conflicts
from intake.notification import queries as messages
from intake.people import queries
from intake.programme.queries import programmes
from intake.views.administrator import administrator
from intake.views.gate import actor, door
from intake.vocabulary import Action, MessageState


@door(administrator, "/administration", Action.AREA_ADMINISTRATION)
def overview() -> ResponseReturnValue:
    """Counts that lead to their lists. Statements: 8, whatever there is."""
    counts = {
        "people": queries.count(queries.found(state="open")),
        "invited": queries.count(queries.found(state="invited")),
        "programmes": len(programmes()),
        "conflicts": conflicts.count(to=actor()),
        "failed": messages.count(messages.found(state=MessageState.FAILED)),
        "waiting": messages.count(messages.found(state=MessageState.WAITING)),
        "events": events.count(events.found()),
    }
    return render_template("administrator/overview.html", counts=counts)
