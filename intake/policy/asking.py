"""``may``: the one question that the gate, the pages and the operations ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake.policy.actor import Actor
from intake.policy.areas import AREAS, enter
from intake.policy.calls import notice, oversee, oversee_programme, propose
from intake.policy.meetings import answer_slots, run_meeting, view_meeting
from intake.policy.proposals import on_proposal
from intake.policy.ruling import YES, Ruling, no
from intake.vocabulary import Action, say

_ON_OTHERS: dict[Action, Callable[[Actor, Any], Ruling]] = {
    Action.CALL_PROPOSE: propose,
    Action.CALL_NOTICE: notice,
    Action.CALL_OVERSEE: oversee,
    Action.PROGRAMME_OVERSEE: oversee_programme,
    Action.MEETING_VIEW: view_meeting,
    Action.MEETING_RUN: run_meeting,
    Action.MEETING_ANSWER: answer_slots,
}


def may(actor: Actor, action: Action, subject: Any = None) -> Ruling:
    """Whether ``actor`` may do ``action`` to ``subject`` now: a programme, call, proposal or meeting, as the action's
    word says.

    A proposal's team, assignments with reviews, conflicts, packets, award, slot and call with programme must be loaded
    (``proposal.queries.one`` does), a call's invitations and extensions (``call.queries.one`` does), and of a meeting
    what ``attending`` says (``meeting.queries.one`` does).
    Raises KeyError for an action that no rule speaks of.
    """
    if action is Action.PUBLIC:
        return YES
    if action is Action.SIGNED_IN:
        return YES if actor.id is not None else no(say("Sign in first."))
    if action in AREAS:
        return enter(actor, action)
    if action in _ON_OTHERS:
        return _ON_OTHERS[action](actor, subject)
    return on_proposal(actor, action, subject)
