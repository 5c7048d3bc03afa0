"""The best smallest score of a proposal, and the best total at it.

No polynomial way is known to the best floor where a proposal needs several reviews (it holds the problem of equal
sums). What is done here, each step one exact flow over ladders (see ``ladder``):

1. *At the bound.* One flow under the ladders that every assignment with that floor must satisfy. If its sums reach the
   floor, it is the best possible, total included: nothing was asked but what is necessary. This settles most instances.
2. *Push and protect.* Proposals at or above the floor are protected by ladders around their present pairs, in three
   manners by turns; those below are pushed: only their scores count. All move at once, along exchanges of any length.
3. *Search.* Where the bound is not reached, floors between the best one found and the bound are tried.
4. *Polish.* With all protected at the floor that was reached, the best total is asked for; it can only rise.

Small instances are solved exactly afterwards, see ``exact``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from intake.solver import balance, bounds, exact, flow, ladder, measures
from intake.solver.instance import Instance, Mask, Real, Whole

CLIMBED = 25_000
"""With more pairs than this no floors between the best one and the bound are tried: exchanges alone come as near."""
EFFORTS = ((CLIMBED, (12, 6, 60)), (300_000, (4, 2, 12)), (sys.maxsize, (5, 2, 80)))
"""By the number of pairs: flows to push with, flows to polish with, rounds of exchanges at a time."""
HOPEFUL = 0.1
"""Where more than this share of the proposals is below the bound under its necessary ladders, it is not pushed to."""
MANNERS = (ladder.BEST, ladder.LAST, ladder.EVEN)
STALLED = 4
NEAR = 1e-9
NARROW = 1e-4
"""Relative: floors nearer than this to the best one are not tried."""
OTHERS = 0.02
"""What a score of a protected proposal counts while others are pushed."""


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

    def sums(self, taken: Mask) -> Real:
        """Each proposal's score; infinite where it needs no reviews, so that it is never below a floor."""
        return np.where(self.asking, measures.by_proposal(self.made, taken), np.inf)

    def floor(self, taken: Mask) -> float:
        """The smallest score of a proposal that needs reviews."""
        return float(self.sums(taken).min())

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


NONE = -1e290


def missing(made: Instance, taken: Mask) -> int:
    """How many reviews are missing to smallest loads."""
    return int(np.maximum(made.min_loads - measures.loads(made, taken), 0).sum())


def searching(made: Instance, values: Real, start: Mask, best: Real) -> Search:
    """The search for an instance; ``start`` has the coverage that must be kept."""
    base, locked = bounds.locked_sums(made)
    left = made.needs - locked
    flows, polishes, rounds = next(effort for most, effort in EFFORTS if len(made.p) <= most)
    asking = made.needs > 0
    return Search(
        made, values, best, base, left, asking, int(start.sum()), missing(made, start), flows, polishes, rounds
    )


def fairest(
    made: Instance, values: Real, start: Mask, best: Real, bound: float, asked: float | None
) -> tuple[Mask, float]:
    """The assignment with the best floor, or with the floor that was ``asked`` for, and a bound for any floor.

    ``values`` are the scores with the bonus of held pairs: floors are of scores, totals of values. ``start`` is the
    best total, ``best`` from ``bounds.tops``, ``bound`` what no floor can be above.
    """
    search = searching(made, values, start, best)
    goal = bound if asked is None else min(asked, bound)
    taken, proven = reach(search, goal, start)
    if proven:
        return taken, bound
    if search.floor(taken) < goal - NEAR:
        taken = climb(search, taken, goal)
    if len(made.p) <= exact.SMALL:
        return settle(search, taken, bound, goal)
    return taken, bound


def loosened(made: Instance, values: Real, taken: Mask, best: Real, floor: float) -> Mask:
    """An assignment whose floor is higher, with as much more total as is found down to ``floor``; never less."""
    search = searching(made, values, taken, best)
    return polish(search, floor, search.necessary(floor), taken)


