"""The one place that speaks to the assignment engine: wishes and facts become its instance, and its answer plain data.

The engine's libraries are slow to load, so it is imported where something is solved and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from intake.review.barring import BLOCK, NEED_A_REASON
from intake.review.gathering import Facts
from intake.review.solution import Planned, Solved
from intake.review.wishes import Pair, Wishes

if TYPE_CHECKING:
    from intake.solver.instance import Instance
    from intake.solver.solving import Solution

SMALL = 20_000
"""Up to so many pairs of a proposal and a reviewer are solved at once, and one without a score counts as 0. Beyond, the
worker solves, and only pairs that have a score may be assigned."""
POINTS = 5
"""So many choices between total and floor are offered, where there are as many."""


def is_small(facts: Facts) -> bool:
    """Whether it is solved at once."""
    return len(facts["proposals"]) * len(facts["reviewers"]) <= SMALL


def solved(facts: Facts, wishes: Wishes, *, whole: bool = True) -> Solved:
    """What the engine finds; without ``whole`` only the pairs and the totals, for what is only tried."""
    from intake.solver import VERSION, infeasible, measures

    made = instance_of(facts, wishes)
    solution = _solve(made, wishes)
    found = measures.measure(made, solution.taken, wishes.threshold)
    report: dict[str, Any] = {
        "version": VERSION,
        "total": found.total,
        "best_total": solution.best_total,
        "floor": found.floor,
        "floor_bound": solution.floor_bound,
        "needed": found.needed,
        "filled": found.filled,
        "short": [_short(each) for each in infeasible.short(made, solution.taken)],
    }
    if whole:
        report["repair"] = _repair(solution)
        report["choices"] = _choices(made)
    return Solved(tuple(_pairs(solution, facts, wishes)), report)


def _short(each: Any) -> list[Any]:
    """Which proposal, how many reviews it lacks, and the reviewers at their largest load around it."""
    return [int(each.proposal), each.missing, [int(reviewer) for reviewer in each.exhausted]]


def _solve(made: Instance, wishes: Wishes) -> Solution:
    from intake.solver.solving import solve

    if wishes.floor is not None:
        return solve(made, "total", floor=wishes.floor, stability=wishes.stability)
    return solve(made, wishes.objective.value, stability=wishes.stability)


def instance_of(facts: Facts, wishes: Wishes) -> Instance:
    """The engine's instance. Needs and loads give way to what is locked; a block gives way to nothing."""

    import numpy as np

    from intake.solver.instance import arranged

    locked = locked_pairs(facts, wishes)
    has_p, has_r = Counter(p for p, _ in locked), Counter(r for _, r in locked)
    proposals, reviewers = tuple(sorted(facts["proposals"])), tuple(sorted(facts["reviewers"]))
    needs = [max(wishes.need_of(int(key)), has_p[int(key)]) for key in proposals]
    loads = []
    for key in reviewers:
        most, least, elsewhere = facts["reviewers"][key]
        room = max(wishes.loads.get(int(key), most) - elsewhere, has_r[int(key)], 0)
        loads.append((room, min(max(least - elsewhere, 0), room)))
    at_p, at_r = {key: i for i, key in enumerate(proposals)}, {key: i for i, key in enumerate(reviewers)}
    width = len(reviewers)

    def keys(pairs: Iterable[Pair]) -> Any:
        known = ((str(p), str(r)) for p, r in pairs)
        return np.array(sorted({at_p[p] * width + at_r[r] for p, r in known if p in at_p and r in at_r}), np.int64)

    scored = _scored(facts, at_p, at_r, locked)
    places = np.fromiter(scored.keys(), np.int64, len(scored))
    values = np.fromiter(scored.values(), np.float64, len(scored))
    may = ~np.isin(places, keys(pair for pair in _away(facts, wishes) if pair not in locked))
    return arranged(
        proposals,
        reviewers,
        np.array(needs, np.int64),
        np.array(loads, np.int64).reshape(-1, 2),
        places[may] // max(width, 1),
        places[may] % max(width, 1),
        values[may],
        conflicts=np.zeros(0, np.int64),
        locked=keys(locked),
        held=keys(wishes.held),
    )


