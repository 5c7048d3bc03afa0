"""The whole matrix: every action, in every state, by everybody. The expectations are written by hand, from the issue
and the design, and not taken from the code. Who and when are what ``tests/policy/people_and_papers.py`` describes."""

from __future__ import annotations

import itertools

import pytest

from intake import clock
from intake.policy import RULES, may
from intake.vocabulary import Action, State
from tests.policy.people_and_papers import ACTORS, NOW, paper

pytestmark = pytest.mark.once

TEAM = "principal co_investigator assistant viewer coordinator_on_team reviewer_on_team invited"
WRITERS = "principal co_investigator assistant coordinator_on_team reviewer_on_team"
OFFICE = "coordinator coordinator_of_call stand_in"
OPEN_STATES = "draft submitted returned eligible matched in_review decided selected with_sponsor reserve"
NUMBERED = (
    "submitted returned ineligible eligible matched in_review decided selected with_sponsor reserve awarded declined "
    "withdrawn"
)
ALL = "draft " + NUMBERED
NUMBERED_AND_OPEN = "submitted returned eligible matched in_review decided selected with_sponsor reserve awarded"
WITH_REVIEWERS = "in_review decided selected with_sponsor reserve awarded declined"
SENT = "with_sponsor reserve awarded declined"

# action: [(who, in which states), ...] and nobody else, in no other state
EXPECTED: dict[str, list[tuple[str, str]]] = {
    "proposal.view": [
        (TEAM, ALL),
        (OFFICE, NUMBERED),
        ("lead reviewer reviewer_undeclared reviewer_asked reviewer_done", WITH_REVIEWERS),
        ("contact", SENT),
    ],
    "proposal.view_as_team": [(TEAM, ALL)],
    "proposal.view_as_office": [(OFFICE, NUMBERED)],
    "proposal.view_as_reviewer": [("lead reviewer reviewer_undeclared reviewer_asked reviewer_done", WITH_REVIEWERS)],
    "proposal.view_as_sponsor": [("contact", SENT)],
    "proposal.read": [(TEAM, ALL), (OFFICE, NUMBERED), ("lead reviewer reviewer_done", WITH_REVIEWERS)],
    "proposal.log": [(OFFICE, NUMBERED)],
    "proposal.read_feedback": [(TEAM, "returned selected with_sponsor reserve awarded declined")],
    "proposal.edit": [(WRITERS, "draft returned")],
    "proposal.join": [("invited", OPEN_STATES + " awarded")],
    "proposal.confirm": [("co_investigator coordinator_on_team reviewer_on_team", "draft returned")],
    "proposal.hand_over": [("principal", OPEN_STATES + " awarded")],
    "proposal.answer_offer": [("principal", ALL.replace(" selected", ""))],  # selected holds its place already
    "proposal.converse": [(WRITERS + " " + OFFICE, NUMBERED)],
    "proposal.rank": [
        (OFFICE, "submitted returned eligible matched in_review decided selected with_sponsor reserve awarded")
    ],
    "proposal.advance_stage": [(OFFICE, "selected")],
    "proposal.team": [("principal", "draft returned")],
    "proposal.submit": [("principal", "draft returned")],
    "proposal.withdraw": [("principal", OPEN_STATES)],
    "proposal.restore": [(OFFICE, "withdrawn")],
    "proposal.return": [(OFFICE, "submitted eligible")],
    "proposal.screen_in": [(OFFICE, "submitted")],
    "proposal.screen_out": [(OFFICE, "submitted")],
    "proposal.match": [(OFFICE, "eligible")],
    "proposal.unmatch": [(OFFICE, "matched")],
    "proposal.pair": [
        (OFFICE, "submitted returned eligible matched in_review decided selected with_sponsor reserve awarded")
    ],
    "proposal.refer": [(OFFICE, "ineligible declined withdrawn")],
    "proposal.answer_referral": [("principal", "ineligible declined withdrawn")],
    "proposal.object": [("principal", "draft " + NUMBERED_AND_OPEN)],
    "proposal.declare_as_office": [(OFFICE, NUMBERED)],
    "proposal.forward": [(OFFICE, "matched")],
    "proposal.recall": [],  # reviews are in: see test_recall_needs_no_review
    "proposal.assign": [(OFFICE, "in_review")],
    "proposal.reopen": [(OFFICE, "decided")],
    "proposal.release": [(OFFICE, "decided")],
    "proposal.prepare_packet": [(OFFICE, "selected")],  # in reserve here the packet is with the sponsor
    "proposal.send": [(OFFICE, "selected")],
    "proposal.recall_packet": [(OFFICE, "with_sponsor")],
    "proposal.record_outcome": [(OFFICE, "with_sponsor reserve"), ("contact", "with_sponsor reserve")],
    "proposal.publish": [(OFFICE, "awarded")],
    "proposal.answer_asked": [("reviewer_asked", "in_review")],
    "proposal.declare": [("lead reviewer reviewer_undeclared reviewer_asked reviewer_done", "in_review")],
    "proposal.review": [("reviewer", "in_review")],
    "proposal.read_reviews": [(OFFICE, NUMBERED), ("lead reviewer_done", WITH_REVIEWERS)],
    "proposal.decide": [("lead", "in_review")],
    "proposal.read_packet": [("contact", SENT)],
    "proposal.show_interest": [("contact", "with_sponsor")],
    "proposal.lift_conflict": [("administrator", NUMBERED)],
    "proposal.stand_in": [("administrator", NUMBERED)],
}


