"""Offers of another call: the applicant reads them and says yes or no."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.queries import one as call_with
from intake.errors import Incomplete
from intake.form.definition import label_in
from intake.match import referring
from intake.match.models import Referral
from intake.policy import may
from intake.proposal.carrying import plan
from intake.proposal.models import Proposal
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.beginning import first_page, organisation
from intake.views.faculty.loading import whole
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action, say

_PATH = "/proposals/<id:proposal_id>/referrals"


@door(faculty, _PATH, Action.PROPOSAL_VIEW_AS_TEAM, whole)
def referrals(proposal: Proposal) -> ResponseReturnValue:
    """What the office offers, with what would be carried over."""
    offers = []
    for each in referring.standing_of(proposal):
        call = call_with(each.call.code)
        offered = plan(proposal, call) if call and each.answered_at is None else None
        offers.append((each, offered, may(actor(), Action.CALL_PROPOSE, call) if call else None))
    return render_template(
        "faculty/proposals/referrals.html",
        proposal=proposal,
        offers=offers,
        answers=may(actor(), Action.PROPOSAL_ANSWER_REFERRAL, proposal),
        label=lambda question: label_in(question.label, language()),
        once=secrets.token_urlsafe(16),
    )


def _of_proposal(proposal_id: int, referral_id: int) -> tuple[Proposal, Referral] | None:
    proposal = whole(proposal_id)
    referral = referring.one(proposal, referral_id) if proposal else None
    return (proposal, referral) if proposal and referral else None


@door(
    faculty,
    f"{_PATH}/<id:referral_id>/accept",
    Action.PROPOSAL_ANSWER_REFERRAL,
    _of_proposal,
    methods=["POST"],
    once=True,
)
def accept_referral(proposal: Proposal, referral: Referral) -> ResponseReturnValue:
    """Begin a draft in the offered call."""
    number, call = proposal.id, call_with(referral.call.code)
    try:
        if call is None:
            raise Incomplete(say("That call is gone."))
        draft = referring.accept(referral, proposal, call, by=actor(), organisation=organisation())
    except Incomplete as error:
        flash(tr(error.reason), "error")
        return redirect(url_for("faculty.referrals", proposal_id=number))
    flash(
        gettext("A draft began with your answers. Read them once more: this call may ask for something else."),
        "success",
    )
    return redirect(first_page(draft))


@door(
    faculty,
    f"{_PATH}/<id:referral_id>/decline",
    Action.PROPOSAL_ANSWER_REFERRAL,
    _of_proposal,
    methods=["POST"],
    once=True,
)
def decline_referral(proposal: Proposal, referral: Referral) -> ResponseReturnValue:
    """Say no to the offered call."""
    number = proposal.id
    try:
        referring.decline(referral, proposal, by=actor())
    except Incomplete as error:
        flash(tr(error.reason), "error")
    else:
        flash(gettext("The office is told that you do not want it."), "success")
    return redirect(url_for("faculty.referrals", proposal_id=number))
