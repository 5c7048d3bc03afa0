"""The best smallest score of a proposal, and the best total at it.

No polynomial way is known to the best floor where a proposal needs several reviews (it holds the problem of equal
sums). What is done here, each step one exact flow over ladders (see ``ladder``):

1. *At the bound.* One flow under the ladders that every assignment with that floor must satisfy. If its sums reach the
   floor, it is the best possible, total included: nothing was asked but what is necessary. This settles most instances.
2. *Push and protect.* Proposals at or above the floor are protected by ladders around their present pairs, in another
   manner each turn; those below are pushed: only their scores count. All move at once, along exchanges of any length.
3. *Search.* Where the bound is not reached, floors between the best one found and the bound are tried.
4. *Polish.* With all protected at the floor that was reached, the best total is asked for; it can only rise.
5. *Prices.* Where the floor was reached and the total is not proven, other starts are tried, see ``pricing``.

The first step is in ``reach``, the third in ``climb``; what they are made of is in ``search``. Small instances are
solved exactly afterwards, see ``exact``.
"""

from __future__ import annotations

from intake.solver import balance, bounds, exact, pricing
from intake.solver.instance import Instance, Mask, Real
from intake.solver.search import CLIMBED, NEAR, Search, missing, polish, push, searching

HOPEFUL = 0.1
"""Where more than this share of the proposals is below the bound under its necessary ladders, it is not pushed to."""
NARROW = 1e-4
"""Relative: floors nearer than this to the best one are not tried."""


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
    if len(made.p) <= CLIMBED and search.floor(taken) >= goal - NEAR:
        return pricing.priced(search, goal, taken), bound
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
    if better is not None and (search.worth(better) > search.worth(taken) or search.floor(taken) < floor - NEAR):
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
        return polish(search, floor, needed, pushed, search.worth(first)), False
    return max((start, pushed), key=search.floor), False


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
