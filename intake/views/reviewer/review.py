"""A proposal beside the review that its reader writes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.decision.letters import VERDICTS
from intake.decision.queries import of_proposal as decisions_of
from intake.endorsement.queries import standing as endorsement_of
from intake.errors import Incomplete, Stale
from intake.policy import RELEASED, accepted_by, declared_by, may, own_review_submitted
from intake.proposal.models import Proposal
from intake.proposal.queries import last_received
from intake.proposal.telling import held_for
from intake.review import queries, writing
from intake.review.models import Assignment
from intake.review.queries import own, with_criteria
from intake.views.display import tr, written
from intake.views.faces import names_applicants, reviewer_name
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door
from intake.views.reviewer import reviewer
from intake.views.reviewer.answer import asked_page
from intake.views.reviewer.declare import before
from intake.views.reviewer.ended import assigned, typed
from intake.views.reviewer.files import audience, shown_files
from intake.views.reviewer.forms import RECOMMENDATIONS, SCORE, ConflictForm, holds, review_form, strangers, written_in
from intake.views.reviewer.place import place_of, rendered_key
from intake.vocabulary import Action, Declared, ReviewState


@door(
    reviewer,
    "/reviews/<id:proposal_id>",
    Action.PROPOSAL_VIEW_AS_REVIEWER,
    assigned,
    methods=["GET", "POST"],
)
def review(proposal: Proposal) -> ResponseReturnValue:
    """The declaration first; then the text with the form, or with the review that was submitted.

    A form sent twice needs no one-time key: the version finds it, and the same words again count as saved. (A key would
    lose the words of somebody who went back in the browser and wrote on.)
    """
    if not accepted_by(actor(), proposal):
        return asked_page(proposal), 200 if request.method in SAFE else 403
    if request.method == "POST":
        return _sent(proposal)
    if declared_by(actor(), proposal) is Declared.UNKNOWN:
        return before(proposal)
    return _page(proposal, *_mine(proposal), form=None)


def _mine(proposal: Proposal) -> tuple[Assignment, Call]:
    """The actor's assignment and the call with its criteria. Statements: 3 or 4."""
    mine = own(proposal, actor())
    assert mine is not None
    return mine, with_criteria(proposal)


def _sent(proposal: Proposal) -> ResponseReturnValue:
    """Save or submit what was sent; where that cannot be, show it again with the reason."""
    mine, call = _mine(proposal)
    if not may(actor(), Action.PROPOSAL_REVIEW, proposal):
        return _too_late(proposal, mine, call)
    form = review_form(call, None)
    good = form.validate()
    if strangers(call):
        form.form_errors.append(gettext("A score was sent for a criterion that is not one of this call."))
        good = False
    if not good:
        return _page(proposal, mine, call, form=form), 422
    submitting = request.form.get("and") == "submit"
    verb = writing.submit if submitting else writing.save
    try:
        made = verb(proposal, mine, call, written_in(form, call), version=sent_version(), by=actor())
    except Incomplete as error:
        form.blame(error)
        return _page(proposal, mine, call, form=form), 422
    except Stale:
        if not submitting and holds(mine.review, written_in(form, call)):
            return redirect(_onwards(proposal))
        return _page(proposal, mine, call, form=form, stale=True), 409
    if submitting:
        flash(gettext("Your review of %(number)s is submitted. Thank you.", number=proposal.number), "success")
    else:
        flash(gettext("Saved at %(when)s.", when=written(made.saved_at)), "success")
    return redirect(_onwards(proposal))


def _onwards(proposal: Proposal) -> str:
    here = url_for("reviewer.review", proposal_id=proposal.id)
    if request.form.get("and") != "next":
        return here
    return place_of(proposal).next_open or url_for("reviewer.queue")


def _too_late(proposal: Proposal, mine: Assignment, call: Call) -> ResponseReturnValue:
    """The review takes nothing any more: why, what was sent, and what stands."""
    ruling = may(actor(), Action.PROPOSAL_REVIEW, proposal)
    form = review_form(call, None)
    if request.form.get("and") == "submit" and form.validate() and holds(mine.review, written_in(form, call)):
        return redirect(url_for("reviewer.review", proposal_id=proposal.id))
    kept = typed(proposal)
    stands = mine.review if own_review_submitted(actor(), proposal) else None
    page = render_template(
        "reviewer/review/too_late.html",
        proposal=proposal,
        call=call,
        reason=tr(ruling.reason),
        kept=kept,
        stands=stands,
        recommendations=RECOMMENDATIONS,
        scores=_scores(stands),
    )
    return page, 409


def _page(proposal: Proposal, mine: Assignment, call: Call, *, form: Any, stale: bool = False) -> str:
    """The two columns. ``form`` is what was sent and not saved, if anything; ``stale`` shows what was saved since."""
    ruling = may(actor(), Action.PROPOSAL_REVIEW, proposal)
    held = mine.review
    if form is None:
        form = review_form(call, held)
    elif not stale and sent_version() != (held.version if held else 0):
        stale = True
    _mark_needed(form, call)
    reads = may(actor(), Action.PROPOSAL_READ_REVIEWS, proposal)
    return render_template(
        "reviewer/review/review.html",
        proposal=proposal,
        call=call,
        names=names_applicants(actor(), proposal),
        files=shown_files(proposal),
        endorsement=endorsement_of(proposal.id),
        more=held_for(last_received(proposal), audience(proposal)),
        place=place_of(proposal),
        ruling=ruling,
        form=form,
        own=held,
        scores=_scores(held),
        stale=stale,
        made_from=held.version if held else 0,
        once=rendered_key(),  # of the form that declares a conflict
        conflict=ConflictForm(formdata=None),
        recommendations=RECOMMENDATIONS,
        reads_others=reads,
        others=_others(proposal) if reads else [],
        decision=_decision(proposal, mine),
        verdicts=VERDICTS,
        SCORE=SCORE,
    )


def _mark_needed(form: Any, call: Call) -> None:
    """A submitted review needs these, so the page does not call them optional."""
    for name in (*(f"{SCORE}{each.id}" for each in call.criteria), "recommendation", "for_applicant"):
        form[name].flags.required = True


def _scores(review: Any) -> dict[int, int]:
    return {each.criterion_id: each.value for each in review.scores} if review else {}


def _others(proposal: Proposal) -> list[dict[str, Any]]:
    """The other submitted reviews, each under the name that the actor may read. Statements: 2."""
    rows = queries.of_proposal(proposal)
    return [
        {"name": reviewer_name(actor(), proposal, row, place), "review": row.review, "scores": _scores(row.review)}
        for place, row in enumerate(rows)
        if row.removed_at is None
        and row.reviewer_id != actor().id
        and row.review is not None
        and row.review.state is ReviewState.SUBMITTED
    ]


def _decision(proposal: Proposal, mine: Assignment) -> Any:
    """The decision as far as the actor may know it: the lead, who recorded it, at once; the others once it is released.
    Statements: 1."""
    standing = [each for each in decisions_of(proposal) if each.reopened_at is None]
    if not standing:
        return None
    newest = standing[-1]
    known = newest.released_at is not None and proposal.state in RELEASED
    return newest if known or (mine.lead and newest.recorded_by_id == actor().id) else None
