"""At the size of a real call: against exact programmes, after a withdrawal, and in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from intake.solver import measures, pricing
from intake.solver.frontier import frontier
from intake.solver.instance import Instance, Real, with_loads
from intake.solver.solving import solve
from tests.solver.making import instance

pytestmark = pytest.mark.once

Drawing = Callable[[np.random.Generator, int], Real]


def graded(chance: np.random.Generator, count: int) -> Real:
    return np.round(chance.beta(2, 3, count), 4)


def tied(chance: np.random.Generator, count: int) -> Real:
    return chance.choice([0.0, 1.0, 2.0, 3.0], count, p=[0.85, 0.06, 0.05, 0.04])


def drawn(draw: Drawing, seed: int, size: tuple[int, int, int], most: int) -> Instance:
    """So many proposals, reviewers, and candidates a proposal; three reviews each."""
    chance = np.random.default_rng(seed)
    proposals, reviewers, candidates = size
    pairs = [(f"P{i}", f"R{j}") for i in range(proposals) for j in chance.permutation(reviewers)[:candidates].tolist()]
    scores = dict(zip(pairs, draw(chance, len(pairs)).tolist(), strict=True))
    loads = {f"R{j}": (most, 0) for j in range(reviewers)}
    return instance({f"P{i}": 3 for i in range(proposals)}, loads, scores)


def contested(seed: int, proposals: int, reviewers: int) -> Instance:
    """Everybody wants the same few reviewers; three reviews each, no load to spare but a few."""
    chance = np.random.default_rng(seed)
    wanted = 0.9 * chance.random(reviewers) ** 2
    own = 0.1 * chance.random((proposals, reviewers))
    scores = {
        (f"P{i}", f"R{j}"): round(float(wanted[j] + own[i, j]), 4) for i in range(proposals) for j in range(reviewers)
    }
    return instance({f"P{i}": 3 for i in range(proposals)}, {f"R{j}": (3, 0) for j in range(reviewers)}, scores)


def programme(made: Instance, floor: float, *, parts: bool) -> Real | None:
    """The best total at a floor by another solver, as the part of each pair: 0 or 1, or with ``parts`` anything
    between, which no total can be above. None where no assignment has that floor."""
    count = len(made.p)
    by_p = sparse.csr_array((np.ones(count), (made.p, np.arange(count))))
    by_r = sparse.csr_array((np.ones(count), (made.r, np.arange(count))))
    sums = sparse.csr_array((made.scores, (made.p, np.arange(count))))
    limits = [
        LinearConstraint(by_p, made.needs, made.needs),
        LinearConstraint(by_r, -np.inf, made.max_loads),
        LinearConstraint(sums, floor - 1e-9, np.inf),
    ]
    whole = np.zeros(count) if parts else np.ones(count)
    found: Real | None = milp(
        -made.scores, integrality=whole, bounds=Bounds(0, 1), constraints=limits, options={"mip_rel_gap": 0.0}
    ).x
    return found


def relaxed(made: Instance, floor: float) -> float:
    """What no total at the floor can be above."""
    found = programme(made, floor, parts=True)
    assert found is not None
    return float(made.scores @ found)


def every_choice(made: Instance) -> list[tuple[float, float]]:
    """All floors and totals that no assignment beats in both, one exact programme each; scores have four decimals."""
    found: list[tuple[float, float]] = []
    while (whole := programme(made, found[-1][0] + 5e-5 if found else -1e9, parts=False)) is not None:
        taken = whole > 0.5
        found.append((round(measures.floor_of(made, taken) or 0.0, 4), round(measures.total(made, taken), 4)))
    return found


@pytest.mark.parametrize("draw", [graded, tied])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_total_is_the_programmes_and_the_choice_is_near_it_at_every_floor(draw: Drawing, seed: int) -> None:
    made = drawn(draw, seed, (100, 60, 30), 5)
    assert measures.total(made, solve(made).taken) == pytest.approx(relaxed(made, -1e9), rel=1e-9)
    points = frontier(made)
    fair = solve(made, "fair")
    assert points[-1].floor == pytest.approx(fair.floor_bound)
    for point in points:
        assert point.total >= 0.999 * relaxed(made, point.floor)


@pytest.mark.parametrize("seed", range(6))
def test_where_there_are_fewer_than_five_points_there_are_no_more(seed: int) -> None:
    """With room for everybody little is in the way of the poorest: the whole choice is short, and all is given."""
    made = drawn(graded, seed, (40, 60, 60), 3)
    points = [(round(each.floor, 4), round(each.total, 4)) for each in frontier(made)]
    assert len(points) < 5
    assert points == every_choice(made)


@pytest.mark.parametrize("seed", [0, 2, 3, 7])
def test_where_everybody_wants_the_same_few_small_calls_are_exact(seed: int) -> None:
    """The hardest kind: the poorest proposal's score is a question of adding up, which no flow answers."""
    made = contested(seed, 7, 9)
    fair = solve(made, "fair")
    floor, total = every_choice(made)[-1]
    assert measures.floor_of(made, fair.taken) == pytest.approx(floor)
    assert measures.total(made, fair.taken) == pytest.approx(total)