def expected(action: Action, who: str, state: State) -> bool:
    """What the table above says."""
    return any(who in people.split() and state.value in states.split() for people, states in EXPECTED[action.value])


def test_the_table_speaks_of_every_rule() -> None:
    assert set(EXPECTED) == {action.value for action in RULES}


@pytest.mark.parametrize("action", list(RULES), ids=lambda action: action.value)
def test_every_state_and_everybody(action: Action) -> None:
    wrong = []
    with clock.at(NOW):
        for state, who in itertools.product(State, ACTORS):
            ruling = may(ACTORS[who], action, paper(state))
            if bool(ruling) != expected(action, who, state):
                wrong.append(f"{who} in {state.value}: {'may' if ruling else f'may not ({ruling.reason})'}")
    assert not wrong


# who must not even learn that the proposal exists, in which states
HIDDEN = {
    "coordinator": "draft",
    "coordinator_of_call": "draft",
    "coordinator_elsewhere": ALL,
    "coordinator_conflicted": "draft",
    "coordinator_named_by_mail": "draft",
    "stand_in": "draft",
    "lead": "draft submitted returned ineligible eligible matched withdrawn",
    "reviewer": "draft submitted returned ineligible eligible matched withdrawn",
    "reviewer_undeclared": "draft submitted returned ineligible eligible matched withdrawn",
    "reviewer_done": "draft submitted returned ineligible eligible matched withdrawn",
    "reviewer_asked": "draft submitted returned ineligible eligible matched withdrawn",
    "reviewer_conflicted": ALL,
    "reviewer_taken_off": ALL,
    "reviewer_elsewhere": ALL,
    "contact": "draft submitted returned ineligible eligible matched in_review decided selected withdrawn",
    "contact_elsewhere": ALL,
    "administrator": "draft",
    "team_declined": ALL,
    "no_role": ALL,
    "nobody": ALL,
}


@pytest.mark.parametrize("who", list(ACTORS))
def test_who_may_not_know_that_it_exists(who: str) -> None:
    with clock.at(NOW):
        hidden = {
            state.value for state in State if may(ACTORS[who], Action.PROPOSAL_VIEW_AS_OFFICE, paper(state)).hidden
        }
    assert hidden == set(HIDDEN.get(who, "").split())


def test_every_refusal_says_why() -> None:
    with clock.at(NOW):
        for action, state, who in itertools.product(RULES, State, ACTORS):
            ruling = may(ACTORS[who], action, paper(state))
            assert ruling.allowed is (ruling.reason is None)
            assert ruling.allowed or len(str(ruling.reason)) > 15
