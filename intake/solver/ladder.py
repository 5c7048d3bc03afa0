"""Ladders: how a flow, which knows single pairs only, keeps the sum of a proposal's pairs at or above a floor.

A ladder asks of a proposal that its best pair reaches c_1, its second best c_2, and so on. Such nested conditions still
make one exact flow (see ``flow.best``), and where the c_i add up to the floor the sum must reach it.
"""

from __future__ import annotations

import numpy as np

from intake.solver.bounds import NEVER
from intake.solver.instance import Instance, Mask, Real, Whole

CONCENTRATION = 0.5
"""Of the parts that are drawn: below 1, so that one pair gives way by most of them."""


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


def protecting(held: Real, left: Whole, slack: Real, turn: int, chance: np.random.Generator) -> Real:
    """Ladders under which each proposal keeps its sum, less at most its ``slack``.

    ``held`` is from ``standing``. Which pairs may fall decides which exchanges can happen, so it differs from turn to
    turn: in turn 0 the best pairs, as far as their order allows; in turn 1 the last pair; in turn 2 all in even parts;
    then a pair, or parts, that ``chance`` draws for each proposal. A draw finds what no rule for all of them does.
    """
    room = np.where(slack > 0, slack, 0.0)
    if not held.shape[1]:
        return held.copy()
    rungs = _best_lowered(held, left, room) if turn == 0 else held - _parts(held, left, turn, chance) * room[:, None]
    rungs[held <= NEVER] = NEVER
    return -np.sort(-rungs, axis=1)


def _best_lowered(held: Real, left: Whole, room: Real) -> Real:
    """The best pair lowered to the next, then that one, until the room is used up."""
    rungs = held.copy()
    for i in range(rungs.shape[1]):
        after = held[:, i + 1] if i + 1 < rungs.shape[1] else np.full(len(left), NEVER)
        fall = np.minimum(room, rungs[:, i] - np.where(left > i + 1, after, NEVER))
        rungs[:, i] -= fall
        room = room - fall
    return rungs


def _parts(held: Real, left: Whole, turn: int, chance: np.random.Generator) -> Real:
    """Which part of its room each pair of a proposal gives way by; the parts of a proposal add up to at most 1."""
    count, deepest = held.shape
    parts = np.zeros((count, deepest))
    if turn == 1:
        rows = np.flatnonzero(left > 0)
        parts[rows, left[rows] - 1] = 1.0
    elif turn == 2:
        parts += (1 / np.maximum(left, 1))[:, None]
    elif turn % 2:
        parts[np.arange(count), chance.integers(0, np.maximum(left, 1))] = 1.0
    else:
        parts = chance.dirichlet(np.full(deepest, CONCENTRATION), count)
    return parts


def steps(made: Instance, rungs: Real, left: Whole) -> Whole:
    """The step of every pair, for ``flow.best``: how many of its proposal's rungs it misses; -1 where it misses all."""
    missed = np.zeros(len(made.p), np.int64)
    for i in range(rungs.shape[1]):
        missed += made.scores < (rungs[:, i] - TOLERANCE * np.abs(rungs[:, i]))[made.p]
    missed[missed >= left[made.p]] = -1
    return missed


TOLERANCE = 1e-12
"""Relative: sums of scores are floats, and a floor that was computed from them must not miss itself by a rounding."""
