"""The rulings on a proposal: the four questions, asked in their order of the rule of the action."""

from __future__ import annotations

from typing import Any

from intake.policy import who
from intake.policy.actor import Actor
from intake.policy.relations import conflict_of
from intake.policy.rules import RULES, Rule
from intake.policy.ruling import UNSEEN, YES, Ruling, no
from intake.policy.seeing import as_reviewer, as_sponsor, as_team, of_office, sealed, sees
from intake.vocabulary import Action, say
from intake.workflow import MOVES, STATES


def on_proposal(actor: Actor, action: Action, proposal: Any) -> Ruling:
    """The four questions for one proposal; a sealed call keeps the office out until it has closed."""
    rule = RULES[action]
    if not sees(actor, proposal):
        return UNSEEN
    if not rule.relation(actor, proposal):
        conflict = conflict_of(actor, proposal)
        if conflict and of_office(actor, proposal) and not as_team(actor, proposal):
            return no(conflict)
        return no(say("Only %(who)s may do this.", who=say(rule.who)))
    if sealed(proposal) and _as_office_alone(actor, rule, proposal):
        return no(say("This call is sealed: nobody in the office reads a proposal before the call has closed."))
    if rule.conflict_stops and (conflict := conflict_of(actor, proposal)):
        return no(conflict)
    move = MOVES.get(action)
    if move and proposal.state not in move.sources:
        return no(say("This is not possible while the proposal is: %(state)s.", state=STATES[proposal.state].label))
    why_not_now = rule.moment(actor, proposal)
    return no(why_not_now) if why_not_now else YES


def _as_office_alone(actor: Actor, rule: Rule, proposal: Any) -> bool:
    """The actor asks as the office and as nothing else: what reviewers and a sponsor already have stays theirs."""
    if rule.relation is who.administrator or as_team(actor, proposal):
        return False
    return rule.relation is of_office or not (as_reviewer(actor, proposal) or as_sponsor(actor, proposal))


def reads_as_office(actor: Actor, paper: Any) -> bool:
    """The actor handles the proposal as the office, without a conflict, and its call is not sealed."""
    return bool(on_proposal(actor, Action.PROPOSAL_VIEW_AS_OFFICE, paper))
