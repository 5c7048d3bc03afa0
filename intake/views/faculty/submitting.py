"""The last look before submitting, the submission, and the withdrawal."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.form.definition import label_in
from intake.form.telling import Audience
from intake.policy import may, relation_of
from intake.proposal.answers import form_of
from intake.proposal.models import Proposal
from intake.proposal.operations import restore as restore_proposal
from intake.proposal.operations import submit as submit_proposal
from intake.proposal.operations import withdraw as withdraw_proposal
from intake.proposal.rulebook import Fault
from intake.proposal.telling import told_to
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.forms import FreeReasonForm, ReasonForm
from intake.views.faculty.loading import whole, withdrawn_draft
from intake.views.faculty.progress import part_url, progress
from intake.views.faculty.rules import rule_lines
from intake.views.faculty.telling import RELATIONS
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action, Relation


@door(faculty, "/proposals/<id:proposal_id>/check", Action.PROPOSAL_VIEW_AS_TEAM, whole)
def check(proposal: Proposal) -> ResponseReturnValue:
    """Everything that stands in the way, or what will be sent."""
    return _check(proposal)


def _check(proposal: Proposal, changed: bool = False) -> str:
    known = progress(proposal, actor())
    return render_template(
        "faculty/proposals/check.html",
        proposal=proposal,
        progress=known,
        faults=[(fault, _said(proposal, fault), part_url(proposal, fault.part, fault.field)) for fault in known.faults],
        lines=rule_lines(known.rules, proposal),
        submitting=may(actor(), Action.PROPOSAL_SUBMIT, proposal),
        leads=relation_of(actor(), proposal) is Relation.PRINCIPAL,
        changed=changed,
        told=told_to(proposal, Audience.TEAM, language()),
        team=[(member, tr(RELATIONS[member.relation])) for member in proposal.members],
        files=[file for file in proposal.attachments if file.removed_at is None],
        once=secrets.token_urlsafe(16),
    )


def _said(proposal: Proposal, fault: Fault) -> str:
    """What stands in the way, led by the question that it is about where no rule speaks."""
    asked = next((each for each in form_of(proposal).questions if each.key == fault.field), None)
    if asked is None or fault.rule is not None:
        return tr(fault.reason)
    return f"{label_in(asked.label, language())}: {tr(fault.reason)}"


@door(
    faculty,
    "/proposals/<id:proposal_id>/submit",
    Action.PROPOSAL_SUBMIT,
    whole,
    methods=["POST"],
    once=True,
)
def submit(proposal: Proposal) -> ResponseReturnValue:
    """Hand it in as it was read on the page before."""
    if sent_version() != proposal.version:
        return _check(proposal, changed=True), 409
    try:
        submit_proposal(proposal, by=actor())
    except Incomplete:
        return _check(proposal), 422
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id))


@door(
    faculty, "/proposals/<id:proposal_id>/withdraw", Action.PROPOSAL_WITHDRAW, whole, methods=["GET", "POST"], once=True
)
def withdraw(proposal: Proposal) -> ResponseReturnValue:
    """Ask why, then take it back."""
    form = ReasonForm() if proposal.number is not None else FreeReasonForm()
    if request.method == "POST" and form.validate():
        withdraw_proposal(proposal, form.reason.data or "", by=actor())
        flash(gettext("It is withdrawn."), "success")
        return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
    html = render_template(
        "faculty/proposals/withdraw.html", proposal=proposal, form=form, once=secrets.token_urlsafe(16)
    )
    return html, 422 if request.method == "POST" else 200


@door(faculty, "/proposals/<id:proposal_id>/restore", Action.PROPOSAL_RESTORE, withdrawn_draft, methods=["GET", "POST"])
def restore(proposal: Proposal) -> ResponseReturnValue:
    """Take a withdrawn draft back."""
    if request.method == "GET":
        return render_template("faculty/proposals/restore.html", proposal=proposal)
    restore_proposal(proposal, "", by=actor())
    flash(gettext("The draft is back."), "success")
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id))
