"""The right person at the wrong moment, and the switches of a call: each case by hand."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from intake import clock
from intake.policy import Ruling, may
from intake.vocabulary import Action, Declared, Relation, ReviewState, State
from tests.policy.people_and_papers import (
    ACTORS,
    NOW,
    SPONSOR,
    assignment,
    call,
    declaration,
    member,
    packet,
    paper,
)

pytestmark = pytest.mark.once


def ask(who: str, action: Action, subject: Any, *, at: Any = NOW) -> Ruling:
    """The policy's answer at an instant."""
    with clock.at(at):
        return may(ACTORS[who], action, subject)


def test_a_draft_is_editable_until_the_close_and_not_a_second_longer() -> None:
    closing = call().closes_at
    draft = paper(State.DRAFT)
    assert ask("principal", Action.PROPOSAL_SUBMIT, draft, at=closing - timedelta(seconds=1))
    refused = ask("principal", Action.PROPOSAL_SUBMIT, draft, at=closing)
    assert not refused
    assert "closed" in str(refused.reason)
    assert not ask("principal", Action.PROPOSAL_EDIT, draft, at=closing)


def test_nothing_is_submitted_before_the_opening() -> None:
    draft = paper(State.DRAFT, call=call(opens_at=NOW + timedelta(seconds=1)))
    assert "opens" in str(ask("principal", Action.PROPOSAL_SUBMIT, draft).reason)
    undated = paper(State.DRAFT, call=call(opens_at=None, closes_at=None))
    assert not ask("principal", Action.PROPOSAL_SUBMIT, undated)


def test_a_standing_call_never_closes() -> None:
    draft = paper(State.DRAFT, call=call(standing=True, opens_at=None, closes_at=None))
    assert ask("principal", Action.PROPOSAL_SUBMIT, draft, at=NOW + timedelta(days=10_000))


def test_a_returned_proposal_outlives_the_close_until_its_own_time() -> None:
    returned = paper(State.RETURNED, call=call(closes_at=NOW - timedelta(days=1)))
    assert ask("principal", Action.PROPOSAL_SUBMIT, returned)
    assert not ask("principal", Action.PROPOSAL_SUBMIT, returned, at=returned.returned_until)


def test_the_team_of_a_returned_proposal_changes_only_if_it_was_returned_for_that() -> None:
    assert ask("principal", Action.PROPOSAL_TEAM, paper(State.RETURNED, returned_parts=["team"]))
    assert not ask("principal", Action.PROPOSAL_TEAM, paper(State.RETURNED, returned_parts=["summary"]))


def test_a_call_can_keep_editing_to_the_principal() -> None:
    draft = paper(State.DRAFT, call=call(team_may_edit=False))
    assert ask("principal", Action.PROPOSAL_EDIT, draft)
    assert "only the principal" in str(ask("co_investigator", Action.PROPOSAL_EDIT, draft).reason)


def test_recall_needs_no_review() -> None:
    untouched = paper(
        State.IN_REVIEW, assignments=[assignment(10, lead=True, review=ReviewState.DRAFT), assignment(11)]
    )
    assert ask("coordinator", Action.PROPOSAL_RECALL, untouched)
    assert "has been submitted" in str(ask("coordinator", Action.PROPOSAL_RECALL, paper(State.IN_REVIEW)).reason)
    assert not ask("coordinator_elsewhere", Action.PROPOSAL_RECALL, untouched)


def test_the_lead_decides_once_enough_reviews_and_the_own_one_are_in() -> None:
    submitted, draft = ReviewState.SUBMITTED, ReviewState.DRAFT
    one_in = paper(State.IN_REVIEW, assignments=[assignment(10, lead=True, review=submitted), assignment(13)])
    assert "1 of 2" in str(ask("lead", Action.PROPOSAL_DECIDE, one_in).reason)
    rows = [assignment(10, lead=True, review=draft), assignment(13, review=submitted), assignment(11, review=submitted)]
    assert "your own" in str(ask("lead", Action.PROPOSAL_DECIDE, paper(State.IN_REVIEW, assignments=rows)).reason)


