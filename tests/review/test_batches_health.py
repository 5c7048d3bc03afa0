"""The numbers of a batch equal the engine's, and the reasons name what binds."""

from __future__ import annotations

import numpy as np
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.review import costing, engine, planning, solving
from intake.review.engine import instance_of
from intake.review.explaining import loads_of, reason, room_of, standings
from intake.review.health import gini, health, histogram, load_counts, percentile, under
from intake.review.solution import Planned
from intake.review.wishes import Said, forbid, force
from intake.solver import measures
from intake.vocabulary import Objective
from tests.factories.matched import trial
from tests.review.test_batches import proposed
from tests.solver.making import instance

SCORES = st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=30)


@pytest.mark.once
@given(SCORES)
@settings(deadline=None)
def test_percentile_and_gini_are_those_of_the_engine(values: list[float]) -> None:
    ordered = sorted(values)
    assert percentile(ordered, 0.10) == pytest.approx(float(np.percentile(values, 10)))
    theirs = measures.gini(np.array(values))
    ours = gini(ordered)
    assert (ours is None) == (theirs is None)
    assert ours is None or ours == pytest.approx(theirs)


@pytest.mark.once
@given(SCORES)
@settings(deadline=None)
def test_every_value_stands_in_one_bar(values: list[float]) -> None:
    bars = histogram(values)
    assert sum(each.count for each in bars) == len(values)
    assert all(each.low <= each.high for each in bars)


@pytest.mark.once
@given(SCORES)
@settings(deadline=None)
def test_bars_are_as_wide_as_a_hand_would_draw_them(values: list[float]) -> None:
    bars = histogram(values)
    width = bars[0].high - bars[0].low
    power = 10.0 ** np.floor(np.log10(width * (1 + 1e-9)))
    assert round(width / power, 6) in (1, 2, 5)
    assert len(bars) <= 9
    assert (bars[0].low, bars[-1].high >= max(values) * (1 - 1e-9)) == (0, True)
    for bar in bars:
        assert bar.count == sum(bar.low - 1e-9 * width <= each < bar.high * (1 - 1e-9) for each in values) or (
            bar is bars[-1]
        )


@pytest.mark.once
def test_bars_begin_and_end_where_they_are_easily_read() -> None:
    found = [(f"{each.low * 100:.1f}", f"{each.high * 100:.1f}", each.count) for each in histogram([0.135, 0.2, 1.08])]
    assert found == [
        ("0.0", "20.0", 1), ("20.0", "40.0", 1), ("40.0", "60.0", 0), ("60.0", "80.0", 0), ("80.0", "100.0", 0),
        ("100.0", "120.0", 1),
    ]  # fmt: skip
    assert [(each.low, each.high, each.count) for each in histogram([0.0, 0.0])] == [(0.0, 0.01, 2)]


@pytest.mark.once
def test_what_is_short_or_low_is_told_with_its_reason() -> None:
    pairs = [Planned((1, 1), 0.9, "solver"), Planned((1, 2), 0.8, "solver"), Planned((2, 1), 0.1, "solver")]
    needs = {1: 2, 2: 2, 3: 1}
    found = health(pairs, needs, {1: 2, 2: 3, 3: 1, 4: 0})
    assert (found.filled, found.needed, found.floor) == (3, 5, 0.0)
    assert (list(found.idle), list(found.full)) == ([3], [1])
    assert load_counts(found.loads) == [(0, 1), (1, 1), (2, 1)], "who may have none is not without a review"
    told = {row.proposal_id: str(row.why) for row in under(found, needs, {1: [0.9], 2: [0.5, 0.4], 3: []}, pairs)}
    assert told == {
        2: "1 of 2 reviews have nobody: the reviewers are full.",
        3: "Only 0 reviewers may be assigned, and it needs 1.",
    }


@pytest.mark.once
def test_nothing_has_no_numbers() -> None:
    found = health([], {}, {})
    assert (found.total, found.floor, found.p10, found.mean, found.gini, found.coverage) == (
        0,
        None,
        None,
        None,
        None,
        1,
    )
    assert (histogram([]), load_counts({})) == ([], [])


