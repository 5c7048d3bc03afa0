"""How long a step usually takes: from stays that ended, of public steps, where enough are known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from intake.call.models import Call
from intake.proposal.models import Move, Proposal
from intake.proposal.pace import Pace, pace, pace_of
from intake.views.faculty.telling import alike
from intake.vocabulary import Action, State
from tests.factories import listing as make
from tests.factories.office import Office

S = State
NOW = datetime.fromisoformat("2026-06-01T00:00:00+00:00")


def moved(of: Proposal, *steps: tuple[State, float], action: Action = Action.PROPOSAL_SUBMIT) -> None:
    """The proposal came into each state so many days before NOW."""
    was = S.DRAFT
    for state, before in steps:
        at = NOW - timedelta(days=before)
        make.keep(Move(proposal_id=of.id, action=action.value, was=was, became=state, at=at))
        was = state


def stays(call: Call, *days: float, state: State = S.SUBMITTED, to: State = S.ELIGIBLE) -> None:
    """Proposals that stayed so long in a state and then went on."""
    for each in days:
        moved(make.proposal(call, to), (state, 100), (to, 100 - each))


def known(call: Call, state: State = S.SUBMITTED) -> Pace | None:
    """What is known of a step in the call's programme."""
    return pace(call.programme_id, alike(state, panel=True), alike(state, panel=False), NOW)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, 2, 3, 4], None),
        ([1, 2, 3, 4, 5], (2, 3, 4, 5)),
        ([6, 6, 6, 6, 6], (6, 6, 6, 5)),
        ([1, 1, 1, 1, 400], (1, 1, 1, 5)),
        ([2, 4, 6, 8, 10, 12, 14, 16], (4, 8, 12, 8)),
        ([0, 0, 0.1, 0.5, 1.1], (1, 1, 1, 5)),
    ],
)
def test_the_middle_half_in_begun_days(days: list[float], expected: tuple[int, int, int, int] | None) -> None:
    assert pace_of([timedelta(days=each) for each in days]) == (Pace(*expected) if expected else None)


def test_five_of_the_programme_are_enough(room: Flask) -> None:
    call = make.call()
    stays(call, 2, 3, 4, 5)
    assert known(call) is None
    stays(call, 6)
    assert known(call) == Pace(3, 4, 5, 5)


def test_with_too_few_in_the_programme_all_of_them_count(room: Flask) -> None:
    call, other = make.call(), make.call("AIR-2021")
    stays(call, 1, 1)
    stays(other, 9, 9, 9)
    assert known(call) == Pace(1, 9, 9, 5)


def test_only_stays_that_ended_other_than_by_a_withdrawal(room: Flask) -> None:
    call = make.call()
    stays(call, 2, 2, 2, 2)
    moved(make.proposal(call), (S.SUBMITTED, 90))
    moved(make.proposal(call, S.WITHDRAWN), (S.SUBMITTED, 90), (S.WITHDRAWN, 1))
    moved(make.proposal(call), (S.SUBMITTED, 50), (S.ELIGIBLE, 40), action=Action.PROPOSAL_RESTORE)
    assert known(call) is None


def test_only_the_last_three_years(room: Flask) -> None:
    call = make.call()
    stays(call, 2, 2, 2, 2)
    moved(make.proposal(call, S.ELIGIBLE), (S.SUBMITTED, 3 * 365 + 1), (S.ELIGIBLE, 3 * 365 - 10))
    assert known(call) is None


def test_a_recorded_decision_is_no_end_of_the_review(room: Flask) -> None:
    """Until it is released the team reads "Under review", and the number tells no more than that."""
    call = make.call()
    for _ in range(5):
        moved(make.proposal(call, S.DECIDED), (S.IN_REVIEW, 100), (S.DECIDED, 90))
    assert known(call, S.IN_REVIEW) is None
    for _ in range(5):
        moved(make.proposal(call, S.SELECTED), (S.IN_REVIEW, 100), (S.DECIDED, 90), (S.SELECTED, 80))
    assert known(call, S.IN_REVIEW) == Pace(20, 20, 20, 5)


def test_without_a_panel_nothing_tells_of_one(room: Flask) -> None:
    call = make.call(panel=False)
    for _ in range(5):
        moved(make.proposal(call, S.SELECTED), (S.ELIGIBLE, 50), (S.MATCHED, 45), (S.DECIDED, 42), (S.SELECTED, 40))
    assert known(call, S.ELIGIBLE) == Pace(10, 10, 10, 5)
    assert known(call, S.IN_REVIEW) is None
    assert known(call, S.MATCHED) is None


def test_a_second_stay_counts_by_itself(room: Flask) -> None:
    call = make.call()
    for _ in range(3):
        moved(make.proposal(call, S.ELIGIBLE), (S.SUBMITTED, 60), (S.RETURNED, 55), (S.SUBMITTED, 40), (S.ELIGIBLE, 30))
    assert known(call) == Pace(5, 5, 10, 6)


def test_the_applicants_page_says_it_where_somebody_else_is_waited_for(app: Flask) -> None:
    office = Office(app)

    def read(who: str, name: str) -> str:
        return str(office.browser(who).get(f"/proposals/{office.w.proposals[name]}").text)

    # six of the world's proposals were screened within a day, of two programmes; five in this one
    assert "This step usually takes 1 day." in read("F2", "P2")
    assert "This step takes" not in read("F1", "P1"), "only three left the review"
    assert "This step takes" not in read("F2", "P5"), "a draft waits for its own team"
