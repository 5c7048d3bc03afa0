"""The applicant asks a supervisor to endorse the proposal, where its call asks for that, or takes the request back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.endorsement.operations import ask, withdraw
from intake.endorsement.queries import standing
from intake.errors import Incomplete
from intake.proposal.models import Proposal
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.faculty.team import team_page
from intake.views.faculty.team_forms import SupervisorForm
from intake.views.gate import actor, door
from intake.vocabulary import Action


@door(faculty, "/proposals/<id:proposal_id>/endorsement", Action.PROPOSAL_SUBMIT, whole, methods=["POST"], once=True)
def ask_supervisor(proposal: Proposal) -> ResponseReturnValue:
    """Send a supervisor the link."""
    form = SupervisorForm()
    if not form.validate():
        return team_page(proposal, supervisor=form), 422
    try:
        asked = ask(proposal, form.supervisor.data or "", form.address.data or "", by=actor())
    except Incomplete as error:
        form.blame(error)
        return team_page(proposal, supervisor=form), 422
    flash(gettext("%(name)s is asked by mail.", name=asked.name), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id, _anchor="endorsement"))


@door(
    faculty,
    "/proposals/<id:proposal_id>/endorsement/withdraw",
    Action.PROPOSAL_SUBMIT,
    whole,
    methods=["POST"],
    once=True,
)
def withdraw_endorsement(proposal: Proposal) -> ResponseReturnValue:
    """Take the request back; its link is dead."""
    asked = standing(proposal.id)
    if asked is not None:
        withdraw(asked, proposal, by=actor())
        flash(gettext("The request is taken back, and its link is dead. You can ask somebody else."), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id, _anchor="endorsement"))