def settle(search: Search, taken: Mask, bound: float, goal: float) -> tuple[Mask, float]:
    """The exact answer for a small instance: the best floor (or the goal, where that is lower), and the best total."""
    reached = search.floor(taken)
    if reached < goal - NEAR:
        found = exact.best_floor(search)
        if found is not None:
            taken = found[0] if search.floor(found[0]) > reached else taken
            reached = search.floor(taken)
            bound = min(bound, reached) if found[1] else bound
    floor = min(reached, goal)
    better = exact.best_total(search, floor)
    if better is not None and (worth(search, better) > worth(search, taken) or search.floor(taken) < floor - NEAR):
        taken = better
    return taken, bound


def reach(search: Search, floor: float, start: Mask) -> tuple[Mask, bool]:
    """An assignment whose sums reach the floor, and whether its total is proven to be the best; or, with the flows that
    were left, the one that came nearest."""
    if search.floor(start) >= floor - NEAR:
        return start, True
    needed = search.necessary(floor)
    first = search.flow(search.values, needed)
    if first is not None and search.floor(first) >= floor - NEAR:
        return first, True
    below = 1.0 if first is None else float((search.sums(first) < floor - NEAR).mean())
    if first is None or below > HOPEFUL:
        return start, False
    pushed = push(search, floor, needed, first)
    if search.floor(pushed) >= floor - NEAR:
        return polish(search, floor, needed, pushed), False
    return max((start, pushed), key=search.floor), False


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
        rungs = np.where(below[:, None], needed, protected(search, taken, sums, floor, needed, turn))
        weights = np.where(below, 1.0 + 3.0 * lack / lack.max(), OTHERS)
        search.flows -= 1
        moved = search.flow(search.made.scores * weights[search.made.p], rungs)
        if moved is None:
            return nearest
        taken, turn = moved, turn + 1


def protected(search: Search, taken: Mask, sums: Real, floor: float, needed: Real, turn: int) -> Real:
    """Ladders that keep every sum at or above the floor where it is, by one of the manners."""
    held = ladder.standing(search.made, taken, needed.shape[1])
    slack = np.where(np.isfinite(sums), sums - floor, -NONE)
    return np.maximum(ladder.protecting(held, search.left, slack, MANNERS[turn % len(MANNERS)]), needed)


def polish(search: Search, floor: float, needed: Real, taken: Mask) -> Mask:
    """The total raised at the floor, all protected, until each manner has had its turn in vain."""
    value, idle, turn = worth(search, taken), 0, 0
    while idle < len(MANNERS) and turn < search.polishes:
        moved = search.flow(search.values, protected(search, taken, search.sums(taken), floor, needed, turn))
        turn += 1
        gained = moved is not None and worth(search, moved) > value + 1e-7 * abs(value)
        idle = 0 if gained else idle + 1
        if gained and moved is not None:
            taken, value = moved, worth(search, moved)
    return taken


def worth(search: Search, taken: Mask) -> float:
    """The sum of the values."""
    return float(search.values[taken].sum())


def climb(search: Search, taken: Mask, bound: float) -> Mask:
    """The best floor up to the bound: exchanges first, then floors in the middle between the best one and the bound.

    What seemed too high is tried again from a better start.
    """
    taken = exchanged(search, taken, bound)
    low, high = search.floor(taken), bound
    while len(search.made.p) <= CLIMBED and search.flows > 0 and high - low > NARROW * max(abs(bound), NEAR):
        floor = bounds.rounded_down(search.made, (low + high) / 2)
        floor = high if floor <= low + NEAR else floor
        found = exchanged(search, push(search, floor, search.necessary(floor), taken), bound)
        got = search.floor(found)
        if got > low + NEAR:
            taken, low = found, got
            high = bound if low >= high - NEAR else high
        if got < floor - NEAR:
            if floor >= high - NEAR:
                break
            high = floor
    return polish(search, low, search.necessary(low), taken)


def exchanged(search: Search, taken: Mask, aim: float) -> Mask:
    """The assignment after exchanges between proposals, where those lift the smallest score."""
    found = balance.balance(search.made, taken, search.sums(taken), aim, search.rounds)
    better = search.floor(found) > search.floor(taken) and missing(search.made, found) <= search.lacking
    return found if better else taken
