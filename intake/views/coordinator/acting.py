"""What the office's acts on one proposal share: how it is loaded, how a form is tried, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake import clock
from intake.errors import Conflicted, Incomplete, IntakeError, Stale
from intake.extensions import db
from intake.people.models import Person
from intake.policy import may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.views.display import tr
from intake.views.fields import Form, sent_version
from intake.views.gate import SAFE, actor, one_time_key
from intake.vocabulary import Action

END_OF_DAY = time(17)


def to_read(proposal_id: int) -> Proposal | None:
    """The proposal for a page of the office, or None. Raises Refused with the reason for whoever is not its office."""
    proposal = whole(proposal_id)
    if proposal is not None:
        demand(may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal))
    return proposal


def to_change(proposal_id: int) -> Proposal | None:
    """As ``to_read``; where it is changed, it is locked, and it is still what the form showed.

    Some acts are also a reviewer's or a sponsor's, on pages of their own, so these pages ask for the office first.
    Raises Refused; Stale when it moved on since the form was shown.
    """
    changes = request.method not in SAFE
    proposal = whole(proposal_id, for_update=changes)
    if proposal is None:
        return None
    demand(may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal))
    if changes and sent_version() != proposal.version:
        raise Stale
    return proposal


def tried(form: Form, proposal: Proposal, act: Callable[[], object]) -> bool:
    """Whether ``act`` went well. If it lacked something, nothing of it stays, the form says what, and the proposal is
    loaded anew for showing it again."""
    number = proposal.id
    try:
        act()
    except (Incomplete, Conflicted) as error:
        _undo(number)
        _blame(form, error)
        return False
    return True


def _undo(number: int) -> None:
    db.session.rollback()
    whole(number)


def _blame(form: Form, error: IntakeError) -> None:
    """A conflict is shown beside the reviewer whom it is about, where the form asks about that reviewer."""
    beside = f"why_{getattr(error, 'person_id', None)}"
    if beside in form:
        form[beside].errors = [*form[beside].errors, tr(error.reason)]
    else:
        form.blame(error)


def pressed(proposal: Proposal, act: Callable[[], object], done: str, tab: str) -> ResponseReturnValue:
    """Do what a single button asks, and come back to ``tab`` with ``done`` or with what stands in the way."""
    number = proposal.id
    try:
        act()
    except (Incomplete, Conflicted) as error:
        _undo(number)
        flash(tr(error.reason), "error")
        return redirect(url_for("coordinator.proposal", proposal_id=number, tab=tab))
    return back(proposal, done, tab)


def back(proposal: Proposal, done: str, tab: str | None = None) -> ResponseReturnValue:
    """To the proposal's page, with a word on what was done."""
    flash(done, "success")
    return redirect(url_for("coordinator.proposal", proposal_id=proposal.id, tab=tab))


def shown(page: str, form: Form, proposal: Proposal, **values: Any) -> ResponseReturnValue:
    """The form's page, ``coordinator/proposal/<page>.html``: 422 when it is shown again with what is wrong."""
    status = 422 if request.method not in SAFE else 200
    once = one_time_key()
    template = f"coordinator/proposal/{page}.html"
    return render_template(template, form=form, proposal=proposal, once=once, **values), status


def in_days(days: int) -> datetime:
    """17:00 in the office's zone, that many days from today, as an instant in UTC."""
    zone = ZoneInfo(current_app.config["TIME_ZONE"])
    return datetime.combine(clock.now().astimezone(zone).date() + timedelta(days=days), END_OF_DAY, zone)


def addressed(people: list[Person]) -> list[tuple[str, str]]:
    """Name and address of each, once, in the order in which letters are written."""
    return [(each.name, each.email) for each in sorted({each.id: each for each in people}.values(), key=lambda p: p.id)]