def test_prices_find_a_better_total_at_the_same_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few topics and no load to spare: the first way up to the floor is seldom the cheapest."""
    chance = np.random.default_rng(1)
    of_p, of_r = (chance.dirichlet(np.full(10, 0.3), count) for count in (118, 177))
    likeness = np.round(of_p @ of_r.T + 0.02 * chance.random((118, 177)), 4)
    scores = {(f"P{i}", f"R{j}"): float(likeness[i, j]) for i in range(118) for j in range(177)}
    made = instance({f"P{i}": 3 for i in range(118)}, {f"R{j}": (2, 0) for j in range(177)}, scores)
    found = solve(made, "fair")
    monkeypatch.setattr(pricing, "ROUNDS", 0)
    first = solve(made, "fair")
    assert measures.floor_of(made, found.taken) == measures.floor_of(made, first.taken) == found.floor_bound
    assert measures.total(made, found.taken) > 1.0003 * measures.total(made, first.taken)


def test_there_are_five_points_to_choose_from_on_graded_scores() -> None:
    points = frontier(drawn(graded, 5, (100, 50, 20), 6))
    assert len(points) >= 5
    assert [each.floor for each in points] == sorted({each.floor for each in points})
    assert [each.total for each in points] == sorted({each.total for each in points}, reverse=True)


@pytest.mark.parametrize("draw", [graded, tied])
@pytest.mark.parametrize("seed", range(5))
def test_after_a_withdrawal_no_pair_changes_that_need_not_unless_that_costs_too_much(draw: Drawing, seed: int) -> None:
    before = drawn(draw, seed, (118, 177, 60), 3)
    taken = solve(before).taken
    reviewer = int(np.argmax(measures.loads(before, taken)))
    loads = before.max_loads.copy()
    loads[reviewer] = 0
    after = replace(with_loads(before, loads), held=taken)
    lost = int(taken[after.r == reviewer].sum())
    stable, best = solve(after).taken, measures.total(after, solve(after, stability=0).taken)
    assert measures.total(after, stable) >= 0.998 * best
    rigid = solve(after, stability=100).taken
    assert int((taken & ~rigid).sum()) == int((rigid & ~taken).sum()) == lost
    if measures.total(after, rigid) >= 0.998 * best:
        assert (stable == rigid).all()


def test_the_slider_gives_more_total_for_more_change() -> None:
    before = drawn(graded, 9, (118, 177, 60), 3)
    chance = np.random.default_rng(1)
    after = replace(
        before, held=solve(before).taken, scores=np.round(before.scores + chance.normal(0, 0.2, len(before.p)), 4)
    )
    best = measures.total(after, solve(after, stability=0).taken)
    kept = []
    for stability in (0.0, 0.2, 1.0, 5.0, 100.0):
        taken = solve(after, stability=stability).taken
        assert measures.total(after, taken) >= best * (1 - stability / 100) - 1e-9
        kept.append(int((taken & after.held).sum()))
    assert kept == sorted(kept)
    assert kept[-1] == 354


def test_locked_pairs_stay_whatever_they_cost() -> None:
    made = drawn(graded, 4, (60, 30, 20), 7)
    worst = np.zeros(len(made.p), np.bool_)
    worst[[int(np.flatnonzero(made.p == i)[np.argmin(made.scores[made.p == i])]) for i in range(0, 60, 7)]] = True
    locked = replace(made, locked=worst)
    for solution in (solve(locked), solve(locked, "fair"), solve(locked, floor=0.5)):
        assert solution.taken[worst].all()


def test_huge_tiny_and_negative_scores_lose_nothing() -> None:
    made = drawn(graded, 6, (60, 30, 20), 7)
    best = measures.total(made, solve(made).taken)
    for factor in (1e12, 1e-12, 1 / 3):
        scaled = replace(made, scores=made.scores * factor)
        assert measures.total(scaled, solve(scaled).taken) == pytest.approx(best * factor, rel=1e-9)
    lowered = replace(made, scores=made.scores - 5)
    assert measures.total(lowered, solve(lowered).taken) == pytest.approx(best - 5 * 180, rel=1e-9)
