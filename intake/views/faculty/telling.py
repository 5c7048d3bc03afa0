"""What the team of a proposal is told of its way: public words only, and nothing of a decision before its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from intake.policy import not_open_for
from intake.proposal.models import Move, Proposal
from intake.views.display import tr
from intake.vocabulary import Action, Desk, Relation, State, Words, say
from intake.workflow import PATH, STATES

GROUPS: dict[str, Words] = {
    "finish": say("Yours to finish"),
    "progress": say("In progress"),
    "closed": say("Closed"),
}
RELATIONS: dict[Relation, Words] = {
    Relation.PRINCIPAL: say("Principal investigator"),
    Relation.CO_INVESTIGATOR: say("Co-investigator"),
    Relation.ASSISTANT: say("Assistant"),
    Relation.VIEWER: say("Viewer"),
}
STEPS: dict[State, Words] = {
    State.DRAFT: say("Draft"),
    State.SUBMITTED: say("Received"),
    State.RETURNED: say("Returned for revision"),
    State.ELIGIBLE: say("Being matched"),
    State.MATCHED: say("Matched"),
    State.IN_REVIEW: say("Under review"),
    State.SELECTED: say("Selected"),
    State.WITH_SPONSOR: say("With the sponsor"),
    State.RESERVE: say("On the reserve list"),
    State.AWARDED: say("Awarded"),
}
WHO: dict[Desk, Words] = {
    Desk.APPLICANT: say("You"),
    Desk.OFFICE: say("A coordinator of the office"),
    Desk.REVIEWERS: say("The reviewers"),
    Desk.SPONSOR: say("The sponsor"),
    Desk.CLOSED: say("Nobody: it is closed"),
}
ENDED = frozenset({State.INELIGIBLE, State.DECLINED, State.WITHDRAWN, State.AWARDED})


def told(state: State, panel: bool) -> State:
    """The state that the team is told of. An unreleased decision reads as what came before it; without a panel there
    are no reviewers to speak of."""
    if not panel and state in (State.MATCHED, State.DECIDED, State.IN_REVIEW):
        return State.ELIGIBLE
    return State.IN_REVIEW if state is State.DECIDED else state


def alike(public: State, *, panel: bool) -> frozenset[State]:
    """The states that read as ``public`` to a team, in a call with or without a panel."""
    return frozenset(state for state in State if told(state, panel) is public)


def told_of(proposal: Proposal) -> State:
    """``told`` of where the proposal is; ``call`` must be loaded."""
    return told(proposal.state, proposal.call.panel)


def group_of(proposal: Proposal) -> str:
    """Under which heading of one's own list the proposal stands; ``call`` must be loaded."""
    if proposal.state is State.RETURNED or (proposal.state is State.DRAFT and not_open_for(proposal) is None):
        return "finish"
    return "closed" if proposal.state in ENDED or proposal.state is State.DRAFT else "progress"


def label_of(proposal: Proposal) -> str:
    """What the team reads of where it is. A draft of a closed call cannot be finished any more."""
    if proposal.state is State.DRAFT and not_open_for(proposal) is not None:
        return gettext("Draft, not submitted")
    return tr(STATES[told_of(proposal)].public)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    label: str
    who: str
    note: str | None
    desk: str


def timeline(proposal: Proposal, moves: Sequence[Move]) -> list[Entry]:
    """What happened, newest first, in public words. Moves that the team is not told of do not appear."""
    names = {member.person_id: member.name for member in proposal.team}
    panel = proposal.call.panel
    began = Entry(proposal.created_at, gettext("Draft begun"), proposal.principal.name, None, Desk.APPLICANT)
    return [*(_entry(move, panel, names) for move in reversed(_shown(moves, panel))), began]


def _shown(moves: Sequence[Move], panel: bool) -> list[Move]:
    return [move for move in moves if told(move.was, panel) is not told(move.became, panel)]


def _entry(move: Move, panel: bool, names: dict[int | None, str]) -> Entry:
    became = told(move.became, panel)
    label = tr(STATES[became].public)
    if move.action == Action.PROPOSAL_RESTORE:
        label = gettext("Restored: %(label)s", label=label)
    who = (names.get(move.by_id) if move.by_id is not None else None) or _role(move)
    return Entry(move.at, label, who, move.told or None, STATES[became].desk)


def _role(move: Move) -> str:
    """Who outside the team did it: a role, never a name."""
    if move.action == Action.PROPOSAL_RECORD_OUTCOME:
        return gettext("the sponsor")
    return gettext("the principal investigator") if move.action in _BY_APPLICANT else gettext("the office")


_BY_APPLICANT = frozenset({Action.PROPOSAL_SUBMIT, Action.PROPOSAL_WITHDRAW})


def since(proposal: Proposal, moves: Sequence[Move]) -> datetime:
    """Since when it is where the team is told that it is."""
    shown = _shown(moves, proposal.call.panel)
    return shown[-1].at if shown else proposal.created_at


def steps(proposal: Proposal, moves: Sequence[Move]) -> list[dict[str, Any]]:
    """The drawing of its path: where it has been, where it is, and what may still come."""
    panel = proposal.call.panel
    way = [state for state in PATH if told(state, panel) is state and _applies(state, proposal)]
    shown = _shown(moves, panel)
    reached = {State.DRAFT: proposal.created_at} | {told(move.became, panel): move.at for move in shown}
    here = told_of(proposal)
    before = [told(move.was, panel) for move in shown]
    last = max((way.index(each) for each in ([here] if here in way else before) if each in way), default=0)
    if here is State.RETURNED:
        last = way.index(State.SUBMITTED)
    done = [each for each in way[: last + 1] if each in reached and each is not here]
    coming = [] if here in ENDED else [each for each in way[last + 1 :] if each is not here]
    marks = [(each, "reached") for each in done] + [(here, "current")] + [(each, "to come") for each in coming]
    return [_step(state, mark, reached.get(state)) for state, mark in marks]


def _applies(state: State, proposal: Proposal) -> bool:
    sponsored = proposal.call.sponsor_decides and proposal.call.programme.sponsor_id is not None
    return sponsored or state is not State.WITH_SPONSOR


def _step(state: State, mark: str, at: datetime | None) -> dict[str, Any]:
    label = STEPS.get(state, STATES[state].public)
    reached, current = mark != "to come", mark == "current"
    desk = STATES[state].desk.value if reached else None
    return {
        "label": tr(label),
        "reached": reached,
        "current": current,
        "at": at if reached else None,
        "desk": desk,
        "note": None,
    }