def test_the_pages_numbers_are_those_of_the_report(room: Flask) -> None:
    world = trial()
    batch = proposed(world)
    facts, pairs = solving.facts_of(batch) or {}, solving.kept_answer(batch).pairs
    found = health(pairs, dict.fromkeys(world.proposals, 2), room_of(facts, world.wishes()))
    assert found.total == pytest.approx(batch.result["total"])
    assert found.floor == pytest.approx(batch.result["floor"])
    assert (found.filled, found.needed) == (batch.result["filled"], batch.result["needed"])


def test_the_cost_of_forcing_is_what_forcing_costs(room: Flask) -> None:
    """For the best total: by how much the optimum falls, read without a re-solve, equals the re-solve."""
    world = trial()
    wishes = world.wishes(objective=Objective.TOTAL, stability=0.0)
    batch = planning.propose(world.call, "Total", wishes, by=world.coordinator)
    facts, best = solving.facts_of(batch) or {}, batch.result["total"]
    proposal = world.proposals[0]
    costs = costing.costs(facts, wishes, proposal)
    assert sorted(costs) == world.judges
    assert sum(not cost for cost in costs.values()) >= 2  # of five reviewers two are there
    for reviewer, cost in costs.items():
        after = engine.solved(facts, force(wishes, (proposal, reviewer)), whole=False)
        assert cost == pytest.approx(best - after.total, abs=1e-6)


def test_the_cost_is_told_where_reviews_are_missing_too(room: Flask) -> None:
    world = trial()
    wishes = world.wishes(objective=Objective.TOTAL, stability=0.0, needs=dict.fromkeys(world.proposals, 5))
    batch = planning.propose(world.call, "Too much", wishes, by=world.coordinator)
    facts, best = solving.facts_of(batch) or {}, batch.result["total"]
    assert batch.result["filled"] < batch.result["needed"]
    proposal = world.proposals[0]
    costs = costing.costs(facts, wishes, proposal)
    assert costs
    for reviewer, cost in costs.items():
        after = engine.solved(facts, force(wishes, (proposal, reviewer)), whole=False)
        assert cost == pytest.approx(max(best - after.total, 0.0), abs=1e-6)


def test_with_too_many_pairs_for_a_page_no_cost_is_told(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = trial()
    batch = proposed(world)
    facts = solving.facts_of(batch) or {}
    monkeypatch.setattr(engine, "SMALL", 0)
    assert costing.costs(facts, world.wishes(), world.proposals[0])
    monkeypatch.setattr(costing, "MANY", 1)
    assert costing.costs(facts, world.wishes(), world.proposals[0]) == {}


def test_reasons_name_rank_next_best_and_what_binds(room: Flask) -> None:
    world = trial()
    batch, by = proposed(world), world.coordinator
    pair = sorted(each.pair for each in solving.kept_answer(batch).pairs)[0]
    planning.change(batch, world.call, lambda wishes: forbid(wishes, pair), Said("forbid", *pair), seen=1, by=by)
    facts, pairs = solving.facts_of(batch) or {}, solving.kept_answer(batch).pairs
    own = [each for each in pairs if each.pair[0] == pair[0]]
    rows = standings(facts, world.wishes(forbidden=frozenset({pair})), pair[0], own, loads_of(facts, pairs))
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert {row.reviewer_id: row.binds for row in rows}[pair[1]] == "forbidden"
    there = [row for row in rows if row.there]
    assert {row.binds for row in there} == {None}
    why = reason(rows, there[0].reviewer_id)
    assert (why.rank, why.of) == (there[0].rank, 5)
    assert why.next_best == next(row for row in rows if row.there is None)


def test_the_instance_of_the_engine_is_the_one_that_the_facts_describe(room: Flask) -> None:
    world = trial()
    facts, wishes = solving.facts_of(proposed(world)) or {}, world.wishes()
    made = instance_of(facts, wishes)
    same = instance(
        {str(each): 2 for each in world.proposals},
        {str(each): (world.call.reviewer_load, 0) for each in world.judges},
        {(p, r): score for p, row in facts["scores"].items() for r, score in row.items()},
        conflicts=[(p, r) for p, row in facts["bars"].items() for r in row],
    )
    for name in ("p", "r", "scores", "needs", "max_loads", "min_loads", "locked", "held"):
        assert (getattr(made, name) == getattr(same, name)).all(), name
