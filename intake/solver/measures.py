"""What an assignment is worth: the numbers of a report, each with its formula."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from intake.solver.instance import Instance, Mask, Real, Whole


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of one assignment. Scores are in the units of the input; the rest are counts, or shares from 0 to 1.

    ``floor``, ``p10``, ``mean`` and ``gini`` speak of the proposals that need reviews, and are None where there are
    none.
    """

    total: float
    floor: float | None
    p10: float | None
    mean: float | None
    gini: float | None
    coverage: float
    needed: int
    filled: int
    pairs: int
    under: int
    idle: int
    full: int
    below_least: int
    missing_least: int


def by_proposal(made: Instance, taken: Mask) -> Real:
    """Each proposal's score, the sum of the scores of its pairs; 0 where it has none."""
    return np.bincount(made.p[taken], made.scores[taken], minlength=len(made.proposals)).astype(np.float64)


def loads(made: Instance, taken: Mask) -> Whole:
    """How many reviews each reviewer has."""
    return np.bincount(made.r[taken], minlength=len(made.reviewers)).astype(np.int64)


def reviews(made: Instance, taken: Mask) -> Whole:
    """How many reviews each proposal has."""
    return np.bincount(made.p[taken], minlength=len(made.proposals)).astype(np.int64)


def total(made: Instance, taken: Mask) -> float:
    """The sum of the scores, rounded once."""
    return math.fsum(made.scores[taken].tolist())


def floor_of(made: Instance, taken: Mask) -> float | None:
    """The smallest score among the proposals that need reviews; None where there are none."""
    asking = by_proposal(made, taken)[made.needs > 0]
    return float(asking.min()) if len(asking) else None


def gini(values: Real) -> float | None:
    """How unequal the values are, from 0 (all the same) towards 1: the mean difference of all pairs over twice the
    mean.

    Computed from ascending values x_1..x_n as sum((2i - n - 1) x_i) / (n sum(x_i)). None where there are no values or
    their sum is not above 0 (it has no meaning there).
    """
    ordered, n = np.sort(values), len(values)
    whole = math.fsum(ordered.tolist())
    if whole <= 0:
        return None
    return max(0.0, math.fsum(((2 * np.arange(1, n + 1) - n - 1) * ordered).tolist()) / (n * whole))


def measure(made: Instance, taken: Mask, threshold: float | None = None) -> Measures:
    """Every number of the assignment. ``under`` counts the proposals whose score is below ``threshold``.

    ``p10`` is the 10th percentile, between two values in proportion. ``idle`` reviewers have no review though they may
    have some; ``full`` ones have as many as they may. ``below_least`` counts reviewers under their smallest load, and
    ``missing_least`` the reviews that they lack.
    """
    asking = made.needs > 0
    scores, load = by_proposal(made, taken)[asking], loads(made, taken)
    needed, filled = int(made.needs.sum()), int(taken.sum())
    lacking = np.maximum(made.min_loads - load, 0)
    some = made.max_loads > 0
    return Measures(
        total=total(made, taken),
        floor=float(scores.min()) if len(scores) else None,
        p10=float(np.percentile(scores, 10)) if len(scores) else None,
        mean=math.fsum(scores.tolist()) / len(scores) if len(scores) else None,
        gini=gini(scores),
        coverage=filled / needed if needed else 1.0,
        needed=needed,
        filled=filled,
        pairs=len(made.p),
        under=0 if threshold is None else int((scores < threshold).sum()),
        idle=int((some & (load == 0)).sum()),
        full=int((some & (load >= made.max_loads)).sum()),
        below_least=int((lacking > 0).sum()),
        missing_least=int(lacking.sum()),
    )
