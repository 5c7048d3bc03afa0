"""A selected proposal is invited to the next stage of its call."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call.models import Call
from intake.call.queries import next_stages, one
from intake.form.definition import label_in
from intake.proposal.carrying import invite_on, invited_on, plan
from intake.proposal.models import Proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, shown, to_change, tried
from intake.views.display import tr
from intake.views.fields import Form, Picked
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action, say


class Stage(Form):
    """Which next stage."""

    stage = Picked(lazy_gettext("Next stage"))


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/next-stage",
    Action.PROPOSAL_ADVANCE_STAGE,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def next_stage(proposal: Proposal) -> ResponseReturnValue:
    """Show what is carried over; then make the draft and tell the team."""
    stages = next_stages(proposal.call_id)
    form = Stage(data={"stage": stages[0].code} if stages else None)
    form.stage.offer((each.code, f"{each.title} ({each.code})") for each in stages)
    call = _chosen(stages, str(form.stage.data or ""))
    if not stages:
        form.form_errors = [tr(say("This call has no next stage. Its set-up page makes one."))]
    if request.method == "POST" and form.validate() and call is not None:
        chosen = call
        if tried(form, proposal, lambda: invite_on(proposal, chosen, by=actor())):
            number = {"number": proposal.number, "call": chosen.title}
            return back(proposal, gettext("%(number)s is invited to %(call)s; its team has been told.", **number))
    offered = plan(proposal, call) if call else None
    return shown(
        "next_stage",
        form,
        proposal,
        plan=offered,
        call=call,
        already=invited_on(proposal, call) if call else None,
        label=lambda question: label_in(question.label, language()),
    )


def _chosen(stages: Sequence[Call], code: str) -> Call | None:
    """The next stage of that code, whole, or the only one."""
    known = next((each.code for each in stages if each.code == code), stages[0].code if stages else "")
    return one(known) if known else None
