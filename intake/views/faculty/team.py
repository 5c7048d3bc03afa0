"""The team of a proposal: only its principal investigator invites people, invites them again, and removes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.endorsement.queries import asks_for_endorsement
from intake.endorsement.queries import standing as endorsement_of
from intake.errors import Incomplete
from intake.policy import may
from intake.proposal.handing_over import candidates, waiting_of
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.team import LASTS, add_member, invite_again, remove_member
from intake.proposal.team_checks import owes_confirmation
from intake.views.display import tr, written
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole, with_member
from intake.views.faculty.progress import progress
from intake.views.faculty.team_forms import MemberForm, SupervisorForm
from intake.views.faculty.telling import RELATIONS
from intake.views.fields import Form
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Relation, TeamAnswer


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the page lists them: ``again`` is what another letter to them would do, if one makes sense."""

    member: TeamMember
    relation: str
    answer: str
    again: str | None


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/team",
    Action.PROPOSAL_VIEW_AS_TEAM,
    whole,
    methods=["GET", "POST"],
    once=True,
    ask_on_post=Action.PROPOSAL_TEAM,
    name="team",
)
def show_or_add(proposal: Proposal) -> ResponseReturnValue:
    """Who is on it, and the form to invite somebody."""
    form = MemberForm()
    if request.method == "GET":
        return team_page(proposal, form)
    if not form.validate():
        return team_page(proposal, form), 422
    try:
        member, _ = add_member(
            proposal,
            name=form.name.data or "",
            email=form.email.data or "",
            organisation=form.organisation.data or "",
            orcid=form.orcid.data or "",
            relation=Relation(form.relation.data),
            by=actor(),
        )
    except Incomplete as error:
        form.blame(error)
        return team_page(proposal, form), 422
    flash(gettext("%(name)s is invited by mail.", name=member.name), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id))


def team_page(proposal: Proposal, form: Form | None = None, supervisor: Form | None = None) -> str:
    """The page of the team, with a form as it was sent where it is shown again. Statements: at most 3, and those
    of ``progress``."""
    known = progress(proposal, actor())
    part = known.part("team")
    later = list(known.parts)[list(known.parts).index(part) + 1 :]
    return render_template(
        "faculty/edit/team.html",
        proposal=proposal,
        part=part,
        following=later[0] if later else None,
        progress=known,
        form=form or MemberForm(formdata=None),
        rows=[_row(proposal, member) for member in proposal.team],
        ruling=may(actor(), Action.PROPOSAL_TEAM, proposal),
        once=one_time_key(),
        **_handing_over(proposal),
        **_endorsing(proposal, supervisor),
    )


def _handing_over(proposal: Proposal) -> dict[str, Any]:
    """The request that waits, and whether there is anybody to hand over to; only for who may ask."""
    ruling = may(actor(), Action.PROPOSAL_HAND_OVER, proposal)
    asked = waiting_of(proposal) if ruling else None
    able = bool(candidates(proposal)) if ruling and asked is None else False
    return {"handing_over": ruling, "handover": asked, "able": able}


def _endorsing(proposal: Proposal, form: Form | None) -> dict[str, Any]:
    """The supervisor's endorsement, where the call asks for one."""
    if not asks_for_endorsement(proposal):
        return {"endorsing": False}
    return {
        "endorsing": True,
        "endorsement": endorsement_of(proposal.id),
        "asking": may(actor(), Action.PROPOSAL_SUBMIT, proposal),
        "supervisor_form": form or SupervisorForm(formdata=None),
    }


def _row(proposal: Proposal, member: TeamMember) -> Row:
    again = None
    if member.answer is not TeamAnswer.ACCEPTED:
        again = gettext("Invite again")
    elif owes_confirmation(proposal, member):
        again = gettext("Ask to confirm")
    return Row(member, tr(RELATIONS[member.relation]), _answer(proposal, member), again)


def _answer(proposal: Proposal, member: TeamMember) -> str:
    """What they said to the invitation, in words."""
    if member.relation is Relation.PRINCIPAL:
        return ""
    if member.answer is TeamAnswer.DECLINED:
        return gettext("Declined")
    if member.answer is TeamAnswer.INVITED:
        if member.invited_at is None or clock.now() >= member.invited_at + LASTS:
            return gettext("Did not answer; the link is over")
        return gettext("Invited, until %(until)s", until=written(member.invited_at + LASTS))
    if owes_confirmation(proposal, member):
        return gettext("Accepted, has not confirmed")
    if proposal.call.team_confirms and member.confirmed_at is not None:
        return gettext("Confirmed")
    return gettext("Accepted")


@door(
    faculty,
    "/proposals/<id:proposal_id>/team/<id:member_id>/invite",
    Action.PROPOSAL_TEAM,
    with_member,
    methods=["POST"],
    once=True,
)
def invite(proposal: Proposal, member: TeamMember) -> ResponseReturnValue:
    """Send another letter: an invitation, or a request to confirm."""
    invite_again(proposal, member, by=actor())
    flash(gettext("%(name)s gets another letter; an older link is dead.", name=member.name), "success")
    return redirect(url_for("faculty.team", proposal_id=proposal.id))


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
