"""How high the smallest score of a proposal can be at most: bounds that hold for every assignment of full coverage."""

from __future__ import annotations

import math

import numpy as np

from intake.solver.instance import Instance, Real, Whole

NEVER = -1e300


def tops(made: Instance) -> Real:
    """The sums of each proposal's best pairs that are not locked, of shape (proposals, largest need + 1).

    Column i is the sum of the i best, ``NEVER`` where there are fewer.
    """
    count, deepest = len(made.proposals), int(made.needs.max(initial=0))
    sums = np.zeros((count, deepest + 1))
    if not len(made.p):
        sums[:, 1:] = NEVER
        return sums
    left = np.where(made.locked, NEVER, made.scores)
    firsts = np.flatnonzero(np.concatenate([[True], made.p[1:] != made.p[:-1]]))
    present = made.p[firsts]
    sizes = np.diff(np.append(firsts, len(made.p)))
    for i in range(deepest):
        best = np.maximum.reduceat(left, firsts)
        sums[:, i + 1] = NEVER
        sums[present, i + 1] = np.where((best <= NEVER) | (sums[present, i] <= NEVER), NEVER, sums[present, i] + best)
        hits = np.flatnonzero(left == np.repeat(best, sizes))
        owners = made.p[hits]
        left[hits[np.concatenate([[True], owners[1:] != owners[:-1]])]] = NEVER
    return sums


def locked_sums(made: Instance) -> tuple[Real, Whole]:
    """What each proposal has from its locked pairs: the sum of their scores, and their number."""
    locked = made.locked
    count = len(made.proposals)
    return (
        np.bincount(made.p[locked], made.scores[locked], minlength=count).astype(np.float64),
        np.bincount(made.p[locked], minlength=count).astype(np.int64),
    )


def alone(made: Instance, best: Real, full: bool) -> float:
    """The smallest over the proposals of the best score that each could have if it had its first choice of everybody.

    ``best`` is from ``tops``. Where coverage is not ``full`` a proposal may have fewer reviews than it needs.
    """
    base, number = locked_sums(made)
    asking = np.flatnonzero(made.needs > 0)
    left = (made.needs - number)[asking]
    rows = best[asking]
    wanted = rows[np.arange(len(asking)), left]
    if not full:
        within = np.arange(rows.shape[1]) <= left[:, None]
        wanted = np.where(within, rows, NEVER).max(axis=1)
    return float((base[asking] + wanted).min(initial=math.inf))


def rounded_down(made: Instance, bound: float) -> float:
    """The largest value up to the bound that sums of scores can have at all, where all are multiples of one step."""
    millionths = np.rint(made.scores * 1e6)
    if not len(millionths) or np.abs(millionths).max() > 2**40 or not np.array_equal(millionths / 1e6, made.scores):
        return bound
    step = int(np.gcd.reduce(millionths.astype(np.int64)))
    return math.floor(bound * 1e6 / step + 1e-6) * step / 1e6 if step else min(bound, 0.0)
