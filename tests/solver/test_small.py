"""On every small instance the engine finds what trying every assignment finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.solver import measures
from intake.solver.frontier import frontier
from intake.solver.instance import Mask
from intake.solver.solving import Solution, solve
from tests.solver.everything import Outcome, Plain, outcomes, plain

pytestmark = pytest.mark.once

NEAR = 1e-8


def outcome(solution: Solution) -> Outcome:
    found = measures.measure(solution.made, solution.taken)
    return Outcome(found.filled, found.missing_least, float("inf") if found.floor is None else found.floor, found.total)


def assert_holds(given: Plain, taken: Mask) -> None:
    """Loads, needs, conflicts, locks; a mask cannot hold a pair twice."""
    made = given.made
    pairs = {made.pair(number) for number in taken.nonzero()[0].tolist()}
    assert given.locked <= pairs <= given.scores.keys() - given.conflicts
    assert (measures.loads(made, taken) <= made.max_loads).all()
    assert (measures.reviews(made, taken) <= made.needs).all()


@settings(max_examples=300, deadline=None)
@given(plain())
def test_the_total_is_the_best_of_all_assignments(given: Plain) -> None:
    every, found = outcomes(given), solve(given.made)
    assert_holds(given, found.taken)
    got = outcome(found)
    assert (got.filled, got.missing) == (every[0].filled, every[0].missing)
    assert got.total == pytest.approx(max(each.total for each in every), abs=NEAR)


@settings(max_examples=300, deadline=None)
@given(plain())
def test_fair_finds_the_best_floor_and_the_best_total_at_it(given: Plain) -> None:
    every, found = outcomes(given), solve(given.made, "fair")
    assert_holds(given, found.taken)
    best = max(each.floor for each in every)
    got = outcome(found)
    assert (got.filled, got.missing) == (every[0].filled, every[0].missing)
    assert got.floor == pytest.approx(best, abs=NEAR)
    assert got.total == pytest.approx(max(each.total for each in every if each.floor >= best - NEAR), abs=NEAR)
    assert found.floor_bound is None or found.floor_bound >= best - NEAR


@settings(max_examples=200, deadline=None)
@given(plain(), st.sampled_from([-1.0, 0.0, 0.5, 1.0, 1.7, 2.0, 3.0]))
def test_a_floor_gives_the_best_total_at_or_above_it_or_else_the_best_floor(given: Plain, floor: float) -> None:
    every, got = outcomes(given), outcome(solve(given.made, floor=floor))
    least = min(floor, max(each.floor for each in every))
    assert got.floor >= least - NEAR
    assert got.total == pytest.approx(max(each.total for each in every if each.floor >= least - NEAR), abs=NEAR)


@settings(max_examples=100, deadline=None)
@given(plain())
def test_the_points_to_choose_from_begin_and_end_at_the_best_and_none_is_beaten(given: Plain) -> None:
    every, points = outcomes(given), frontier(given.made)
    if not any(given.needs.values()):
        assert points == []
        return
    assert points[0].total == pytest.approx(max(each.total for each in every), abs=NEAR)
    assert points[-1].floor == pytest.approx(max(each.floor for each in every), abs=NEAR)
    for point in points:
        assert_holds(given, point.taken)
        beaten = [each for each in every if each.floor >= point.floor - NEAR and each.total > point.total + NEAR]
        assert beaten == []
    assert sorted({each.floor for each in points}) == [each.floor for each in points]
    assert sorted({each.total for each in points}, reverse=True) == [each.total for each in points]
