"""What is said of a pair, and what is asked with what if, is what a new solution shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.solver import flow, measures
from intake.solver.explaining import candidates, forcing, why
from intake.solver.instance import BadInput, instance
from intake.solver.solving import solve
from intake.solver.what_if import Change, what_if
from tests.solver.everything import Plain, plain

pytestmark = pytest.mark.once

SCORES = {("A", "x"): 0.9, ("A", "y"): 0.5, ("A", "z"): 0.1, ("B", "x"): 0.8, ("B", "y"): 0.2, ("B", "z"): 0.1}
ONE_EACH = {"x": (1, 0), "y": (1, 0), "z": (1, 0)}


@settings(max_examples=200, deadline=None)
@given(plain(), st.data())
def test_the_cost_of_forcing_a_pair_is_the_difference_of_two_solutions(given: Plain, data: st.DataObject) -> None:
    made = given.made
    taken = solve(made).taken
    for number in range(len(made.p)):
        locked = made.locked.copy()
        locked[number] = True
        forced = replace(made, locked=locked)
        too_much = locked[made.p == made.p[number]].sum() > made.needs[made.p[number]]
        too_much |= locked[made.r == made.r[number]].sum() > made.max_loads[made.r[number]]
        cost = forcing(made, taken, made.pair(number))
        if too_much:
            assert cost is None or taken[number]
            continue
        again = flow.best(forced, flow.whole(made.scores))
        assert cost == pytest.approx(measures.total(made, taken) - measures.total(made, again), abs=1e-9)


def test_what_is_said_of_an_assigned_pair() -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    found = why(made, solve(made).taken, ("A", "y"))
    assert (found.taken, found.rank, found.among, found.cost) == (True, 2, 3, 0.0)
    assert found.next_best is not None
    assert found.next_best.reviewer == "x"
    assert str(found.binds) == "x would be a better match and is at the largest load."


def test_what_is_said_of_a_pair_that_was_not_assigned() -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    found = why(made, solve(made).taken, ("A", "x"))
    assert (found.taken, found.rank) == (False, 1)
    assert found.cost == pytest.approx(0.2)
    assert str(found.binds) == "x is at the largest load (1 of 1); forcing it costs 0.2."


def test_a_conflict_and_a_pair_without_a_score_are_told_apart() -> None:
    scores = {pair: score for pair, score in SCORES.items() if pair != ("A", "z")}
    made = instance({"A": 1, "B": 1}, ONE_EACH, scores, conflicts=[("A", "x")])
    taken = solve(made).taken
    assert str(why(made, taken, ("A", "x")).binds) == "There is a conflict."
    assert str(why(made, taken, ("A", "z")).binds) == "It has no score, so it may not be assigned."


def test_candidates_stand_best_first_and_equal_scores_share_a_rank() -> None:
    made = instance({"A": 1}, ONE_EACH, {("A", "z"): 0.5, ("A", "y"): 0.5, ("A", "x"): 0.1})
    found = candidates(made, solve(made).taken, "A")
    assert [(each.reviewer, each.rank) for each in found] == [("y", 1), ("z", 1), ("x", 3)]


def test_what_if_shows_changed_pairs_and_the_cost() -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    found = what_if(solve(made), Change(force=[("A", "x")]))
    assert found.added == (("A", "x"), ("B", "y"))
    assert found.removed == (("A", "y"), ("B", "x"))
    assert found.cost == pytest.approx(0.2)
    assert (found.coverage_before, found.coverage_after) == (1.0, 1.0)


def test_what_if_somebody_may_do_more_or_a_proposal_needs_more() -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    more = what_if(solve(made), Change(loads={"x": 2}))
    assert (more.added, more.removed) == ((("A", "x"),), (("A", "y"),))
    assert more.cost == pytest.approx(-0.4)
    needed = what_if(solve(made), Change(needs={"A": 3}))
    assert needed.coverage_after == 0.75


def test_what_if_a_pair_is_forbidden() -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    found = what_if(solve(made), Change(forbid=[("B", "x"), ("B", "y")]))
    assert found.removed == (("A", "y"), ("B", "x"))
    assert found.added == (("A", "x"), ("B", "z"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(force=[("A", "nobody")]), "There is no nobody here."),
        (Change(force=[("A", "x"), ("A", "y")]), "More pairs of A are locked than it needs reviews."),
        (Change(force=[("A", "x"), ("B", "x")]), "More pairs of x are locked than its largest load allows."),
        (Change(force=[("A", "x")], forbid=[("A", "x")]), "A locked pair cannot be forbidden."),
        (Change(loads={"x": -1}), "-1 is not between 0 and 1000000."),
    ],
)
def test_what_cannot_be_is_refused_in_words(change: Change, said: str) -> None:
    made = instance({"A": 1, "B": 1}, ONE_EACH, SCORES)
    with pytest.raises(BadInput) as refused:
        what_if(solve(made), change)
    assert str(refused.value) == said


def test_the_costs_are_exact_at_a_thousand_pairs() -> None:
    chance = np.random.default_rng(7)
    scores = {(f"P{i}", f"R{j}"): float(chance.integers(0, 1000)) / 1000 for i in range(40) for j in range(25)}
    made = instance({f"P{i}": 2 for i in range(40)}, {f"R{j}": (4, 1) for j in range(25)}, scores)
    taken = solve(made).taken
    for number in range(0, 1000, 37):
        locked = np.arange(1000) == number
        again = flow.best(replace(made, locked=locked), flow.whole(made.scores))
        difference = measures.total(made, taken) - measures.total(made, again)
        assert forcing(made, taken, made.pair(number)) == pytest.approx(difference, abs=1e-9)
