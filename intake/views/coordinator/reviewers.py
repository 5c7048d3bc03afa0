"""Reviewers of one proposal: forwarding it to them, adding, nudging, taking off, putting back, reopening, recalling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake.notification.operations import preview
from intake.people.operations import invite_reviewer
from intake.policy import may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.rulebook import unmet_now
from intake.review import letters, operations, writing
from intake.review.models import Assignment
from intake.review.operations import Asked
from intake.review.queries import of_proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, in_days, pressed, shown, to_change, tried
from intake.views.coordinator.board import words as board_words
from intake.views.coordinator.candidates import candidates
from intake.views.coordinator.forms import AllTheSame, AskedOne, AskedSeveral, Invited, Reasoned, asking
from intake.views.display import tr
from intake.views.faces import reviewer_name
from intake.views.fields import Form
from intake.views.gate import actor, door
from intake.vocabulary import Action, PairingState, State

DAYS_TO_REVIEW = 21
DAYS_TO_ANSWER = 7
_PATH = "/desk/proposals/<id:proposal_id>"
_ONE = f"{_PATH}/reviewers/<id:assignment_id>"


def _offered(proposal: Proposal, kind: type[AskedOne] | type[AskedSeveral]) -> Any:
    rows = candidates(proposal, seen_by=actor())
    people = [(row.person.id, row.person.name) for row in rows]
    given: dict[str, Any] = {"due_at": in_days(DAYS_TO_REVIEW), "ask_first": True, "reply_by": in_days(DAYS_TO_ANSWER)}
    if kind is AskedSeveral:
        matched = [row for row in rows if row.state is PairingState.MATCHED and not row.blocked]
        given["reviewers"] = [str(row.person.id) for row in matched]
    form = asking(kind, (row.person.id for row in rows if row.warned), people, **given)
    if isinstance(form, AskedSeveral):
        form.reviewers.when_none = tr(operations.too_few(proposal.call.reviews_needed))
    return form


def _why(form: Form, person_id: int) -> str:
    name = f"why_{person_id}"
    return form[name].data or "" if name in form else ""


def _chosen(proposal: Proposal, form: AskedOne | AskedSeveral, page: str, **values: Any) -> ResponseReturnValue:
    """The page of those who could be asked, with the letter that they would get."""
    due = form["due_at"].data or in_days(DAYS_TO_REVIEW)
    people = candidates(proposal, seen_by=actor())
    letter, labels = _letter(proposal, due, form.answer_by), board_words()["labels"]
    return shown(page, form, proposal, rows=people, letter=letter, labels=labels, **values)


def _letter(proposal: Proposal, due_at: datetime, reply_by: datetime | None) -> tuple[str, str]:
    row = Assignment(lead=False, due_at=due_at, reply_by=reply_by)
    letter = letters.asked(proposal, row) if reply_by is None else letters.invited(proposal, row, "")
    return preview(letter, gettext("(name)"))


@door(coordinator, f"{_PATH}/forward", Action.PROPOSAL_FORWARD, to_change, methods=["GET", "POST"], once=True)
def forward(proposal: Proposal) -> ResponseReturnValue:
    """Choose reviewers and a lead, and set the due date; decide about rules that are not met any more."""
    form, unmet = _offered(proposal, AskedSeveral), unmet_now(proposal)
    form.fit(unmet)
    if form.validate_on_submit() and form.decided() and form.timed():
        lead, although = form["lead"].data, form.reason_to_go_on
        asked = [Asked(int(each), each == lead, _why(form, int(each))) for each in form["reviewers"].data]
        due, dates = form["due_at"].data, {"reply_by": form.answer_by}
        if tried(
            form,
            proposal,
            lambda: operations.forward(proposal, asked, due, by=actor(), although=although, **dates),
        ):
            done = ngettext("%(num)s reviewer is asked.", "%(num)s reviewers are asked.", len(asked))
            return back(proposal, done, "reviews")
        unmet = unmet_now(proposal)
    return _chosen(proposal, form, "forward", unmet=unmet)


@door(coordinator, f"{_PATH}/assign", Action.PROPOSAL_ASSIGN, to_change, methods=["GET", "POST"], once=True)
def assign(proposal: Proposal) -> ResponseReturnValue:
    """Ask one more reviewer."""
    form = _offered(proposal, AskedOne)
    if form.validate_on_submit() and form.timed():
        number = int(form["reviewers"].data)
        asked, dates = Asked(number, form["lead"].data, _why(form, number)), {"reply_by": form.answer_by}
        if tried(form, proposal, lambda: operations.assign(proposal, asked, form["due_at"].data, by=actor(), **dates)):
            return back(proposal, gettext("One more reviewer is asked."), "reviews")
    return _chosen(proposal, form, "assign")


@door(
    coordinator,
    f"{_PATH}/invite",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def invite(proposal: Proposal) -> ResponseReturnValue:
    """Invite a reviewer from outside by mail; then they can be chosen like any other."""
    page = "forward" if proposal.state is State.MATCHED else "assign"
    chooses = Action.PROPOSAL_FORWARD if page == "forward" else Action.PROPOSAL_ASSIGN
    demand(may(actor(), chooses, proposal))
    form = Invited(data=_suggested(proposal))
    if form.validate_on_submit():
        details = {"organisation": form.organisation.data, "expertise": form.expertise.data}
        if tried(form, proposal, lambda: invite_reviewer(form.email.data, form.name.data, by=actor(), **details)):
            back(proposal, gettext("%(name)s can be chosen as a reviewer now.", name=form.name.data))
            return redirect(url_for(f"coordinator.{page}", proposal_id=proposal.id))
    return shown("invite", form, proposal)


def _suggested(proposal: Proposal) -> dict[str, str]:
    """Name and address of the colleague whom a reviewer suggested, where the address of the page names that
    reviewer's assignment."""
    told = request.args.get("suggested", "")
    row = next((each for each in proposal.assignments if str(each.id) == told and each.passed_to_name), None)
    return {"name": row.passed_to_name, "email": row.passed_to_email} if row else {}


