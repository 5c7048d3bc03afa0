"""Search over every proposal that the person may see, whatever their role: the same rows that the policy allows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from intake.policy import may
from intake.proposal.letters import page_of_office, page_of_team
from intake.proposal.models import Proposal
from intake.proposal.queries import found_by
from intake.views.display import state_label
from intake.views.faculty.telling import label_of, told_of
from intake.views.gate import actor, door
from intake.views.typed import without_unkeepable
from intake.vocabulary import Action, State

search = Blueprint("search", __name__)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal as this viewer may read it; a sponsor contact gets title and number only."""

    title: str
    number: str | None
    url: str
    state: State | None = None
    label: str = ""
    call: str = ""


@door(search, "/search", Action.SIGNED_IN)
def results() -> ResponseReturnValue:
    """Proposals whose number, title, keywords or abstract hold the words, newest first."""
    words = " ".join(without_unkeepable(request.args.get("q", "")).split())[:200]
    found = found_by(actor(), words, SHOWN + 1) if words else []
    rows = [row for row in map(_row, found[:SHOWN]) if row is not None]
    return render_template("search/results.html", words=words, rows=rows, more=len(found) > SHOWN, most=SHOWN)


def _row(proposal: Proposal) -> Row | None:
    """The line of a proposal, leading to the page that this viewer has of it. Statements: none."""
    who = actor()
    title = proposal.title or proposal.title_zh
    if may(who, Action.PROPOSAL_VIEW_AS_TEAM, proposal):
        page, state, label = page_of_team(proposal), told_of(proposal), label_of(proposal)
    elif may(who, Action.PROPOSAL_VIEW_AS_OFFICE, proposal):
        page, state, label = page_of_office(proposal), proposal.state, state_label(proposal.state)
    elif may(who, Action.PROPOSAL_VIEW_AS_REVIEWER, proposal):
        page, state, label = f"/reviews/{proposal.id}", told_of(proposal), label_of(proposal)
    elif may(who, Action.PROPOSAL_VIEW_AS_SPONSOR, proposal):
        return Row(title, proposal.number, f"/packets/{proposal.id}")
    else:
        return None
    return Row(title, proposal.number, page, state, label, proposal.call.title)
