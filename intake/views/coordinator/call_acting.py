"""What the pages of a call's set-up share: how the call is loaded, how a form is tried, and how it is shown again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from intake.call import queries
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.views.display import tr
from intake.views.fields import Form
from intake.views.gate import one_time_key


@dataclass(frozen=True, slots=True)
class Tried:
    """How an act went: what it gave, or the call loaded anew where it went wrong, and what the page answers with."""

    call: Call
    status: int
    result: Any = None

    def __bool__(self) -> bool:
        return self.status < 300


def tried(call: Call, form: Form, act: Callable[[], Any]) -> Tried:
    """Do ``act``. If it lacked something, or somebody was quicker, nothing of it stays and the form says what."""
    code = call.code
    try:
        result = act()
    except Incomplete as error:
        form.blame(error)
        status = 422
    except (Stale, StaleDataError):
        status = 409
    else:
        return Tried(call, 200, result)
    return Tried(_anew(code), status)


def _anew(code: str) -> Call:
    db.session.rollback()
    found = queries.to_set_up(code)
    if found is None:
        raise Stale
    return found


def shown(page: str, call: Call, status: int = 200, **values: Any) -> ResponseReturnValue:
    """The page ``coordinator/call/<page>.html``; 409 says on top that somebody changed the call meanwhile."""
    # A page shown with 200 has used up the key of the form that asked for it.
    once = secrets.token_hex(16) if status == 200 else one_time_key()
    values = {"once": once, "stale": status == 409, **values}
    return render_template(f"coordinator/call/{page}.html", call=call, **values), status


def pressed(call: Call, act: Callable[[], object], done: str, to: str) -> ResponseReturnValue:
    """Do what a single button asks, and go ``to`` there with ``done`` or with what stands in the way."""
    try:
        act()
    except Incomplete as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
    else:
        flash(done, "success")
    return redirect(to)


def reached(endpoint: str, **values: Any) -> str | None:
    """The address of a page, or None in an installation that has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