@door(coordinator, f"{_PATH}/recall", Action.PROPOSAL_RECALL, to_change, methods=["GET", "POST"], once=True)
def recall(proposal: Proposal) -> ResponseReturnValue:
    """Take the proposal back from all reviewers, with a reason."""
    form = Reasoned()
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.recall(proposal, form.reason.data, by=actor())
    ):
        return back(proposal, gettext("The reviewers have been told. Forward it anew when it is ready."))
    return shown("recall", form, proposal)


def assigned_one(proposal_id: int, assignment_id: int) -> tuple[Proposal, Assignment] | None:
    """The proposal, as ``to_change`` gives it, with that assignment of its own."""
    proposal = to_change(proposal_id)
    rows = proposal.assignments if proposal else []
    row = next((each for each in rows if each.id == assignment_id), None)
    return (proposal, row) if proposal and row else None


@door(coordinator, f"{_ONE}/nudge", Action.PROPOSAL_ASSIGN, assigned_one, methods=["POST"])
def nudge(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Remind a reviewer."""
    return pressed(
        proposal, lambda: operations.nudge(proposal, row, by=actor()), gettext("The reminder is on its way."), "reviews"
    )


@door(coordinator, f"{_ONE}/lead", Action.PROPOSAL_ASSIGN, assigned_one, methods=["POST"])
def appoint_lead(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Let this reviewer lead."""
    return pressed(
        proposal,
        lambda: operations.appoint_lead(proposal, row, by=actor()),
        gettext("Another reviewer leads now."),
        "reviews",
    )


@door(coordinator, f"{_ONE}/put-back", Action.PROPOSAL_ASSIGN, assigned_one, methods=["POST"])
def put_back(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Undo taking a reviewer off; their review counts again as it was. The button sends no reason: where a warning
    asks for one, its page comes up."""
    form = AllTheSame()
    if form.validate() and tried(
        form, proposal, lambda: operations.put_back(proposal, row, form.reason.data or "", by=actor())
    ):
        return back(proposal, gettext("They review it again; what they wrote is back unchanged."), "reviews")
    if form.reason.errors:
        return _page_of_one("put_back", form, proposal, row)
    for fault in form.form_errors:
        flash(fault, "error")
    return redirect(url_for("coordinator.proposal", proposal_id=proposal.id, tab="reviews"))


@door(coordinator, f"{_ONE}/take-off", Action.PROPOSAL_ASSIGN, assigned_one, methods=["GET", "POST"], once=True)
def take_off(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Take the proposal back from one reviewer, with a reason."""
    return _with_reason("take_off", proposal, row, operations.unassign, gettext("Their access has ended."))


@door(coordinator, f"{_ONE}/reopen", Action.PROPOSAL_ASSIGN, assigned_one, methods=["GET", "POST"], once=True)
def reopen_review(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Let a reviewer change a submitted review."""
    return _with_reason("reopen_review", proposal, row, writing.reopen, gettext("The reviewer can change it now."))


def _with_reason(
    page: str, proposal: Proposal, row: Assignment, act: Callable[..., None], done: str
) -> ResponseReturnValue:
    form = Reasoned()
    if form.validate_on_submit() and tried(form, proposal, lambda: act(proposal, row, form.reason.data, by=actor())):
        return back(proposal, done, "reviews")
    return _page_of_one(page, form, proposal, row)


def _page_of_one(page: str, form: Form, proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    rows = of_proposal(proposal)
    name = reviewer_name(actor(), proposal, row, rows.index(row))
    return shown(page, form, proposal, whom=name)