def test_a_removed_review_does_not_count() -> None:
    rows = [
        assignment(10, lead=True, review=ReviewState.SUBMITTED),
        assignment(13, review=ReviewState.SUBMITTED, off=True),
    ]
    assert not ask("lead", Action.PROPOSAL_DECIDE, paper(State.IN_REVIEW, assignments=rows))


def test_without_a_panel_the_coordinator_decides_after_the_match() -> None:
    matched = paper(State.MATCHED, call=call(panel=False))
    assert ask("coordinator", Action.PROPOSAL_DECIDE, matched)
    assert not ask("coordinator", Action.PROPOSAL_DECIDE, paper(State.MATCHED))
    assert not ask("coordinator", Action.PROPOSAL_FORWARD, matched)
    assert not ask("coordinator_on_team", Action.PROPOSAL_DECIDE, matched)


def test_without_a_sponsor_the_office_records_the_outcome_itself() -> None:
    free = call(sponsor_decides=False, programme=SimpleNamespace(sponsor_id=None, by_invitation=False))
    selected = paper(State.SELECTED, call=free, packets=[])
    assert ask("coordinator", Action.PROPOSAL_RECORD_OUTCOME, selected)
    assert ask("coordinator", Action.PROPOSAL_RECORD_OUTCOME, paper(State.RESERVE, call=free, packets=[]))
    assert not ask("coordinator", Action.PROPOSAL_SEND, selected)
    assert not ask("coordinator", Action.PROPOSAL_RECORD_OUTCOME, paper(State.SELECTED))


def test_a_reviewer_reads_others_only_after_their_own_and_if_the_call_says_so() -> None:
    assert ask("reviewer_done", Action.PROPOSAL_READ_REVIEWS, paper(State.IN_REVIEW))
    assert not ask("reviewer", Action.PROPOSAL_READ_REVIEWS, paper(State.IN_REVIEW))
    never = paper(State.IN_REVIEW, call=call(reads_others="never"))
    assert not ask("reviewer_done", Action.PROPOSAL_READ_REVIEWS, never)
    assert ask("lead", Action.PROPOSAL_READ_REVIEWS, never), "the lead decides on them"


def test_a_new_co_investigator_stops_reviewing_at_once() -> None:
    joined = paper(State.IN_REVIEW)
    assert ask("reviewer", Action.PROPOSAL_READ, joined)
    joined.team.append(member(11, Relation.CO_INVESTIGATOR))
    assert not ask("reviewer", Action.PROPOSAL_VIEW_AS_REVIEWER, joined)
    assert not ask("reviewer", Action.PROPOSAL_REVIEW, joined)


def test_a_lifted_conflict_is_no_conflict() -> None:
    row = declaration(23, Declared.CONFLICT)
    stopped = paper(State.SUBMITTED, conflicts=[row])
    refused = ask("coordinator_conflicted", Action.PROPOSAL_SCREEN_IN, stopped)
    assert "declared a conflict" in str(refused.reason)
    assert not refused.hidden
    row.lifted_at = NOW
    assert ask("coordinator_conflicted", Action.PROPOSAL_SCREEN_IN, stopped)


def test_a_recalled_packet_is_known_but_not_read() -> None:
    recalled = paper(State.SELECTED, packets=[packet(recalled=True)])
    assert ask("contact", Action.PROPOSAL_VIEW_AS_SPONSOR, recalled)
    assert not ask("contact", Action.PROPOSAL_READ_PACKET, recalled)
    assert not ask("contact", Action.PROPOSAL_RECORD_OUTCOME, recalled)


def test_an_unsent_packet_is_unknown_to_the_sponsor() -> None:
    assert ask("contact", Action.PROPOSAL_VIEW_AS_SPONSOR, paper(State.SELECTED)).hidden


def test_a_withdrawn_packet_is_not_read() -> None:
    withdrawn = paper(State.WITHDRAWN, packets=[packet()])
    assert ask("contact", Action.PROPOSAL_VIEW_AS_SPONSOR, withdrawn)
    assert not ask("contact", Action.PROPOSAL_READ_PACKET, withdrawn)


