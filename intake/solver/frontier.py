"""The choice between total and floor: a few whole assignments, none of which is beaten in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intake.solver import bounds, fair, measures, stable
from intake.solver.instance import Instance, Mask

POINTS = 5
TRIES = 16
"""So many floors are tried at most between the two ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """One assignment to choose: its smallest score of a proposal, and its total."""

    floor: float
    total: float
    taken: Mask


def frontier(made: Instance, points: int = POINTS, stability: float = stable.DEFAULT) -> list[Point]:
    """Assignments from the best total to the best floor, floor ascending and total descending.

    At least ``points`` of them where there are so many; one where the best total has the best floor already, none
    where no proposal needs reviews. All have the same coverage. ``points`` is at least 2: the two ends.
    """
    if points < 2:
        raise ValueError(points)
    taken, values, optimum = stable.settled(made, stability)
    asking = int((made.needs > 0).sum())
    if not asking:
        return []
    best = bounds.tops(made)
    full = int(taken.sum()) == int(made.needs.sum())
    bound = bounds.rounded_down(made, min(bounds.alone(made, best, full), optimum / asking))
    fairest, _ = fair.fairest(made, values, taken, best, bound, None)
    found = [_point(made, taken), _point(made, fairest)]
    wanted = [found[0].floor + (found[1].floor - found[0].floor) * i / (points - 1) for i in range(1, points - 1)]
    tried: set[float] = set()
    for _ in range(TRIES):
        floor = wanted.pop(0) if wanted else _next(found, tried)
        if floor is None or (not wanted and len(_best(found)) >= points):
            break
        tried.add(floor)
        point = _point(made, fair.fairest(made, values, taken, best, bound, floor)[0])
        beaten = max((each for each in found if each.floor >= floor), key=lambda each: each.total)
        if beaten.total >= point.total:
            point = _point(made, fair.loosened(made, values, beaten.taken, best, floor))
        found.append(point)
    return _best(found)


def _point(made: Instance, taken: Mask) -> Point:
    return Point(measures.floor_of(made, taken) or 0.0, measures.total(made, taken), taken)


def _next(found: list[Point], tried: set[float]) -> float | None:
    """A floor that was not tried: the middle of the widest gap, or just above its lower end where the middle only gave
    its upper end; None where all gaps were."""
    floors = sorted({each.floor for each in _best(found)})
    for place in np.argsort(-np.diff(floors), kind="stable").tolist():
        low, high = float(floors[place]), float(floors[place + 1])
        inside = [each for each in tried if low < each <= high]
        for floor in ((low + high) / 2, low + (high - low) / 1000):
            if all(each > floor for each in inside):
                return floor
    return None


def _best(found: list[Point]) -> list[Point]:
    """Those that no other beats, floor ascending."""
    kept: list[Point] = []
    for each in sorted(found, key=lambda point: (-point.floor, -point.total)):
        if not kept or each.total > kept[-1].total + 1e-9 * abs(each.total):
            kept.append(each)
    return kept[::-1]
