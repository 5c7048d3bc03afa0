"""Declared conflicts, and lifting one. A proposal is known here by its number alone."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conflict import operations, queries
from intake.conflict.evidence import KINDS
from intake.conflict.models import Conflict
from intake.errors import Incomplete
from intake.people.models import Person
from intake.proposal import queries as proposals
from intake.proposal.models import Proposal
from intake.views.administrator import administrator
from intake.views.administrator.forms import ReasonForm
from intake.views.administrator.lists import ROWS, for_administrators, page_of
from intake.views.gate import actor, door
from intake.vocabulary import Action


@door(administrator, "/administration/conflicts", Action.AREA_ADMINISTRATION)
def conflicts() -> ResponseReturnValue:
    """Every declared conflict, standing ones first, but on proposals that the administrator has a conflict with.
    Statements: 2, whatever the number of rows."""
    total = queries.count(to=actor())
    page, pages, first = page_of(total)
    rows = queries.declared(first, ROWS, to=actor())
    values = {"rows": rows, "total": total, "page": page, "pages": pages, "kinds": KINDS}
    return render_template("administrator/conflicts.html", **values)


def _conflict(conflict_id: int) -> tuple[Proposal, Conflict, Person] | None:
    conflict = queries.one(conflict_id)
    if conflict is None:
        return None
    person = conflict.person  # before the proposal brings its conflicts anew, without their people
    proposal = proposals.one(conflict.proposal_id)
    return (proposal, conflict, person) if proposal else None


def _for_nobody_else(conflict_id: int) -> Any:
    """The same for everybody who is no administrator: nothing."""
    found = for_administrators(_conflict)(conflict_id=conflict_id)
    return found if isinstance(found, tuple) else None


@door(
    administrator,
    "/administration/conflicts/<id:conflict_id>",
    Action.PROPOSAL_LIFT_CONFLICT,
    _for_nobody_else,
    methods=["GET", "POST"],
)
def lift(proposal: Proposal, conflict: Conflict, person: Person) -> ResponseReturnValue:
    """Lift a conflict, with a reason that stays in the log."""
    form = ReasonForm()
    if request.method == "POST" and form.validate():
        try:
            operations.lift(conflict, proposal, form.reason.data, by=actor())
            flash(gettext("The conflict is lifted."), "success")
            return redirect(url_for("administrator.conflicts"))
        except Incomplete as error:
            form.blame(error)
    status = 422 if request.method == "POST" else 200
    values = {"form": form, "conflict": conflict, "person": person, "number": proposal.number, "kinds": KINDS}
    return render_template("administrator/lift.html", **values), status
