"""The start of a proposal: from nothing, or with the answers of an earlier one of one's own."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake.call import queries as calls
from intake.call.models import Call
from intake.form.definition import Page, label_in
from intake.people import queries as people
from intake.policy import may
from intake.proposal.answers import form_of
from intake.proposal.carrying import plan, start_from, to_begin_with
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.proposal.writing import start as start_draft
from intake.views.faculty import faculty
from intake.views.faculty.progress import section_url
from intake.views.gate import actor, door
from intake.views.language import language
from intake.views.shell import office
from intake.vocabulary import Action


@door(faculty, "/calls/<code>/start", Action.CALL_PROPOSE, calls.public_one, methods=["POST"], once=True)
def start(call: Call) -> ResponseReturnValue:
    """Begin a draft and open its first section."""
    return redirect(first_page(start_draft(call, by=actor(), organisation=organisation())))


@door(
    faculty,
    "/calls/<code>/start-from",
    Action.CALL_PROPOSE,
    calls.public_one,
    methods=["GET", "POST"],
    once=True,
    name="start_from",
)
def begin_from(call: Call) -> ResponseReturnValue:
    """Choose an earlier proposal, see what would be carried over, and begin with it."""
    earlier = to_begin_with(actor())
    source = _chosen(request.values.get("from", 0, type=int))
    offered = plan(source, call) if source else None
    if request.method == "POST" and source and offered:
        known = {each.question.key for each in offered.carried}
        keys = known & set(request.form.getlist("carry"))
        draft = start_from(source, call, keys, by=actor(), organisation=organisation())
        words = ngettext("%(num)s answer was carried over.", "%(num)s answers were carried over.", len(keys))
        flash(f"{words} {gettext('Read them once more: this call may ask for something else.')}", "success")
        return redirect(first_page(draft))
    page = render_template(
        "faculty/proposals/start_from.html",
        call=call,
        earlier=earlier,
        source=source,
        plan=offered,
        labels={each.key: label_in(each.label, language()) for each in form_of(source).questions} if source else {},
        label=lambda question: label_in(question.label, language()),
        once=secrets.token_urlsafe(16),
    )
    return page, 422 if request.method == "POST" else 200


def _chosen(proposal_id: int) -> Proposal | None:
    """The earlier proposal that was chosen, if it is one that its reader may begin from."""
    if not any(each.id == proposal_id for each in to_begin_with(actor())):
        return None
    found = whole(proposal_id)
    return found if found is not None and may(actor(), Action.PROPOSAL_VIEW_AS_TEAM, found) else None


def organisation() -> str:
    """What stands beside the principal investigator's name: the department, the organisation, or the institution."""
    person = people.one(actor().id or 0)
    department = person.department.name if person and person.department else ""
    return department or (person.organisation if person else "") or office().institution


def first_page(draft: Proposal) -> str:
    """The first section that asks something."""
    proposal = whole(draft.id)
    assert proposal is not None
    sections = form_of(proposal).sections
    first = next((each for each in sections if each.page is Page.QUESTIONS and each.questions), sections[0])
    return section_url(proposal, first)
