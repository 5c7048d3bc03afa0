"""One's own proposals, and the start of a new one."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from intake.conversation.queries import unread_of_team
from intake.opening import told_close
from intake.policy import membership_of
from intake.proposal.models import Proposal
from intake.proposal.queries import of_applicant
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.telling import GROUPS, RELATIONS, group_of, label_of, told_of
from intake.views.gate import actor, door
from intake.vocabulary import Action, State, TeamAnswer


@door(faculty, "/proposals", Action.AREA_PROPOSALS)
def proposals() -> ResponseReturnValue:
    """Every proposal on whose team the person is, in three groups."""
    rows: dict[str, list[dict[str, object]]] = {group: [] for group in GROUPS}
    unread = unread_of_team(actor())
    for proposal in of_applicant(actor()):
        mine = membership_of(actor(), proposal)
        rows[group_of(proposal)].append(
            {
                "proposal": proposal,
                "label": label_of(proposal),
                "told": told_of(proposal),
                "relation": tr(RELATIONS[mine.relation]) if mine else "",
                "invited": mine is not None and mine.answer is TeamAnswer.INVITED,
                "due": _due(proposal),
                "unread": unread.get(proposal.id, 0),
            }
        )
    groups = [(group, tr(words), rows[group]) for group, words in GROUPS.items() if rows[group]]
    return render_template("faculty/proposals/list.html", groups=groups)


def _due(proposal: Proposal) -> datetime | None:
    """When the team must be done, or None where nothing is due."""
    if proposal.state is State.RETURNED:
        return proposal.returned_until
    return told_close(proposal.call, proposal) if proposal.state is State.DRAFT else None
