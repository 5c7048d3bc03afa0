"""One exact min-cost flow: who reviews what at the best total of gains.

Proposals supply their needs, each allowed pair is an arc of capacity 1, each reviewer passes on at most their load. Of
all largest flows the cheapest is asked for, so coverage comes first. A smallest load is an arc of its own with a reward
larger than any chain of exchanges could cost, so it comes second; the gains come third.
"""

from __future__ import annotations

import warnings

import numpy as np

from intake.solver.instance import Instance, Mask, Real, Whole

with warnings.catch_warnings():
    # The wrappers of ortools announce a deprecation of Python's C interface as they load; nobody here can mend it.
    warnings.filterwarnings(
        "ignore", message="builtin type .* has no __module__ attribute", category=DeprecationWarning
    )
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

DECIMALS = 1e6
"""Scores with at most six decimals become whole numbers without loss."""
ROOM = 2**61
"""What ortools can count to: the largest cost times the number of nodes must stay below."""
LARGEST = 2**30
"""Other scores are scaled so that the largest becomes about this: one part in a thousand million is lost."""


def whole(values: Real) -> Whole:
    """The values as whole numbers in the same proportions, as small as can be.

    Exact where all have at most six decimals and stay below a million; otherwise rounded to one part in 2**30 of the
    largest. A common divisor is taken out: the flow is faster on small numbers.
    """
    if not len(values):
        return np.zeros(0, np.int64)
    most = float(np.abs(values).max())
    if most == 0.0:
        return np.zeros(len(values), np.int64)
    if most * DECIMALS < 2**40:
        scaled = np.rint(values * DECIMALS)
        if np.abs(scaled - values * DECIMALS).max() <= 1e-9 * most * DECIMALS and np.array_equal(
            scaled / DECIMALS, values
        ):
            found = scaled.astype(np.int64)
            return found // max(int(np.gcd.reduce(found)), 1)
    return np.rint(values / most * LARGEST).astype(np.int64)


def best(made: Instance, gains: Whole, steps: Whole | None = None, raised: Whole | None = None) -> Mask:
    """Which pairs to take: the largest coverage, then the fewest reviews missing to smallest loads, then the most gain.

    ``gains`` is one whole number a pair. ``steps`` narrows what a proposal may take, one number a pair: a pair of step
    s may be taken only while at most (need - s) pairs of that step or above are; -1 is never taken. A proposal whose
    i-th best pair must reach c_i gives its pairs the number of the c_i that they miss. ``raised`` is by how much
    largest loads may be broken, one number a reviewer; as few as possible of it are used. Locked pairs are always
    taken.
    """
    taken = made.locked.copy()
    needs, most, least = _left(made)
    beyond = np.zeros_like(most) if raised is None else raised
    usable = ~made.locked & (needs[made.p] > 0) & (most + beyond > 0)[made.r]
    if steps is not None:
        usable &= steps >= 0
    rows = np.flatnonzero(usable)
    if not len(rows):
        return taken
    tails, ladder = _tails(made.p[rows], None if steps is None else steps[rows], needs, len(most))
    taken[rows] = _flow(tails, made.r[rows], gains[rows], needs, (most, least, beyond), ladder)
    return taken


def _left(made: Instance) -> tuple[Whole, Whole, Whole]:
    """Needs, largest and smallest loads that the locked pairs leave."""
    at_p = np.bincount(made.p[made.locked], minlength=len(made.proposals))
    at_r = np.bincount(made.r[made.locked], minlength=len(made.reviewers))
    return made.needs - at_p, made.max_loads - at_r, np.clip(made.min_loads - at_r, 0, None)


def _tails(p: Whole, steps: Whole | None, needs: Whole, reviewers: int) -> tuple[Whole, tuple[Whole, Whole, Whole]]:
    """From which node each pair leaves, and the arcs (tail, head, capacity) from each proposal down its steps."""
    nothing = np.zeros(0, np.int64)
    if steps is None or not (steps > 0).any():
        return p, (nothing, nothing, nothing)
    deepest = np.zeros(len(needs), np.int64)
    np.maximum.at(deepest, p, steps)
    first = len(needs) + reviewers + 1 + np.concatenate([[0], np.cumsum(deepest)[:-1]])
    owner = np.repeat(np.arange(len(needs)), deepest)
    head = len(needs) + reviewers + 1 + np.arange(len(owner))
    level = head - first[owner] + 1
    tail = np.where(level == 1, owner, head - 1)
    return np.where(steps == 0, p, first[p] + steps - 1), (tail, head, np.maximum(needs[owner] - level, 0))


def _flow(
    tails: Whole,
    r: Whole,
    gains: Whole,
    needs: Whole,
    loads: tuple[Whole, Whole, Whole],
    ladder: tuple[Whole, Whole, Whole],
) -> Mask:
    """Which of the arcs carry a review. Nodes: proposals, reviewers, the end, then the steps of proposals."""
    proposals, reviewers = len(needs), len(loads[0])
    end = proposals + reviewers
    longest = min(proposals, reviewers) + 1
    gains = _within(gains, ROOM // ((end + 2 + len(ladder[0])) * (longest + 2)))
    out, capacity, price = _ways_out(*loads, longest * int(gains.max() - gains.min()) + 1)
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([tails, ladder[0], proposals + out]).astype(np.int32),
        np.concatenate([proposals + r, ladder[1], np.full(len(out), end)]).astype(np.int32),
        np.concatenate([np.ones(len(r), np.int64), ladder[2], capacity]),
        np.concatenate([gains.max() - gains, np.zeros(len(ladder[0]), np.int64), price]),
    )
    flow.set_nodes_supplies(np.append(np.arange(proposals), end).astype(np.int32), np.append(needs, -needs.sum()))
    status = flow.solve_max_flow_with_min_cost()
    if status != SimpleMinCostFlow.Status.OPTIMAL:
        raise RuntimeError(f"The flow ended as {status.name}.")
    return np.asarray(flow.flows(np.arange(len(r), dtype=np.int32))) > 0


def _within(gains: Whole, most: int) -> Whole:
    """The gains, made smaller in proportion where their spread is more than ``most``."""
    spread = int(gains.max()) - int(gains.min())
    return gains if spread <= most else np.rint(gains * (most / spread)).astype(np.int64)


def _ways_out(most: Whole, least: Whole, beyond: Whole, reward: int) -> tuple[Whole, Whole, Whole]:
    """The arcs from reviewers to the end, as (reviewer, capacity, cost): what reaches a smallest load is rewarded, what
    goes beyond a largest load costs as much."""
    asked = np.minimum(least, most)
    kinds = [(most - asked, 0), (asked, -reward), (beyond, reward)]
    places = [np.flatnonzero(capacity) for capacity, _ in kinds]
    return (
        np.concatenate(places),
        np.concatenate([capacity[place] for (capacity, _), place in zip(kinds, places, strict=True)]),
        np.concatenate([np.full(len(place), cost) for (_, cost), place in zip(kinds, places, strict=True)]),
    )
