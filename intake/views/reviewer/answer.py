"""A reviewer answers on their own page what they are asked; later they may still say no, or yes after all."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.extensions import db
from intake.policy import accepted_by
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.review import answering, coming_back
from intake.review.by_link import told
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.views.display import tr
from intake.views.faces import names_applicants
from intake.views.gate import SAFE, actor, door
from intake.views.reviewer import reviewer
from intake.views.reviewer.answer_forms import Answers, act, answers
from intake.views.reviewer.ended import assigned
from intake.views.reviewer.place import place_of, rendered_key
from intake.vocabulary import Action


@door(
    reviewer,
    "/reviews/<id:proposal_id>/answer",
    Action.PROPOSAL_VIEW_AS_REVIEWER,
    assigned,
    methods=["GET", "POST"],
    once=True,
)
def answer(proposal: Proposal) -> ResponseReturnValue:
    """What is asked, with the buttons; who has accepted may say no until their review is submitted."""
    if request.method == "GET":
        return asked_page(proposal)
    given, number = answers(), proposal.id
    try:
        done = act(given, proposal, actor())
    except Incomplete as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
        return redirect(url_for("reviewer.answer", proposal_id=number))
    if done is None:
        return asked_page(proposal, given), 422
    flash(done, "error" if given.ended else "success")
    accepted = given.sent == "accept" and not given.ended
    return redirect(url_for("reviewer.review", proposal_id=number) if accepted else url_for("reviewer.queue"))


def asked_page(proposal: Proposal, given: Answers | None = None) -> str:
    """Title, abstract and, where the call names applicants, the team; and the answers that can be given."""
    place = place_of(proposal)
    return render_template(
        "reviewer/review/answer.html",
        proposal=proposal,
        assignment=place.assignment,
        accepted=accepted_by(actor(), proposal),
        answers=given or answers(),
        names=names_applicants(actor(), proposal),
        place=place,
        once=rendered_key(),
    )


def _own_no(assignment_id: int) -> tuple[Proposal, Assignment] | None:
    """The actor's own answer that was a no, with its proposal, locked where it is changed; None for anybody else's."""
    row = db.session.get(Assignment, assignment_id)
    if row is None or row.reviewer_id != actor().id:
        return None
    proposal = one(row.proposal_id, for_update=request.method not in SAFE)
    found = next((each for each in proposal.assignments if each.id == assignment_id), None) if proposal else None
    return (proposal, found) if proposal is not None and found is not None else None


@door(
    reviewer,
    "/reviews/answers/<id:assignment_id>",
    Action.AREA_REVIEWS,
    _own_no,
    methods=["GET", "POST"],
    once=True,
)
def own_answer(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """What one said, without the title; and the button to accept after all, while that is possible."""
    if row.answer not in SAID_NO:
        return redirect(url_for("reviewer.queue"))
    if request.method == "POST":
        return _after_all(proposal, row)
    return render_template(
        "reviewer/answered.html",
        proposal=proposal,
        assignment=row,
        said=told(row),
        why_not=coming_back.why_not_again(proposal, row, actor()),
        once=rendered_key(),
    )


def _after_all(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    number, assignment_id = proposal.id, row.id
    try:
        answering.accept_again(proposal, row, by=actor())
    except Incomplete as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
        return redirect(url_for("reviewer.own_answer", assignment_id=assignment_id))
    flash(gettext("You review it after all. What you wrote before is back."), "success")
    return redirect(url_for("reviewer.review", proposal_id=number))
