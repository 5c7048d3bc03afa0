"""What somebody on a team says for themselves on the proposal's page: accept, decline, confirm their part."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.proposal import joining
from intake.proposal.models import Proposal
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.gate import actor, door
from intake.vocabulary import Action


@door(faculty, "/proposals/<id:proposal_id>/join", Action.PROPOSAL_JOIN, whole, methods=["POST"], once=True)
def join(proposal: Proposal) -> ResponseReturnValue:
    """Accept the invitation, or decline it; whoever declines cannot open the proposal any more."""
    accepts = request.form.get("answer") == "accept"
    if not accepts and request.form.get("answer") != "decline":
        return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
    joining.answer(proposal, accepts, by=actor())
    if accepts:
        flash(gettext("You are on the team."), "success")
        return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
    flash(gettext("You declined the invitation. The proposal is not on your list any more."), "success")
    return redirect(url_for("faculty.proposals"))


@door(faculty, "/proposals/<id:proposal_id>/confirm", Action.PROPOSAL_CONFIRM, whole, methods=["POST"], once=True)
def confirm(proposal: Proposal) -> ResponseReturnValue:
    """Confirm one's part, where the call asks for it."""
    joining.confirm(proposal, by=actor())
    flash(gettext("You confirmed your part."), "success")
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