def test_a_panels_reserve_can_be_sent_and_a_sponsors_reserve_answered() -> None:
    by_panel = paper(State.RESERVE, packets=[packet(sent=False)], call=call(slots=None))
    assert ask("coordinator", Action.PROPOSAL_SEND, by_panel)
    assert not ask("coordinator", Action.PROPOSAL_RECORD_OUTCOME, by_panel)
    assert ask("contact", Action.PROPOSAL_RECORD_OUTCOME, paper(State.RESERVE))


def test_a_withdrawn_draft_is_restored_by_its_principal_alone() -> None:
    gone = paper(State.WITHDRAWN, number=None)
    assert ask("principal", Action.PROPOSAL_RESTORE, gone)
    assert ask("coordinator", Action.PROPOSAL_RESTORE, gone).hidden
    assert not ask("co_investigator", Action.PROPOSAL_RESTORE, gone)


def test_who_may_start_a_proposal() -> None:
    assert ask("principal", Action.CALL_PROPOSE, call())
    assert not ask("no_role", Action.CALL_PROPOSE, call())
    assert "Sign in" in str(ask("nobody", Action.CALL_PROPOSE, call()).reason)
    invited = call(programme=SimpleNamespace(sponsor_id=SPONSOR, by_invitation=True))
    assert "invitation" in str(ask("principal", Action.CALL_PROPOSE, invited).reason)
    assert not ask("principal", Action.CALL_PROPOSE, call(closes_at=NOW))


def test_who_oversees_a_call() -> None:
    assert ask("coordinator", Action.CALL_OVERSEE, call())
    assert ask("coordinator_of_call", Action.CALL_OVERSEE, call())
    assert ask("coordinator_elsewhere", Action.CALL_OVERSEE, call()).hidden
    assert ask("administrator", Action.CALL_OVERSEE, call()).hidden


def test_grace_is_for_drafts_begun_before_the_close_and_is_never_told() -> None:
    close = call().closes_at
    graced = call(grace_minutes=15)
    at = close + timedelta(minutes=14, seconds=59)
    before, at_the_close = paper(State.DRAFT, call=graced), paper(State.DRAFT, call=graced, created_at=close)
    for action in (Action.PROPOSAL_SUBMIT, Action.PROPOSAL_EDIT, Action.PROPOSAL_TEAM):
        assert ask("principal", action, before, at=at)
        assert not ask("principal", action, at_the_close, at=at)
        refused = ask("principal", action, before, at=close + timedelta(minutes=15))
        assert refused.reason is not None
        assert refused.reason.values == {"when": close}, "the stated close, not the end of the grace"
    assert not ask("principal", Action.CALL_PROPOSE, graced, at=at), "nobody begins a draft in the grace"


def test_an_extension_holds_for_its_applicant_alone() -> None:
    close = call().closes_at
    later = close + timedelta(days=1)
    mine, at = paper(State.DRAFT, extended_until=later), later - timedelta(seconds=1)
    assert ask("principal", Action.PROPOSAL_SUBMIT, mine, at=at)
    assert ask("co_investigator", Action.PROPOSAL_EDIT, mine, at=at)
    assert not ask("principal", Action.PROPOSAL_SUBMIT, paper(State.DRAFT), at=at)
    assert "Your extension of the call ended" in str(ask("principal", Action.PROPOSAL_SUBMIT, mine, at=later).reason)


def test_who_holds_an_extension_may_still_begin_a_draft() -> None:
    close = call().closes_at
    row = SimpleNamespace(person_id=1, until=close + timedelta(days=1), withdrawn_at=None)
    extended, at = call(extensions=[row]), close + timedelta(hours=1)
    assert ask("principal", Action.CALL_PROPOSE, extended, at=at)
    assert not ask("co_investigator", Action.CALL_PROPOSE, extended, at=at)
    assert not ask("principal", Action.CALL_PROPOSE, extended, at=row.until)
    row.withdrawn_at = close
    assert not ask("principal", Action.CALL_PROPOSE, extended, at=at)
    early = call(extensions=[row], opens_at=NOW + timedelta(days=1))
    assert not ask("principal", Action.CALL_PROPOSE, early), "an extension opens no call"