def locked_pairs(facts: Facts, wishes: Wishes) -> set[Pair]:
    """What must be there: who reviews already, what is forced, and what is locked, where nothing blocks it."""
    here = {tuple(pair) for pair in facts["standing"]}
    wanted = {pair for pair in (*wishes.forced, *wishes.locked) if str(pair[0]) in facts["proposals"]}
    return here | {pair for pair in wanted if str(pair[1]) in facts["reviewers"] and not stopped(facts, wishes, pair)}


def mark_of(facts: Facts, pair: Pair) -> str | None:
    """How the pair is barred, if it is."""
    mark: str | None = facts["bars"].get(str(pair[0]), {}).get(str(pair[1]))
    return mark


def stopped(facts: Facts, wishes: Wishes, pair: Pair) -> bool:
    """Whether the pair may not be, even where it is forced: a block, or what needs a reason and has none."""
    mark = mark_of(facts, pair)
    return mark == BLOCK or (mark in NEED_A_REASON and not wishes.forced.get(pair))


def score_of(facts: Facts, pair: Pair) -> float:
    """The score of the pair; 0 where none is kept."""
    return float(facts["scores"].get(str(pair[0]), {}).get(str(pair[1]), 0.0))


def _scored(facts: Facts, at_p: dict[str, int], at_r: dict[str, int], locked: set[Pair]) -> dict[int, float]:
    """The score of every pair that may be, by ``proposal * reviewers + reviewer``: all pairs where they are few, else
    those that have a score or must be there."""
    width, few = len(at_r), is_small(facts)
    found: dict[int, float] = {}
    for p, place in at_p.items():
        row, base = facts["scores"].get(p, {}), place * width
        if few:
            found.update((base + i, float(row.get(r, 0.0))) for r, i in at_r.items())
        else:
            found.update((base + at_r[r], score) for r, score in row.items() if r in at_r)
    for pair in locked:
        found[at_p[str(pair[0])] * width + at_r[str(pair[1])]] = score_of(facts, pair)
    return found


def _away(facts: Facts, wishes: Wishes) -> set[Pair]:
    """What may not be chosen: forbidden, or barred and not forced."""
    barred = {(int(p), int(r)) for p, row in facts["bars"].items() for r in row}
    return set(wishes.forbidden) | barred


def _pairs(solution: Solution, facts: Facts, wishes: Wishes) -> Iterator[Planned]:
    here = {tuple(pair) for pair in facts["standing"]}
    for number in solution.taken.nonzero()[0].tolist():
        p, r = solution.made.pair(number)
        pair = int(p), int(r)
        if pair in here:
            came_by = "standing"
        elif pair in wishes.forced:
            came_by = "forced"
        elif pair in wishes.locked:
            came_by = "locked"
        else:
            came_by = "held" if pair in wishes.held else "solver"
        yield Planned(pair, float(solution.made.scores[number]), came_by)


def _repair(solution: Solution) -> dict[str, Any] | None:
    from intake.solver import flow, infeasible

    mend = infeasible.repair(solution.made, solution.taken, flow.whole(solution.made.scores))
    if mend is None:
        return None
    return {
        "reviews": mend.reviews,
        "raises": [[int(each.reviewer), each.before, each.after] for each in mend.raises],
        "recruits": [[int(each.proposal), each.reviews] for each in mend.recruits],
    }


def _choices(made: Instance) -> list[dict[str, Any]]:
    """Assignments from the best total to the best floor, none of which is beaten in both."""
    from intake.solver.frontier import frontier
    from intake.solver.measures import measure

    found = [measure(made, point.taken) for point in frontier(made, POINTS, 0.0)]
    return [
        {"total": each.total, "floor": each.floor, "p10": each.p10, "gini": each.gini, "mean": each.mean}
        for each in found
    ]
