"""A better total at a floor, by prices: what each proposal's score is worth beyond itself so that nobody is below it.

Lagrangian relaxation (Held and Karp 1971) with Polyak's steps: under each set of prices one exact flow says what no
total at the floor can be above, and is a start from which proposals are pushed to the floor and the total is polished.
Prices rise for those below and fall for those with room. It ends where the total found is as good as proven.
"""

from __future__ import annotations

import numpy as np

from intake.solver.instance import Mask, Real
from intake.solver.search import ENOUGH, NEAR, Search, polish, push

ROUNDS = 8
EFFORT = 12
"""Flows to push with and flows to polish with, in a round."""


def priced(search: Search, floor: float, taken: Mask) -> Mask:
    """The assignment with the best total at the floor among ``taken``, which reaches it, and one start a round."""
    needed, prices = search.necessary(floor), np.zeros(len(search.left))
    value, most, part = search.worth(taken), np.inf, 1.0
    for _ in range(ROUNDS):
        found = search.flow(search.values + search.made.scores * prices[search.made.p], needed)
        if found is None:
            break
        lack = np.where(search.asking, floor - search.sums(found), 0.0)
        ceiling = search.worth(found) - float(prices @ lack)
        part = part if ceiling < most else part / 2
        most = min(most, ceiling)
        if value >= most - ENOUGH * abs(most):
            break
        found = _raised(search, floor, needed, found, most)
        if search.floor(found) >= floor - NEAR and search.worth(found) > value:
            taken, value = found, search.worth(found)
        lack = np.where((prices > 0) | (lack > 0), lack, 0.0)
        prices = np.maximum(0.0, prices + part * (ceiling - value) / max(float(lack @ lack), NEAR) * lack)
    return taken


def _raised(search: Search, floor: float, needed: Real, taken: Mask, most: float) -> Mask:
    """The start pushed to the floor and polished, as far as that is found."""
    search.flows = search.polishes = EFFORT
    pushed = push(search, floor, needed, taken)
    return polish(search, floor, needed, pushed, most) if search.floor(pushed) >= floor - NEAR else pushed
