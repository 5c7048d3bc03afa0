"""Somebody who was asked to review answers with the link of their letter; no account is needed.

The link is the proof of one invitation. It is no sign-in: it opens nothing else, and somebody who is signed in as
another person is shown nothing.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.review.by_link import Invitation, behind, locked
from intake.review.coming_back import why_not_again
from intake.views.display import tr
from intake.views.gate import actor, door
from intake.views.public import public
from intake.views.public.team_answer import dead_link
from intake.views.reviewer.answer_forms import Answers, act, answers
from intake.vocabulary import Action, ReviewerAnswer, say

UNKNOWN = say("It was taken back, a newer one was sent, or it is not whole. Ask the office that wrote to you.")
SOMEBODY_ELSE = say("You are signed in as somebody else than this link was sent to. Sign out to answer with it.")


@door(public, "/invited/<token>", Action.PUBLIC, methods=["GET", "POST"])
def invited(token: str) -> ResponseReturnValue:
    """What is asked, with the buttons. Only a POST writes."""
    found = behind(token)
    if found is None:
        return dead_link(UNKNOWN, 404)
    if actor().id is not None and actor().id != found.person.id:
        return dead_link(SOMEBODY_ELSE, 403)
    if request.method == "POST":
        return _answered(token)
    if found.over is not None:
        return _over(found)
    return _page(token, found, answers())


def _answered(token: str) -> ResponseReturnValue:
    """Do what the pressed button says, as the reviewer whom the link was sent to."""
    given = answers()
    try:
        found = locked(token)
        done = act(given, found.proposal, found.actor)
    except Incomplete as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
        return redirect(url_for("public.invited", token=token))
    except Refused:  # it ended while they were reading
        db.session.rollback()
        return redirect(url_for("public.invited", token=token))
    if done is None:
        return _page(token, found, given), 422
    flash(done, "error" if given.ended else "success")
    return redirect(url_for("public.invited", token=token))


def _page(token: str, found: Invitation, given: Answers) -> str:
    """Title and abstract, the team where the call names applicants, and the answers."""
    return render_template(
        "public/invited.html",
        token=token,
        proposal=found.proposal,
        assignment=found.assignment,
        person=found.person,
        names=bool(found.proposal.call.applicants_named),
        answers=given,
        page_address="",
    )


def _over(found: Invitation) -> ResponseReturnValue:
    """What was answered, or why nothing is asked any more; signed in they may go on, or change the answer while they
    can."""
    assert found.over is not None
    row = found.assignment
    page = ""
    if row.answer is ReviewerAnswer.ACCEPTED and row.removed_at is None:
        page = url_for("reviewer.review", proposal_id=row.proposal_id)
    elif found.answered and why_not_again(found.proposal, row, found.actor) is None:
        page = url_for("reviewer.own_answer", assignment_id=row.id)
    waits = bool(page) and not found.person.password_hash
    html = render_template(
        "public/invited_over.html",
        words=tr(found.over),
        page=page,
        own=actor().id == found.person.id,
        accepted=row.answer is ReviewerAnswer.ACCEPTED,
        account=waits,
        page_address="",
    )
    return html, 410
