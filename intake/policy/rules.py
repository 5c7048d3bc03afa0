"""THE TABLE OF RULES: for each action on a proposal who may ask for it, whether a conflict stops them, and when.

``flask --app wsgi describe-policy permissions`` prints it as ``docs/permissions.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.policy import moments, when_open, who
from intake.policy.actor import Actor
from intake.policy.moments import Moment
from intake.policy.seeing import as_reviewer, as_sponsor, as_team, concerns, of_office, reads_packet
from intake.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for an action on a proposal, in words and as a predicate; whether a conflict stops it; and when."""

    who: str
    relation: Callable[[Actor, Any], bool]
    conflict_stops: bool
    moment: Moment = moments.any_time
    when: str = ""


_TEAM, _PI, _OFFICE = "the team", "the principal investigator", "a coordinator of the call"
_REVIEWER, _SPONSOR = "an assigned reviewer", "a contact of the sponsor"
_ANYONE_CONCERNED = "the team, a coordinator of the call, an assigned reviewer, a contact of the sponsor it was sent to"

RULES: dict[Action, Rule] = {
    Action.PROPOSAL_VIEW: Rule(_ANYONE_CONCERNED, concerns, False),
    Action.PROPOSAL_VIEW_AS_TEAM: Rule(_TEAM, as_team, False),
    Action.PROPOSAL_VIEW_AS_OFFICE: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_VIEW_AS_REVIEWER: Rule(_REVIEWER, as_reviewer, True),
    Action.PROPOSAL_VIEW_AS_SPONSOR: Rule(_SPONSOR, as_sponsor, False),
    Action.PROPOSAL_READ: Rule("the team, a coordinator, a reviewer who declared no conflict", who.reader, False),
    Action.PROPOSAL_LOG: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_READ_FEEDBACK: Rule(_TEAM, as_team, False, moments.released, "once the decision is released"),
    Action.PROPOSAL_EDIT: Rule(
        "principal, co-investigator or assistant",
        who.writer,
        False,
        when_open.editing,
        "draft while the call is open, or returned",
    ),
    Action.PROPOSAL_TEAM: Rule(
        _PI, who.principal, False, when_open.team_open, "draft while the call is open, or returned with team"
    ),
    Action.PROPOSAL_JOIN: Rule(
        "somebody invited to the team", who.invited, False, moments.not_ended, "it is not closed"
    ),
    Action.PROPOSAL_CONFIRM: Rule(
        "a co-investigator",
        who.co_investigator,
        False,
        when_open.confirming,
        "draft while the call is open, or returned",
    ),
    Action.PROPOSAL_HAND_OVER: Rule(_PI, who.principal, False, moments.not_ended, "it is not closed"),
    Action.PROPOSAL_ANSWER_OFFER: Rule(_PI, who.principal, False, moments.offered, "a place is offered to it"),
    Action.PROPOSAL_CONVERSE: Rule(
        "principal, co-investigator or assistant; a coordinator of the call without a conflict",
        who.converses,
        False,
        moments.received,
        "it is received",
    ),
    Action.PROPOSAL_OBJECT: Rule(_PI, who.principal, False, moments.not_ended, "it is not closed"),
    Action.PROPOSAL_ANSWER_REFERRAL: Rule(_PI, who.principal, False, moments.referable, "it is closed, or an idea"),
    Action.PROPOSAL_SUBMIT: Rule(_PI, who.principal, False, when_open.submitting, "the call is open for it"),
    Action.PROPOSAL_WITHDRAW: Rule(_PI, who.principal, False),
    Action.PROPOSAL_RESTORE: Rule("a coordinator; for a draft the principal investigator", who.restores, False),
    Action.PROPOSAL_RETURN: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_SCREEN_IN: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_SCREEN_OUT: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_MATCH: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_UNMATCH: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_PAIR: Rule(_OFFICE, of_office, True, moments.not_ended, "it is not closed"),
    Action.PROPOSAL_REFER: Rule(_OFFICE, of_office, True, moments.referable, "it is closed, or an idea"),
    Action.PROPOSAL_DECLARE_AS_OFFICE: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_FORWARD: Rule(_OFFICE, of_office, True, moments.panel, "the call has a panel"),
    Action.PROPOSAL_RECALL: Rule(_OFFICE, of_office, True, moments.no_review_in, "no review is submitted"),
    Action.PROPOSAL_ASSIGN: Rule(_OFFICE, of_office, True, moments.in_review, "it is in review"),
    Action.PROPOSAL_RANK: Rule(_OFFICE, of_office, True, moments.limited, "the sponsor takes a limited number"),
    Action.PROPOSAL_ADVANCE_STAGE: Rule(
        _OFFICE, of_office, True, moments.goes_on, "selected, in a call that has a next stage"
    ),
    Action.PROPOSAL_REOPEN: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_RELEASE: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_PREPARE_PACKET: Rule(
        _OFFICE, of_office, True, moments.packet_possible, "selected or reserve, no packet out"
    ),
    Action.PROPOSAL_SEND: Rule(_OFFICE, of_office, True, moments.packet_ready, "a packet is ready and none is out"),
    Action.PROPOSAL_RECALL_PACKET: Rule(_OFFICE, of_office, True),
    Action.PROPOSAL_PUBLISH: Rule(_OFFICE, of_office, True, moments.publishable, "an award that is not published"),
    Action.PROPOSAL_ANSWER_ASKED: Rule(
        _REVIEWER, as_reviewer, True, moments.to_answer, "they were asked and have not answered; it is in review"
    ),
    Action.PROPOSAL_DECLARE: Rule(_REVIEWER, as_reviewer, True, moments.declaring, "it is in review"),
    Action.PROPOSAL_REVIEW: Rule(
        _REVIEWER, as_reviewer, True, moments.reviewing, "in review, no conflict declared, not submitted"
    ),
    Action.PROPOSAL_READ_REVIEWS: Rule(
        "a coordinator; a reviewer after their own, as the call says; the lead after their own", who.reads_reviews, True
    ),
    Action.PROPOSAL_DECIDE: Rule(
        "the lead reviewer; a coordinator where the call has no panel",
        who.lead_or_office_without_panel,
        True,
        moments.enough_reviews,
        "enough reviews are submitted, the lead's own among them",
    ),
    Action.PROPOSAL_READ_PACKET: Rule(_SPONSOR, reads_packet, False, when="the packet is not recalled"),
    Action.PROPOSAL_SHOW_INTEREST: Rule(_SPONSOR, reads_packet, False, moments.with_sponsor, "it is with the sponsor"),
    Action.PROPOSAL_RECORD_OUTCOME: Rule(
        "a contact of the sponsor; a coordinator on their behalf",
        who.answers,
        True,
        moments.outcome_due,
        "a packet is out",
    ),
    Action.PROPOSAL_LIFT_CONFLICT: Rule("an administrator", who.administrator, True),
    Action.PROPOSAL_STAND_IN: Rule("an administrator", who.administrator, True),
}
