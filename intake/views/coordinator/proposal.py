"""One proposal on the desk: its page with tabs, and who can see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.audit.queries import of_subject
from intake.conversation.queries import unread_in
from intake.decision import letters
from intake.decision.queries import of_proposal as decisions_of
from intake.decision.queries import outcomes_of
from intake.desk.open_conflicts import unanswered
from intake.endorsement.queries import standing as endorsement_of
from intake.form.telling import Audience
from intake.forward.operations import INTERESTS
from intake.forward.packing import FIELDS, RELATIONS
from intake.forward.queries import of_proposal as packets_of
from intake.match import referring
from intake.match.queries import of_proposal as matches_of
from intake.people.queries import names
from intake.policy import may
from intake.proposal.models import Move, Proposal
from intake.proposal.queries import moves_of
from intake.proposal.telling import held_for
from intake.review.queries import NONE_ASKED, tallies, with_criteria
from intake.review.queries import of_proposal as assignments_of
from intake.ruling import demand
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import to_read
from intake.views.coordinator.conflicts import conflicts_of
from intake.views.coordinator.insight import insights
from intake.views.coordinator.next_step import next_step, waiting_for
from intake.views.coordinator.progress import progress
from intake.views.coordinator.record import happenings
from intake.views.coordinator.screening import checklist
from intake.views.display import tr, written
from intake.views.gate import actor, door
from intake.views.meeting.about import talks_about
from intake.vocabulary import Action, Side, State
from intake.workflow import PATH, STATES, desk_of

Values = dict[str, Any]


def _text(proposal: Proposal) -> Values:
    return {"match_rows": matches_of(proposal), "more": held_for(proposal.received[-1].content, Audience.OFFICE)}


def _team(proposal: Proposal) -> Values:
    return {"relations": RELATIONS, "endorsement": endorsement_of(proposal.id)}


def _files(proposal: Proposal) -> Values:
    return {"files": [each for each in proposal.attachments if each.removed_at is None]}


def _match(proposal: Proposal) -> Values:
    rows, missing = checklist(proposal)
    offers = referring.standing_of(proposal) if may(actor(), Action.PROPOSAL_REFER, proposal) else []
    return {"matches": matches_of(proposal), "rows": rows, "missing": missing, "offers": offers}


def _reviews(proposal: Proposal) -> Values:
    call = with_criteria(proposal)
    return {
        "progress": progress(proposal, assignments_of(proposal), call, clock.now(), actor()),
        "tally": tallies([proposal.id], clock.now()).get(proposal.id, NONE_ASKED),
        "criteria": call.criteria,
        "decisions": decisions_of(proposal),
        "verdicts": letters.VERDICTS,
    }


def _packets(proposal: Proposal) -> Values:
    looks = [each for each in of_subject("proposal", proposal.id) if each.action == "packet.opened"]
    return {
        "packets": list(reversed(packets_of(proposal))),
        "fields": FIELDS,
        "interests": INTERESTS,
        "outcomes": outcomes_of(proposal),
        "outcome_words": letters.OUTCOMES,
        "looks": happenings(looks),
    }


def _log(proposal: Proposal) -> Values:
    demand(may(actor(), Action.PROPOSAL_LOG, proposal))
    return {"happenings": happenings(of_subject("proposal", proposal.id))}


TABS: dict[str, Callable[[Proposal], Values]] = {
    "proposal": _text,
    "team": _team,
    "files": _files,
    "match": _match,
    "reviews": _reviews,
    "packets": _packets,
    "conflicts": conflicts_of,
    "log": _log,
}


@door(coordinator, "/desk/proposals/<id:proposal_id>", Action.PROPOSAL_VIEW_AS_OFFICE, to_read, name="proposal")
def show(proposal: Proposal) -> ResponseReturnValue:
    """The proposal with what comes next; ``?tab=`` chooses the part."""
    asked = request.args.get("tab", "")
    tab = asked if asked in TABS else "proposal"
    return tab_page(proposal, tab, TABS[tab](proposal))


def tab_page(proposal: Proposal, tab: str, values: Values) -> str:
    """The proposal's page with one of its parts, which shows ``values``. Statements: 4 beside what these took, and
    those of ``unanswered``."""
    conflicted = unanswered(proposal)
    reviewers = names(each.reviewer_id for each in proposal.assignments)
    return render_template(
        f"coordinator/proposal/{tab}.html",
        proposal=proposal,
        received=proposal.received[-1],
        tab=tab,
        tabs=_tabs(proposal, tab, len(conflicted)),
        unanswered=conflicted,
        steps=path_of(proposal, list(moves_of(proposal))),
        step=next_step(proposal, clock.now(), reviewers),
        talks=talks_about(proposal),
        **values,
    )


def _tabs(proposal: Proposal, current: str, conflicts: int) -> list[Values]:
    labels = {
        "proposal": (gettext("Proposal"), None),
        "team": (gettext("Team"), len(proposal.members)),
        "files": (gettext("Files"), sum(1 for each in proposal.attachments if each.removed_at is None)),
        "board": (gettext("Match board"), None),
        "match": (gettext("Theme and contact"), None),
        "reviews": (gettext("Reviews"), None),
        "packets": (gettext("Packets"), len(proposal.packets)),
        "conflicts": (gettext("Conflicts"), conflicts or None),
        "messages": (gettext("Messages"), unread_in(proposal, actor(), Side.OFFICE) or None),
        "log": (gettext("Log"), None),
    }
    return [
        {
            "label": label,
            "count": count,
            "current": tab == current,
            "url": _tab_url(proposal, tab),
        }
        for tab, (label, count) in labels.items()
    ]


def _tab_url(proposal: Proposal, tab: str) -> str:
    if tab == "board":
        return url_for("coordinator.board", proposal_id=proposal.id)
    return url_for("coordinator.proposal", proposal_id=proposal.id, tab=None if tab == "proposal" else tab)


def path_of(proposal: Proposal, moves: list[Move]) -> list[Values]:
    """The steps of the drawing: where it has been with the day it came there, where it is, and what lies ahead."""
    entered = {move.became: move.at for move in moves}
    now = proposal.state
    way = [state for state in PATH[1:] if _on_way(state, proposal)]
    been = [state for state in way if state in entered and state is not now]
    closed = desk_of(now) == "closed"
    if now in way:
        place = way.index(now)
        order = way if not closed else way[: place + 1]
    else:
        last = max((way.index(state) for state in been), default=-1)
        order = [*way[: last + 1], now, *([] if closed else way[last + 1 :])]
    here = order.index(now)
    return [
        {
            "label": tr(STATES[state].label),
            "reached": index < here and state in entered,
            "current": state is now,
            "at": entered.get(state) if index <= here else None,
            "desk": desk_of(state).value,
            "note": _due(proposal) if state is now is State.IN_REVIEW else None,
        }
        for index, state in enumerate(order)
    ]


def _due(proposal: Proposal) -> str | None:
    """By when the next review is due."""
    waiting = waiting_for(proposal)
    return gettext("due %(day)s", day=written(waiting[0].due_at).split(",")[0]) if waiting else None


def _on_way(state: State, proposal: Proposal) -> bool:
    """A call without a panel or a sponsor leaves their steps out."""
    if state is State.IN_REVIEW:
        return proposal.call.panel
    if state is State.WITH_SPONSOR:
        return proposal.call.sponsor_decides and proposal.call.programme.sponsor_id is not None
    return True


@door(coordinator, "/desk/proposals/<id:proposal_id>/who", Action.PROPOSAL_VIEW_AS_OFFICE, to_read, name="who_sees")
def who_sees(proposal: Proposal) -> ResponseReturnValue:
    """Who can see this proposal now, and why."""
    return render_template("coordinator/proposal/who.html", proposal=proposal, insights=insights(proposal))
