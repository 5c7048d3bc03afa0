"""Whom the applicants ask the office to keep away from their proposal. The principal investigator writes it, the office
alone reads it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.conflict.models import Objection
from intake.conflict.objecting import object_to, standing, take_back
from intake.errors import Incomplete
from intake.extensions import db
from intake.proposal.models import Proposal
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.fields import Email, Form, Line, Paragraph
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit


class ObjectionForm(Form):
    """Who, and why."""

    name = Line(lazy_gettext("Name"), Limit.NAME)
    email = Email(lazy_gettext("E-mail address"), required=False)
    reason = Paragraph(lazy_gettext("Why they should not judge it"), limit=Limit.REASON)


@door(
    faculty,
    "/proposals/<id:proposal_id>/objections",
    Action.PROPOSAL_OBJECT,
    whole,
    methods=["GET", "POST"],
    once=True,
)
def objections(proposal: Proposal) -> ResponseReturnValue:
    """The objections that stand, and the form for another."""
    form, number = ObjectionForm(), proposal.id
    if request.method == "POST" and form.validate():
        try:
            object_to(proposal, form.name.data, form.email.data or "", form.reason.data, by=actor())
            flash(_told(form.email.data or ""), "success")
            return redirect(url_for("faculty.objections", proposal_id=number))
        except Incomplete as error:
            form.blame(error)
    values = {"proposal": proposal, "form": form, "rows": standing(number), "once": one_time_key()}
    return render_template("faculty/proposals/objections.html", **values), 422 if request.method == "POST" else 200


def _told(address: str) -> str:
    if address.strip():
        return gettext("The office knows now. Nobody else reads it.")
    return gettext("The office knows now and alone reads it. A name without an address it has to look up first.")


def _with_objection(proposal_id: int, objection_id: int) -> tuple[Proposal, Objection] | None:
    proposal = whole(proposal_id)
    row = db.session.get(Objection, objection_id) if proposal else None
    return (proposal, row) if proposal and row and row.proposal_id == proposal.id else None


@door(
    faculty,
    "/proposals/<id:proposal_id>/objections/<id:objection_id>/take-back",
    Action.PROPOSAL_OBJECT,
    _with_objection,
    methods=["POST"],
    name="take_objection_back",
)
def withdraw_objection(proposal: Proposal, row: Objection) -> ResponseReturnValue:
    """It no longer stands."""
    try:
        take_back(row, proposal, by=actor())
        flash(gettext("The objection is taken back."), "success")
    except Incomplete:
        flash(gettext("It was taken back already."), "message")
    return redirect(url_for("faculty.objections", proposal_id=proposal.id))
