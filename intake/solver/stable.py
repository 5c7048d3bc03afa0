"""Keeping what stood before: few held pairs change, at a price that is bounded."""

from __future__ import annotations

import numpy as np

from intake.solver import flow
from intake.solver.instance import Instance, Mask, Real
from intake.solver.measures import total

DEFAULT = 0.2
"""Percent of the best total that may be given up to keep held pairs."""
BONUSES = (3.0, 1.0, 0.4, 0.2, 0.1, 0.05, 0.02, 0.01)
"""What a held pair is worth beyond its score, in spreads of the scores (largest less smallest). An exchange that
changes k held pairs gains less than k + 1 spreads, so with three spreads none is changed that need not be."""


def settled(made: Instance, stability: float) -> tuple[Mask, Real, float]:
    """The assignment, the values that it is the best for (scores with the bonus), and the best total without a bonus.

    ``stability`` says how many percent of the best total may be given up; 0 asks for the best total itself. Of the
    bonuses the largest is taken that keeps to it. One flow without held pairs; two where little changed; at most nine.
    """
    best = flow.best(made, flow.whole(made.scores))
    optimum = total(made, best)
    kept = made.held & ~made.locked
    if stability <= 0 or not kept.any() or best[kept].all():
        return best, made.scores, optimum
    spread = float(np.ptp(made.scores)) or 1.0
    least = optimum - abs(optimum) * stability / 100
    for bonus in BONUSES:
        values = made.scores + bonus * spread * kept
        taken = flow.best(made, flow.whole(values))
        if total(made, taken) >= least:
            return taken, values, optimum
    return best, made.scores, optimum
