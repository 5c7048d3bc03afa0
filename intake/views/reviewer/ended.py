"""A form that comes back after the reviewer's access has ended: nothing is saved, and the words are not lost."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Refused
from intake.extensions import db
from intake.policy import Actor, conflict_of, may
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.review.queries import with_criteria
from intake.views.display import tr
from intake.views.gate import SAFE, actor
from intake.views.reviewer import reviewer
from intake.views.reviewer.forms import SCORE, TEXTS, labels
from intake.views.typed import without_unkeepable
from intake.vocabulary import Action, Words, say


class Ended(Refused):
    """The actor reviewed this proposal and does so no longer."""

    def __init__(self, reason: Words, proposal: Proposal) -> None:
        super().__init__(reason)
        self.proposal = proposal


def assigned(proposal_id: int) -> Proposal | None:
    """The proposal with all that the policy reads; locked where the request changes something.

    Raises Ended for a form of somebody whose assignment was taken back while they had it open: they knew of the
    proposal, so they are told the reason. Looking again answers as if it did not exist.
    """
    changing = request.method not in SAFE
    proposal = one(proposal_id, for_update=changing)
    if changing and proposal is not None:
        _stop_if_ended(actor(), proposal)
    return proposal


def _stop_if_ended(who: Actor, proposal: Proposal) -> None:
    if who.id is None or may(who, Action.PROPOSAL_VIEW_AS_REVIEWER, proposal):
        return
    if any(row.reviewer_id == who.id for row in proposal.assignments):
        taken_back = say("You no longer review this proposal: it was taken back while your page was open.")
        raise Ended(conflict_of(who, proposal) or taken_back, proposal)


@reviewer.errorhandler(Ended)
def ended(error: Ended) -> ResponseReturnValue:
    """Nothing was saved, why, and what was typed, for copying."""
    kept = typed(error.proposal)
    db.session.rollback()
    page = render_template(
        "errors/error.html",
        status=403,
        title=gettext("You no longer review this proposal"),
        sentence=tr(error.reason),
        way_out=[(gettext("Go to your queue"), url_for("reviewer.queue"))],
        kept=kept,
    )
    return page, 403


def typed(proposal: Proposal) -> list[tuple[str, str]]:
    """What the form that was sent holds, each text under its label; the scores in one text. Statements: 0 or 2."""
    said = labels()
    rows = [
        (str(said[name]), without_unkeepable(text)) for name in TEXTS if (text := request.form.get(name, "").strip())
    ]
    names = [name for name in request.form if name.startswith(SCORE)]
    if names:
        criteria = {f"{SCORE}{each.id}": each.name for each in with_criteria(proposal).criteria}
        lines = [f"{criteria[name]}: {request.form[name][:20]}" for name in names if name in criteria]
        rows += [(gettext("Scores"), without_unkeepable("\n".join(lines)))] if lines else []
    return rows
