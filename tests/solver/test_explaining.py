"""What forcing a pair costs is what a new solution shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.solver import flow, measures
from intake.solver.explaining import costs_of
from intake.solver.instance import BadInput
from intake.solver.solving import solve
from tests.solver.everything import Plain, plain
from tests.solver.making import instance

pytestmark = pytest.mark.once


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
        cost = costs_of(made, taken, made.proposals[made.p[number]])[number]
        if too_much and not taken[number]:
            assert cost == np.inf
            continue
        again = flow.best(forced, flow.whole(made.scores))
        assert cost == pytest.approx(measures.total(made, taken) - measures.total(made, again), abs=1e-9)


def test_a_proposal_that_is_not_there_is_refused_in_words() -> None:
    made = instance({"A": 1}, {"x": (1, 0)}, {("A", "x"): 0.5})
    with pytest.raises(BadInput) as refused:
        costs_of(made, solve(made).taken, "B")
    assert str(refused.value) == "There is no B here."


def test_where_a_review_is_missing_forcing_is_still_told() -> None:
    """A and B want x, who may do one: whoever has x, the other stays short."""
    made = instance({"A": 1, "B": 1}, {"x": (1, 0), "y": (0, 0)}, {("A", "x"): 0.9, ("B", "x"): 0.7, ("B", "y"): 0.5})
    taken = solve(made).taken
    assert costs_of(made, taken, "B").tolist() == [np.inf, pytest.approx(0.2), np.inf]


def test_the_costs_are_exact_at_a_thousand_pairs() -> None:
    chance = np.random.default_rng(7)
    scores = {(f"P{i}", f"R{j}"): float(chance.integers(0, 1000)) / 1000 for i in range(40) for j in range(25)}
    made = instance({f"P{i}": 2 for i in range(40)}, {f"R{j}": (4, 1) for j in range(25)}, scores)
    taken = solve(made).taken
    for number in range(0, 1000, 37):
        locked = np.arange(1000) == number
        again = flow.best(replace(made, locked=locked), flow.whole(made.scores))
        difference = measures.total(made, taken) - measures.total(made, again)
        assert costs_of(made, taken, made.pair(number)[0])[number] == pytest.approx(difference, abs=1e-9)
