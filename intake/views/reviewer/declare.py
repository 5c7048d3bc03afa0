"""The declaration that stands before the full text."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conflict.operations import declare as record_declaration
from intake.proposal.models import Proposal
from intake.review.answering import declare as leave
from intake.views.faces import names_applicants
from intake.views.gate import actor, door
from intake.views.reviewer import reviewer
from intake.views.reviewer.ended import assigned
from intake.views.reviewer.forms import ConflictForm
from intake.views.reviewer.place import place_of, rendered_key
from intake.vocabulary import Action, ConflictKind


@door(
    reviewer,
    "/reviews/<id:proposal_id>/declare",
    Action.PROPOSAL_VIEW_AS_REVIEWER,
    assigned,
    methods=["POST"],
    once=True,
    ask_on_post=Action.PROPOSAL_DECLARE,
)
def declare(proposal: Proposal) -> ResponseReturnValue:
    """No conflict opens the text; a conflict ends the access at once."""
    if request.form.get("declared") == "none":
        record_declaration(proposal, None, "", by=actor())
        flash(gettext("You declared no conflict of interest. The full text is open to you now."), "success")
        return redirect(url_for("reviewer.review", proposal_id=proposal.id))
    form = ConflictForm()
    if not form.validate():
        return before(proposal, form), 422
    leave(proposal, ConflictKind(str(form.kind.data)), form.note.data or "", by=actor())
    flash(
        gettext(
            "Thank you. Your conflict with %(number)s is noted and the office is told; "
            "the proposal is no longer open to you.",
            number=proposal.number,
        ),
        "success",
    )
    return redirect(url_for("reviewer.queue"))


def before(proposal: Proposal, form: ConflictForm | None = None) -> str:
    """What a reviewer reads before declaring: number, title, abstract, and the team where the call names it."""
    return render_template(
        "reviewer/review/declare.html",
        proposal=proposal,
        form=form or ConflictForm(formdata=None),
        names=names_applicants(actor(), proposal),
        place=place_of(proposal),
        once=rendered_key(),
    )
