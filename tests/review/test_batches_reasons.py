"""Why somebody does not review a proposal of a batch: what is said of each is true of them."""

from __future__ import annotations

import pytest
from flask import Flask

from intake.review import costing, engine, planning, solving
from intake.review.explaining import Standing, loads_of, standings
from intake.review.gathering import Facts
from intake.review.models import Batch
from intake.review.solution import Planned
from intake.review.wishes import Wishes
from intake.vocabulary import Objective
from tests.factories.matched import Trial, trial
from tests.review.test_batches import pairs, proposed


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and nine reviewers, so that some have nothing."""
    return trial(8, 9)


def facts_of(batch: Batch) -> Facts:
    """What the engine was given."""
    return solving.facts_of(batch) or {}


def rows_of(batch: Batch, wishes: Wishes, proposal_id: int) -> list[Standing]:
    """Everybody beside the proposal."""
    facts, found = facts_of(batch), solving.kept_answer(batch).pairs
    own = [each for each in found if each.pair[0] == proposal_id]
    return standings(facts, wishes, proposal_id, own, loads_of(facts, found))


@pytest.mark.parametrize("objective", list(Objective))
def test_who_has_room_and_scores_less_is_not_said_to_be_better_elsewhere(world: Trial, objective: Objective) -> None:
    wishes = world.wishes(objective=objective, stability=0.0)
    batch = proposed(world, objective=objective, stability=0.0)
    told = set()
    for proposal in world.proposals:
        rows = rows_of(batch, wishes, proposal)
        least = min(row.score for row in rows if row.there)
        for row in rows:
            if row.there or row.mark:
                continue
            told.add(row.binds)
            if row.load >= row.most:
                assert row.binds == "full"
            else:
                assert (row.score <= least, row.binds) == (True, "less"), (
                    "with room and more points they would be there"
                )
    assert "less" in told


def one_of(rows: list[Standing], score: float) -> Standing:
    """The standing of the reviewer with that score."""
    return next(row for row in rows if row.score == score)


def small() -> Facts:
    """One proposal and two reviewers with room, of whom the first has more points."""
    return {
        "proposals": {"1": ["matched", ""]}, "reviewers": {"1": [3, 0, 0], "2": [3, 0, 0], "3": [3, 0, 0]},
        "scores": {"1": {"1": 0.9, "2": 0.4, "3": 0.1}}, "bars": {}, "standing": [], "leads": {}, "withheld": [],
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(
    ("came_by", "best", "last"),
    [("solver", "elsewhere", "less"), ("held", "kept", "less"), ("locked", "taken", "taken"),
     ("standing", "taken", "taken"), ("forced", "taken", "taken")],
)  # fmt: skip
def test_what_binds_whoever_scores_more_is_told_by_how_the_pair_came(came_by: str, best: str, last: str) -> None:
    wishes = Wishes(proposals=(1,), reviewers=(1, 2, 3), due_at=None, need=1)  # type: ignore[arg-type]
    found = [Planned((1, 2), 0.4, came_by)]
    rows = standings(small(), wishes, 1, found, loads_of(small(), found))
    assert (one_of(rows, 0.9).binds, one_of(rows, 0.4).binds, one_of(rows, 0.1).binds) == (best, None, last)


@pytest.mark.once
def test_where_a_place_is_free_nobody_scores_too_little() -> None:
    wishes = Wishes(proposals=(1,), reviewers=(1, 2, 3), due_at=None, need=2)  # type: ignore[arg-type]
    found = [Planned((1, 2), 0.4, "solver")]
    rows = standings(small(), wishes, 1, found, loads_of(small(), found))
    assert [row.binds for row in rows] == ["elsewhere", None, "elsewhere"]


def test_who_is_in_the_best_total_costs_nothing_and_whoever_else_may_be_has_a_cost(world: Trial) -> None:
    wishes = world.wishes(objective=Objective.TOTAL, stability=0.0)
    batch = planning.propose(world.call, "Total", wishes, by=world.coordinator)
    proposal = world.proposals[0]
    there = {reviewer for each, reviewer in pairs(batch) if each == proposal}
    costs = costing.costs(facts_of(batch), wishes, proposal)
    assert {who for who, cost in costs.items() if cost == 0.0} >= there
    open_ = {each for each in world.judges if engine.mark_of(facts_of(batch), (proposal, each)) is None}
    assert set(costs) == open_
