"""The team of a proposal: only its principal investigator adds and removes people."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.policy import may
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.writing import add_member, remove_member
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.forms import MemberForm
from intake.views.faculty.loading import whole, with_member
from intake.views.faculty.progress import progress
from intake.views.faculty.telling import RELATIONS
from intake.views.gate import actor, door
from intake.vocabulary import Action, Relation


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/team",
    Action.PROPOSAL_VIEW_AS_TEAM,
    whole,
    methods=["GET", "POST"],
    once=True,
    ask_on_post=Action.PROPOSAL_TEAM,
)
def team(proposal: Proposal) -> ResponseReturnValue:
    """Who is on it, and the form to add somebody."""
    form = MemberForm()
    if request.method == "GET":
        return _page(proposal, form)
    if not form.validate():
        return _page(proposal, form), 422
    try:
        member = add_member(
            proposal,
            name=form.name.data or "",
            email=form.email.data or "",
            organisation=form.organisation.data or "",
            relation=Relation(form.relation.data),
            by=actor(),
        )
    except Incomplete as error:
        form.blame(error)
        return _page(proposal, form), 422
    flash(gettext("%(name)s is on the team.", name=member.name), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id))


def _page(proposal: Proposal, form: MemberForm) -> str:
    known = progress(proposal, actor())
    members = [(member, tr(RELATIONS[member.relation])) for member in proposal.team]
    return render_template(
        "faculty/edit/team.html",
        proposal=proposal,
        part=known.part("team"),
        progress=known,
        form=form,
        members=members,
        ruling=may(actor(), Action.PROPOSAL_TEAM, proposal),
        rules={rule.code: rule for rule in proposal.call.rules},
        once=request.form.get("once") or secrets.token_urlsafe(16),
    )


@door(
    faculty,
    "/proposals/<id:proposal_id>/team/<id:member_id>/remove",
    Action.PROPOSAL_TEAM,
    with_member,
    methods=["GET", "POST"],
)
def leave(proposal: Proposal, member: TeamMember) -> ResponseReturnValue:
    """Ask, then take somebody off the team."""
    if request.method == "GET":
        return render_template("faculty/edit/leave.html", proposal=proposal, member=member)
    name = member.name
    remove_member(proposal, member, by=actor())
    flash(gettext("%(name)s is not on the team any more.", name=name), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id))
