"""One's own proposals, and the start of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conversation.queries import unread_of_team
from intake.match.referring import waiting_of
from intake.meeting.queries import to_answer
from intake.opening import told_close
from intake.policy import ENDED, membership_of, relation_of
from intake.proposal.models import Proposal
from intake.proposal.queries import of_applicant
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.telling import GROUPS, RELATIONS, group_of, label_of, told_of
from intake.views.gate import actor, door
from intake.vocabulary import Action, Relation, State, TeamAnswer


@door(faculty, "/proposals", Action.AREA_PROPOSALS)
def proposals() -> ResponseReturnValue:
    """Every proposal on whose team the person is, in three groups, under what waits for their answer. Statements: 5."""
    rows: dict[str, list[dict[str, object]]] = {group: [] for group in GROUPS}
    unread = unread_of_team(actor())
    mine_all = of_applicant(actor())
    for proposal in mine_all:
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
    return render_template("faculty/proposals/list.html", groups=groups, waits=_waits(mine_all))


def _waits(proposals: Sequence[Proposal]) -> list[tuple[str, str]]:
    """What waits for the person's answer, beside invitations to a team: in words, with its address. Statements: 2."""
    led = [each for each in proposals if relation_of(actor(), each) is Relation.PRINCIPAL]
    referable = [each.id for each in led if each.state in ENDED or each.call.standing]
    offers = [
        (
            gettext(
                "%(call)s is offered to “%(title)s”: say yes or no",
                call=each.call.title,
                title=each.proposal.title or each.proposal.title_zh,
            ),
            url_for("faculty.referrals", proposal_id=each.proposal_id),
        )
        for each in waiting_of(referable)
    ]
    meetings = [
        (
            gettext("Meeting “%(title)s”: say which times suit you", title=each.title),
            url_for("meeting.page", meeting_id=each.id),
        )
        for each in to_answer(actor())
    ]
    return meetings + offers


def _due(proposal: Proposal) -> datetime | None:
    """When the team must be done, or None where nothing is due."""
    if proposal.state is State.RETURNED:
        return proposal.returned_until
    return told_close(proposal.call, proposal) if proposal.state is State.DRAFT else None
