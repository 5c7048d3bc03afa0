"""The answer to a place that is offered: the principal investigator accepts, or leaves it to the next."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.proposal.models import Proposal
from intake.slot import offering
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.gate import actor, door
from intake.vocabulary import Action


@door(
    faculty,
    "/proposals/<id:proposal_id>/place/accept",
    Action.PROPOSAL_ANSWER_OFFER,
    whole,
    methods=["POST"],
    once=True,
)
def accept_place(proposal: Proposal) -> ResponseReturnValue:
    """Take the place."""
    offering.accept(proposal, by=actor())
    flash(gettext("The place is yours. The office has been told."), "success")
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id))


@door(
    faculty,
    "/proposals/<id:proposal_id>/place/decline",
    Action.PROPOSAL_ANSWER_OFFER,
    whole,
    methods=["GET", "POST"],
)
def decline_place(proposal: Proposal) -> ResponseReturnValue:
    """Ask, then leave the place to the next."""
    if request.method == "GET":
        return render_template("faculty/proposals/decline_place.html", proposal=proposal)
    offering.decline(proposal, by=actor())
    flash(gettext("The place is left to the next. The office has been told."), "success")
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
