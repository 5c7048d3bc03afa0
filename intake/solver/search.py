"""The search behind the fair assignment: proposals pushed up to a floor, others protected at it, the total polished.

All move at once, along exchanges of any length: each step is one exact flow over ladders (see ``ladder``).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import numpy as np

from intake.solver import bounds, flow, ladder, measures
from intake.solver.instance import Instance, Mask, Real, Whole

CLIMBED = 25_000
"""With more pairs than this no floors between the best one and the bound are tried: exchanges alone come as near."""
EFFORTS = ((CLIMBED, (40, 40, 60)), (300_000, (4, 2, 12)), (sys.maxsize, (5, 2, 80)))
"""By the number of pairs: flows to push with, flows to polish with, rounds of exchanges at a time."""
STALLED = 6
"""After so many flows in vain a search ends."""
NEAR = 1e-9
ENOUGH = 1e-4
"""Relative: a total so near to what it can be at most is not polished on."""
OTHERS = 0.02
"""What a score of a protected proposal counts while others are pushed."""
NONE = -1e290
SEED = 2020
"""Of the parts that are drawn: the same input gives the same output."""


@dataclass(slots=True, eq=False)
class Search:
    """One instance while it is searched: what never changes, and how many flows may still be asked for."""

    made: Instance
    values: Real
    best: Real
    base: Real
    left: Whole
    asking: Mask
    filled: int
    lacking: int
    flows: int
    polishes: int
    rounds: int
    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))

    def sums(self, taken: Mask) -> Real:
        """Each proposal's score; infinite where it needs no reviews, so that it is never below a floor."""
        return np.where(self.asking, measures.by_proposal(self.made, taken), np.inf)

    def floor(self, taken: Mask) -> float:
        """The smallest score of a proposal that needs reviews."""
        return float(self.sums(taken).min())

    def worth(self, taken: Mask) -> float:
        """The sum of the values."""
        return float(self.values[taken].sum())

    def necessary(self, floor: float) -> Real:
        """The ladders that a floor makes necessary."""
        wanted = np.where(self.asking, floor - self.base, NONE)
        return ladder.necessary(self.best, self.left, wanted)

    def flow(self, values: Real, rungs: Real) -> Mask | None:
        """The best assignment under the ladders, or None where they cost coverage or a smallest load."""
        taken = flow.best(self.made, flow.whole(values), ladder.steps(self.made, rungs, self.left))
        if int(taken.sum()) < self.filled or missing(self.made, taken) > self.lacking:
            return None
        return taken

    def protected(self, taken: Mask, sums: Real, floor: float, needed: Real, turn: int) -> Real:
        """Ladders that keep every sum at or above the floor where it is: in another manner each turn."""
        held = ladder.standing(self.made, taken, needed.shape[1])
        slack = np.where(np.isfinite(sums), sums - floor, -NONE)
        return np.maximum(ladder.protecting(held, self.left, slack, turn, self.chance), needed)


def searching(made: Instance, values: Real, start: Mask, best: Real) -> Search:
    """The search for an instance; ``start`` has the coverage that must be kept."""
    base, locked = bounds.locked_sums(made)
    left = made.needs - locked
    flows, polishes, rounds = next(effort for most, effort in EFFORTS if len(made.p) <= most)
    asking = made.needs > 0
    return Search(
        made, values, best, base, left, asking, int(start.sum()), missing(made, start), flows, polishes, rounds
    )


def missing(made: Instance, taken: Mask) -> int:
    """How many reviews are missing to smallest loads."""
    return int(np.maximum(made.min_loads - measures.loads(made, taken), 0).sum())


def push(search: Search, floor: float, needed: Real, taken: Mask) -> Mask:
    """Lift the proposals below the floor while the others are protected. Returns what lacks least to it."""
    nearest, least, stalled, turn = taken, np.inf, 0, 0
    while True:
        sums = search.sums(taken)
        lack = np.maximum(floor - sums, 0.0)
        below = lack > NEAR
        if not below.any():
            return taken
        if lack.sum() < least * 0.999:
            nearest, least, stalled = taken, float(lack.sum()), 0
        else:
            stalled += 1
        if stalled >= STALLED or search.flows <= 0:
            return nearest
        rungs = np.where(below[:, None], needed, search.protected(taken, sums, floor, needed, turn))
        weights = np.where(below, 1.0 + 3.0 * lack / lack.max(), OTHERS)
        search.flows -= 1
        moved = search.flow(search.made.scores * weights[search.made.p], rungs)
        if moved is None:
            return nearest
        taken, turn = moved, turn + 1


def polish(search: Search, floor: float, needed: Real, taken: Mask, most: float | None = None) -> Mask:
    """The total raised at the floor, all protected, until that is in vain; ``most`` is what it can be at most."""
    value, idle, turn = search.worth(taken), 0, 0
    aim = np.inf if most is None else most - ENOUGH * abs(most)
    while idle < STALLED and turn < search.polishes and value < aim:
        rungs = search.protected(taken, search.sums(taken), floor, needed, turn)
        moved, turn = search.flow(search.values, rungs), turn + 1
        gained = moved is not None and search.worth(moved) > value + 1e-7 * abs(value)
        idle = 0 if gained else idle + 1
        if gained and moved is not None:
            taken, value = moved, search.worth(moved)
    return taken
