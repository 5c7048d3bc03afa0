"""Who handles what its coordinators cannot: proposals with a conflict in the office, known here by number alone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.conflict.handling import handled
from intake.conflict.standing_in import end_stand_in, name_stand_in
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.known_as import has_address
from intake.people.models import StandIn
from intake.proposal import queries as proposals
from intake.proposal.models import Proposal
from intake.views.administrator import administrator
from intake.views.administrator.lists import ROWS, for_administrators, page_of
from intake.views.fields import Email, Form, Paragraph
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit


class StandInForm(Form):
    """Who, and why."""

    person = Email(lazy_gettext("E-mail of the person"))
    reason = Paragraph(lazy_gettext("Why they stand in"), limit=Limit.REASON)


@door(administrator, "/administration/stand-ins", Action.AREA_ADMINISTRATION)
def stand_ins() -> ResponseReturnValue:
    """Proposals that are withheld from a coordinator, have a stand-in, or nobody: what nobody handles comes first.
    Statements: 17 at most, whatever the number."""
    rows = handled()
    page, pages, first = page_of(len(rows))
    alone = sum(not row.handlers for row in rows)
    values = {"rows": rows[first : first + ROWS], "total": len(rows), "page": page, "pages": pages, "alone": alone}
    return render_template("administrator/stand_ins.html", **values)


def _received(proposal_id: int) -> Proposal | None:
    proposal = proposals.one(proposal_id, for_update=request.method == "POST")
    return proposal if proposal is not None and proposal.number is not None else None


def _for_nobody_else(**values: int) -> object:
    """The same for everybody who is no administrator: nothing."""
    found = for_administrators(_received)(**values)
    return found if isinstance(found, Proposal) else None


def _with_stand_in(proposal_id: int, stand_in_id: int) -> object:
    proposal = _for_nobody_else(proposal_id=proposal_id)
    row = db.session.get(StandIn, stand_in_id) if proposal else None
    return (proposal, row) if row is not None and row.proposal_id == proposal_id else None


@door(
    administrator,
    "/administration/stand-ins/<id:proposal_id>",
    Action.PROPOSAL_STAND_IN,
    _for_nobody_else,
    methods=["GET", "POST"],
    once=True,
)
def stand_in(proposal: Proposal) -> ResponseReturnValue:
    """Who handles the proposal, and naming somebody who stands in."""
    form, number = StandInForm(), proposal.id
    if request.method == "POST" and form.validate():
        try:
            name_stand_in(proposal, has_address(form.person.data), form.reason.data, by=actor())
            flash(gettext("They are told, and find it on their desk."), "success")
            return redirect(url_for("administrator.stand_in", proposal_id=number))
        except Incomplete as error:
            form.blame(error)
    (row,) = handled(number)
    html = render_template("administrator/stand_in.html", row=row, form=form, once=one_time_key())
    return html, 422 if request.method == "POST" else 200


@door(
    administrator,
    "/administration/stand-ins/<id:proposal_id>/<id:stand_in_id>/end",
    Action.PROPOSAL_STAND_IN,
    _with_stand_in,
    methods=["POST"],
    name="end_stand_in",
)
def end(proposal: Proposal, row: StandIn) -> ResponseReturnValue:
    """They no longer stand in."""
    try:
        end_stand_in(row, proposal, by=actor())
        flash(gettext("They no longer stand in."), "success")
    except Incomplete:
        flash(gettext("It has ended already."), "message")
    return redirect(url_for("administrator.stand_in", proposal_id=proposal.id))
