"""THE ONE DOOR: no other code sets a proposal's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.errors import IllegalMove
from intake.extensions import db
from intake.policy import ENDED, Actor, may
from intake.proposal.models import Move, Proposal
from intake.ruling import demand
from intake.vocabulary import Action, State, say
from intake.workflow import MOVES, STATES

__all__ = ["LEAVING", "MOVED", "advance", "demand"]
LEAVING: list[Callable[[Proposal, State, Actor], None]] = []
"""What later rooms do for a proposal that has just ended: they get it, the state it was in, and who ended it."""

MOVED: list[Callable[[Proposal], None]] = []
"""What later rooms do for a proposal after each of its moves."""


def advance(
    proposal: Proposal,
    action: Action,
    *,
    by: Actor,
    to: State | None = None,
    note: str = "",
    told: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Move:
    """Move the proposal as the workflow's table says.

    Demands: ``action`` of the policy. From: the table's sources. Records: the state with its facts (columns of the
    proposal that go with it, in ``facts``), a move, an event. ``to`` chooses among several targets; ``note`` is for the
    office, ``told`` for the applicant.
    Raises: Refused; IllegalMove for a pair that the table does not know. Returns: the move.
    """
    demand(may(by, action, proposal))
    row = MOVES[action]
    target = to or row.targets[0]
    if proposal.state not in row.sources or target not in row.targets or (to is None and len(row.targets) > 1):
        raise IllegalMove(
            say(
                "A proposal does not go from %(was)s to %(to)s.",
                was=STATES[proposal.state].label,
                to=STATES[target].label,
            )
        )
    was = proposal.state
    proposal.state = target
    proposal.state_since = clock.now()
    _leave(proposal, was)
    for name, value in (facts or {}).items():
        setattr(proposal, name, value)
    if "team" in (facts or {}).get("returned_parts", ()):
        _ask_the_team_anew(proposal)
    move = Move(
        proposal_id=proposal.id,
        action=action.value,
        was=was,
        became=target,
        at=clock.now(),
        by_id=by.id,
        note=note,
        told=told,
    )
    db.session.add(move)
    record(action.value, "proposal", proposal.id, by=by, was=was.value, became=target.value, note=note or told)
    if target in ENDED:
        for leave in LEAVING:
            leave(proposal, was, by)
    for follow in MOVED:
        follow(proposal)
    return move


def _ask_the_team_anew(proposal: Proposal) -> None:
    """A return that lets the team change ends what its members confirmed of their parts."""
    for member in proposal.team:
        member.confirmed_at = None


def _leave(proposal: Proposal, was: State) -> None:
    """Facts that hold only in one state end with it."""
    if was is State.RETURNED:
        proposal.returned_until = None
    if was is State.WITHDRAWN:
        proposal.withdrawn_from = None
