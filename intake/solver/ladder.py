"""Ladders: how a flow, which knows single pairs only, keeps the sum of a proposal's pairs at or above a floor.

A ladder asks of a proposal that its best pair reaches c_1, its second best c_2, and so on. Such nested conditions still
make one exact flow (see ``flow.best``), and where the c_i add up to the floor the sum must reach it.
"""

from __future__ import annotations

import numpy as np

from intake.solver.bounds import NEVER
from intake.solver.instance import Instance, Mask, Real, Whole

LAST, BEST, EVEN = "last", "best", "even"
"""Which of a proposal's pairs may fall first when its sum has room above the floor."""


def necessary(best: Real, left: Whole, wanted: Real) -> Real:
    """What every assignment whose sums reach ``wanted`` must satisfy, of shape (proposals, largest need).

    ``best`` is from ``bounds.tops``, ``left`` how many reviews each proposal wants beyond its locked ones, ``wanted``
    the sum that those must reach. The i-th best pair and all below it cannot make up what the i - 1 best leave unless
    it reaches (wanted - the i - 1 best) / (left - i + 1). Where that is below 0, it is taken whole: then fewer pairs
    than are wanted might do.
    """
    count, deepest = len(left), best.shape[1] - 1
    rungs = np.full((count, deepest), NEVER)
    for i in range(deepest):
        at = np.flatnonzero((left > i) & (best[:, i] > NEVER))
        lacking = wanted[at] - best[at, i]
        rungs[at, i] = np.where(lacking > 0, lacking / (left[at] - i), lacking)
    return rungs


def standing(made: Instance, taken: Mask, deepest: int) -> Real:
    """The scores of each proposal's pairs that are taken and not locked, best first; ``NEVER`` where there are no
    more."""
    rows = np.flatnonzero(taken & ~made.locked)
    p, scores = made.p[rows], made.scores[rows]
    order = np.lexsort((-scores, p))
    p, scores = p[order], scores[order]
    firsts = np.searchsorted(p, np.arange(len(made.proposals)))
    held = np.full((len(made.proposals), deepest), NEVER)
    held[p, np.arange(len(p)) - firsts[p]] = scores
    return held


def protecting(held: Real, left: Whole, slack: Real, manner: str) -> Real:
    """Ladders under which each proposal keeps its sum, less at most its ``slack``.

    ``held`` is from ``standing``. The slack goes to the last pair, or to the best ones as far as their order allows, or
    in even parts to all: each lets other exchanges happen.
    """
    rungs = held.copy()
    if not rungs.shape[1]:
        return rungs
    room = np.where(slack > 0, slack, 0.0)
    if manner == EVEN:
        rungs -= (room / np.maximum(left, 1))[:, None]
    elif manner == LAST:
        rows = np.flatnonzero(left > 0)
        rungs[rows, left[rows] - 1] -= room[rows]
    else:
        for i in range(rungs.shape[1]):
            after = held[:, i + 1] if i + 1 < rungs.shape[1] else np.full(len(left), NEVER)
            fall = np.minimum(room, rungs[:, i] - np.where(left > i + 1, after, NEVER))
            rungs[:, i] -= fall
            room = room - fall
    rungs[held <= NEVER] = NEVER
    return rungs


def steps(made: Instance, rungs: Real, left: Whole) -> Whole:
    """The step of every pair, for ``flow.best``: how many of its proposal's rungs it misses; -1 where it misses all."""
    missed = np.zeros(len(made.p), np.int64)
    for i in range(rungs.shape[1]):
        missed += made.scores < (rungs[:, i] - TOLERANCE * np.abs(rungs[:, i]))[made.p]
    missed[missed >= left[made.p]] = -1
    return missed


TOLERANCE = 1e-12
"""Relative: sums of scores are floats, and a floor that was computed from them must not miss itself by a rounding."""