OFFICE_IN_A_SEALED_CALL = (
    Action.PROPOSAL_VIEW,
    Action.PROPOSAL_VIEW_AS_OFFICE,
    Action.PROPOSAL_READ,
    Action.PROPOSAL_LOG,
    Action.PROPOSAL_SCREEN_IN,
    Action.PROPOSAL_SCREEN_OUT,
    Action.PROPOSAL_RETURN,
    Action.PROPOSAL_CONVERSE,
    Action.PROPOSAL_RANK,
)


@pytest.mark.parametrize("action", OFFICE_IN_A_SEALED_CALL, ids=lambda action: action.value)
def test_nobody_in_the_office_reads_or_handles_what_is_sealed(action: Action) -> None:
    closes = NOW + timedelta(days=10)
    received = paper(State.SUBMITTED, call=call(sealed_until=closes + timedelta(minutes=15)))
    for who in ("coordinator", "coordinator_of_call"):
        for at in (NOW, closes, closes + timedelta(minutes=14)):
            refused = ask(who, action, received, at=at)
            assert not refused
            assert "sealed" in str(refused.reason) or action is Action.PROPOSAL_VIEW
        assert ask(who, action, received, at=closes + timedelta(minutes=15))
    assert ask("coordinator_elsewhere", action, received).hidden


def test_a_seal_keeps_nothing_from_the_team() -> None:
    received = paper(State.SUBMITTED, call=call(sealed_until=NOW + timedelta(days=10)))
    for action in (Action.PROPOSAL_VIEW, Action.PROPOSAL_READ, Action.PROPOSAL_WITHDRAW, Action.PROPOSAL_CONVERSE):
        assert ask("principal", action, received)
    assert ask("administrator", Action.PROPOSAL_LIFT_CONFLICT, received)
    assert ask("coordinator", Action.CALL_OVERSEE, received.call), "its dates can be set"


AREAS = {
    Action.AREA_PROPOSALS: set(ACTORS) - {"nobody"},
    Action.SIGNED_IN: set(ACTORS) - {"nobody"},
    Action.PUBLIC: set(ACTORS),
    Action.AREA_DESK: {name for name in ACTORS if name.startswith("coordinator")} | {"stand_in"},
    Action.AREA_REVIEWS: {"lead"} | {name for name in ACTORS if name.startswith("reviewer")},
    Action.AREA_SPONSOR: {"contact", "contact_elsewhere"},
    Action.AREA_ADMINISTRATION: {"administrator"},
}


@pytest.mark.parametrize("action", list(AREAS), ids=lambda action: action.value)
def test_who_enters_an_area(action: Action) -> None:
    assert {name for name in ACTORS if ask(name, action, None)} == AREAS[action]


def test_a_notice_of_intent_is_for_those_who_may_apply_and_until_it_is_due() -> None:
    due = NOW + timedelta(days=1)
    assert ask("principal", Action.CALL_NOTICE, call(notice_due_at=due))
    assert not ask("no_role", Action.CALL_NOTICE, call(notice_due_at=due))
    assert not ask("principal", Action.CALL_NOTICE, call(notice_due_at=NOW))
    assert not ask("principal", Action.CALL_NOTICE, call())
    closed_club = call(notice_due_at=due, by_invitation=True)
    assert "invitation only" in str(ask("principal", Action.CALL_NOTICE, closed_club).reason)
    mine = SimpleNamespace(person_id=1, withdrawn_at=None)
    assert ask("principal", Action.CALL_NOTICE, call(notice_due_at=due, by_invitation=True, invitations=[mine]))
    gone = SimpleNamespace(person_id=1, withdrawn_at=NOW)
    assert not ask("principal", Action.CALL_NOTICE, call(notice_due_at=due, by_invitation=True, invitations=[gone]))
