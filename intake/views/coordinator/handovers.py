"""Requests of principal investigators to hand a proposal over: the office approves or refuses.

Of a draft the office reads the call, both names and the reason. The number and the title of a received proposal are
shown where the policy lets the coordinator see it.
"""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.allowance.queries import extended_until
from intake.call.models import Call
from intake.desk.handovers import listed
from intake.errors import Incomplete
from intake.policy import may
from intake.proposal import queries
from intake.proposal.handing_over import approve, demand_office, handover, refuse
from intake.proposal.models import Handover, Proposal
from intake.views.coordinator import coordinator
from intake.views.fields import Form, Paragraph
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.vocabulary import Action, Limit, say


class HandoverForm(Form):
    """The office's answer; only a refusal needs words."""

    answer = Paragraph(lazy_gettext("What the team is told"), Limit.REASON, required=False)


@door(coordinator, "/desk/handovers", Action.AREA_DESK)
def handovers() -> ResponseReturnValue:
    """The requests that wait, the oldest first. Statements: 1."""
    return render_template("coordinator/desk/handovers.html", rows=listed(actor()))


def _asked(handover_id: int) -> tuple[Call, Handover, Proposal] | None:
    """The request with its proposal, locked where it may change, for a coordinator of its call without a conflict.
    Raises Refused."""
    asked = handover(handover_id)
    proposal = queries.one(asked.proposal_id, for_update=request.method not in SAFE) if asked else None
    if asked is None or proposal is None:
        return None
    demand_office(proposal, by=actor())
    fresh = handover(handover_id)
    return (proposal.call, fresh, proposal) if fresh else None


@door(
    coordinator,
    "/desk/handovers/<id:handover_id>",
    Action.AREA_DESK,
    _asked,
    methods=["GET", "POST"],
    once=True,
    name="handover",
)
def answer_handover(call: Call, asked: Handover, proposal: Proposal) -> ResponseReturnValue:
    """Read the request, then approve or refuse it."""
    form = HandoverForm()
    if request.method == "POST" and form.validate():
        try:
            done = _answered(asked, proposal, form.answer.data or "")
            flash(done, "success")
            return redirect(url_for("coordinator.handovers"))
        except Incomplete as error:
            form.blame(error)
    html = render_template(
        "coordinator/desk/handover.html",
        call=call,
        asked=asked,
        known=proposal if may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal) else None,
        draft=proposal.number is None,
        later=_lost(asked, proposal),
        form=form,
        once=one_time_key(),
    )
    return html, 422 if request.method == "POST" else 200


def _answered(asked: Handover, proposal: Proposal, words: str) -> str:
    """Do what the button that was pressed says."""
    if request.form.get("and") == "approve":
        approve(asked, proposal, words, by=actor())
        return gettext("%(name)s leads the proposal now. The team is told.", name=asked.to_person.name)
    if request.form.get("and") != "refuse":
        raise Incomplete(say("Press one of the buttons."))
    refuse(asked, proposal, words, by=actor())
    return gettext("It stays with %(name)s, who is told why.", name=asked.asked_by.name)


def _lost(asked: Handover, proposal: Proposal) -> datetime | None:
    """The later close that goes with whoever leads it now and that the other does not have."""
    if asked.answered_at is not None or extended_until(proposal.call_id, asked.to_person_id) is not None:
        return None
    return extended_until(proposal.call_id, asked.asked_by_id)
