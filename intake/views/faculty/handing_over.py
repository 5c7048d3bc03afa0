"""The principal investigator asks the office to let a co-investigator lead the proposal, or takes that back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.proposal.handing_over import ask, take_back, waiting_of
from intake.proposal.models import Proposal
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.faculty.team_forms import HandOverForm
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action


@door(
    faculty,
    "/proposals/<id:proposal_id>/hand-over",
    Action.PROPOSAL_HAND_OVER,
    whole,
    methods=["GET", "POST"],
    once=True,
)
def hand_over(proposal: Proposal) -> ResponseReturnValue:
    """Say to whom and why."""
    form = HandOverForm()
    form.fit(proposal)
    if request.method == "POST" and form.validate():
        try:
            asked = ask(proposal, int(form.to.data), form.reason.data, by=actor())
            flash(gettext("The office is asked; it tells you its answer by mail."), "success")
            return redirect(url_for("faculty.team", proposal_id=proposal.id, _anchor=f"handover-{asked.id}"))
        except Incomplete as error:
            form.blame(error)
    html = render_template(
        "faculty/edit/hand_over.html", proposal=proposal, form=form, waits=waiting_of(proposal), once=one_time_key()
    )
    return html, 422 if request.method == "POST" else 200


@door(
    faculty,
    "/proposals/<id:proposal_id>/hand-over/take-back",
    Action.PROPOSAL_HAND_OVER,
    whole,
    methods=["POST"],
    once=True,
)
def take_hand_over_back(proposal: Proposal) -> ResponseReturnValue:
    """Keep the proposal after all."""
    asked = waiting_of(proposal)
    if asked is None:
        flash(gettext("No request waits any more."), "message")
        return redirect(url_for("faculty.team", proposal_id=proposal.id))
    take_back(asked, proposal, by=actor())
    flash(gettext("The request is taken back."), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id))
