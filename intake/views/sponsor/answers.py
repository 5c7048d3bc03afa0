"""What the sponsor answers: interest first, then the outcome."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.award.operations import answer
from intake.errors import Incomplete, Refused
from intake.forward.operations import show_interest
from intake.policy import may, sent_packet_to
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.views.fields import Form
from intake.views.gate import SAFE, actor, door
from intake.views.sponsor import sponsor
from intake.views.sponsor.forms import InterestForm, OutcomeForm
from intake.views.sponsor.packet import opened, page_of
from intake.vocabulary import Action, Interest, Outcome, say


def _before_us(proposal_id: int) -> Proposal | None:
    """A proposal of which a packet was sent to the actor's sponsor; locked where the request changes something.

    Raises Refused, without a word of what it is about, once it was recalled or withdrawn.
    """
    proposal = one(proposal_id, for_update=request.method not in SAFE)
    newest = sent_packet_to(actor(), proposal) if proposal else None
    if proposal is None or newest is None:
        return None
    if not may(actor(), Action.PROPOSAL_READ_PACKET, proposal):
        number = f"{proposal.number}/{newest.ordinal}"
        if newest.recalled_at is not None:
            raise Refused(say("%(number)s was recalled at %(when)s.", number=number, when=newest.recalled_at))
        raise Refused(say("%(number)s was withdrawn at %(when)s.", number=number, when=proposal.state_since))
    return proposal


@door(sponsor, "/packets/<id:proposal_id>/interest", Action.PROPOSAL_SHOW_INTEREST, _before_us, methods=["POST"])
def interest(proposal: Proposal) -> ResponseReturnValue:
    """Tell the office what the sponsor thinks; saying it again replaces it."""
    form = InterestForm()
    if not form.validate():
        return opened(proposal, form), 422
    show_interest(proposal, Interest(str(form.interest.data)), form.note.data or "", by=actor())
    flash(gettext("Thank you. The office is told."), "success")
    return redirect(page_of(proposal))


@door(
    sponsor,
    "/packets/<id:proposal_id>/outcome",
    Action.PROPOSAL_RECORD_OUTCOME,
    _before_us,
    methods=["GET", "POST"],
    once=True,
)
def outcome(proposal: Proposal) -> ResponseReturnValue:
    """Selected with an amount and a reference, reserve, or declined with a reason."""
    form = OutcomeForm()
    if request.method == "GET":
        return _page(proposal, form)
    if not form.validate():
        return _page(proposal, form), 422
    try:
        answer(
            proposal,
            Outcome(str(form.result.data)),
            amount_minor=form.amount.data,
            reference=form.reference.data or "",
            reason=form.reason.data or "",
            by=actor(),
        )
    except Incomplete as error:
        form.blame(error)
        return _page(proposal, form), 422
    flash(gettext("Your outcome is recorded. The office and the team are told."), "success")
    return redirect(page_of(proposal))


def _page(proposal: Proposal, form: Form) -> str:
    newest = sent_packet_to(actor(), proposal)
    return render_template(
        "sponsor/packet/outcome.html",
        proposal=proposal,
        number=newest.manifest["packet"] if newest else "",
        form=form,
        once=secrets.token_urlsafe(16),
        back=page_of(proposal),
    )
