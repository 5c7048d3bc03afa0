"""A supervisor answers with the link of their letter whether they endorse a proposal; no account is needed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.endorsement.models import Endorsement
from intake.endorsement.operations import answer
from intake.endorsement.queries import behind_link
from intake.errors import Incomplete, Refused
from intake.policy import not_open_for
from intake.proposal import queries
from intake.proposal.models import Proposal
from intake.views.display import tr
from intake.views.fields import Form, Paragraph, Picked
from intake.views.gate import SAFE, door
from intake.views.public import public
from intake.views.public.team_answer import LONGEST_TOKEN, dead_link
from intake.vocabulary import Action, Limit, State, say

OVER = say("It was taken back, a newer one was sent, or it is not whole. Ask the applicant to send it again.")
WITHDRAWN = say("The proposal was withdrawn, so nothing is asked of you any more.")


class EndorsementForm(Form):
    """Whether the supervisor endorses it, and why."""

    endorsed = Picked(
        lazy_gettext("Your answer"),
        choices=[("yes", lazy_gettext("I endorse it")), ("no", lazy_gettext("I do not endorse it"))],
    )
    statement = Paragraph(lazy_gettext("Statement"), Limit.REASON)


@door(public, "/endorse/<token>", Action.PUBLIC, methods=["GET", "POST"])
def endorse(token: str) -> ResponseReturnValue:
    """Title, applicant and abstract, and the form; once the proposal is submitted, what was answered. Of one that was
    withdrawn nothing is told until it is taken up again."""
    given, proposal = _behind(token)
    if given is None or proposal is None:
        return dead_link(OVER, 404)
    if proposal.state is State.WITHDRAWN:
        return dead_link(WITHDRAWN, 410)
    form = EndorsementForm(data=_standing(given))
    if request.method == "POST" and form.validate():
        try:
            answer(token, proposal, form.endorsed.data == "yes", form.statement.data)
            flash(gettext("Thank you. The applicant was told."), "success")
            return redirect(url_for("public.endorse", token=token))
        except Incomplete as error:
            form.blame(error)
        except Refused as error:
            flash(tr(error.reason), "error")
    html = render_template(
        "public/endorse.html",
        token=token,
        given=given,
        proposal=proposal,
        closed=not_open_for(proposal),
        form=form,
        page_address="",
    )
    return html, 422 if request.method == "POST" else 200


def _behind(token: str) -> tuple[Endorsement | None, Proposal | None]:
    """The request and its proposal, locked where the answer may change."""
    known = behind_link(token) if token.isascii() and len(token) <= LONGEST_TOKEN else None
    if known is None:
        return None, None
    proposal = queries.one(known.proposal_id, for_update=request.method not in SAFE)
    return behind_link(token), proposal


def _standing(given: Endorsement) -> dict[str, str | None]:
    if given.endorsed is None:
        return {}
    return {"endorsed": "yes" if given.endorsed else "no", "statement": given.statement}
