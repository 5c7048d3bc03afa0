"""Exchanges of two pairs that lift the poorest proposals: sums are counted exactly, loads stay as they are.

What ladders cannot do (they bound single pairs), this does one small step at a time: a poor proposal gives one reviewer
to another proposal and takes one from it, or takes a reviewer with room, as long as both stay above the poor one's sum.
Whole rounds are computed at once, and the best exchanges that touch nothing twice are made, the poorest first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from intake.solver.instance import Instance, Mask, Real, Whole

MANY = 400_000
"""So many exchanges are looked at in a round; it bounds its memory and its time."""
TABLE = 25_000_000
IDLE = 4
"""After so many rounds that did not lift the poorest proposal of all it is left to others."""
OPTIONS = 5
"""So many of the best exchanges of a poor proposal are considered in a round."""
GAIN = 1e-9

Rows = Callable[[Whole], Any]


@dataclass(slots=True, eq=False)
class Exchanges:
    """The possible exchanges of a round. ``own`` is the row that a poor proposal gives up, ``new`` the row that it
    takes; ``other`` the row that another proposal gives up for it and ``back`` the row that this one takes (-1: nobody
    does, the reviewer has room). ``least`` is the smaller of the two sums afterwards."""

    own: Whole
    new: Whole
    other: Whole
    back: Whole
    least: Real


def balance(made: Instance, taken: Mask, sums: Real, aim: float, rounds: int) -> Mask:
    """The assignment after so many rounds, each of which lifts poor proposals below ``aim``; it stops where none can
    be.

    ``sums`` are each proposal's score, infinite where it needs no reviews. Coverage and loads stay; a reviewer gives
    room up only where their smallest load allows it.
    """
    taken, sums, rows = taken.copy(), sums.copy(), _table(made)
    lowest, idle = float(sums.min()), 0
    for _ in range(rounds):
        found = _found(made, rows, taken, sums, aim)
        if found is None or not _make(made, taken, sums, found):
            break
        idle = 0 if sums.min() > lowest + GAIN else idle + 1
        lowest = float(sums.min())
        if idle >= IDLE:
            break
    return taken


def _found(made: Instance, rows: Rows, taken: Mask, sums: Real, aim: float) -> Exchanges | None:
    """The best exchanges of the poorest proposals, the poorest first."""
    movable = np.flatnonzero(taken & ~made.locked)
    by_r = movable[np.argsort(made.r[movable], kind="stable")]
    held_by = np.searchsorted(made.r[by_r], np.arange(len(made.reviewers) + 1))
    load = np.bincount(made.r[taken], minlength=len(made.reviewers))
    each = max(1, int(made.needs.max()) * len(made.p) // max(len(made.proposals), 1) * int(load.mean() + 1))
    poor = np.argsort(sums, kind="stable")[: max(1, MANY // each)]
    poor = poor[sums[poor] < aim - GAIN]
    starts = np.searchsorted(made.p, np.arange(len(made.proposals) + 1))
    wishes = _ranges(starts[poor], starts[poor + 1])
    wishes = wishes[~taken[wishes]]
    own = _products(wishes, made, movable)
    if not len(own[0]):
        return None
    new, give = own
    mine = sums[made.p[new]] - made.scores[give] + made.scores[new]
    better = mine > sums[made.p[new]] + GAIN
    new, give, mine = new[better], give[better], mine[better]
    room = (load < made.max_loads)[made.r[new]] & (load > made.min_loads)[made.r[give]]
    none = np.full(int(room.sum()), -1)
    swaps = _swaps(made, rows, taken, sums, by_r, held_by, (new, give, mine))
    return Exchanges(
        np.concatenate([give[room], swaps.own]),
        np.concatenate([new[room], swaps.new]),
        np.concatenate([none, swaps.other]),
        np.concatenate([none, swaps.back]),
        np.concatenate([mine[room], swaps.least]),
    )


def _swaps(
    made: Instance, rows: Rows, taken: Mask, sums: Real, by_r: Whole, held_by: Whole, wanted: tuple[Whole, Whole, Real]
) -> Exchanges:
    """The exchanges with those who hold the reviewers that are wanted."""
    new, give, mine = wanted
    first, last = held_by[made.r[new]], held_by[made.r[new] + 1]
    other = by_r[_ranges(first, last)]
    place = np.repeat(np.arange(len(new)), last - first)
    back = rows(made.p[other] * len(made.reviewers) + made.r[give[place]])
    good = (back >= 0) & ~taken[back]
    other, place, back = other[good], place[good], back[good]
    theirs = sums[made.p[other]] - made.scores[other] + made.scores[back]
    least = np.minimum(mine[place], theirs)
    good = least > sums[made.p[new[place]]] + GAIN
    place = place[good]
    return Exchanges(give[place], new[place], other[good], back[good], least[good])


def _table(made: Instance) -> Rows:
    """Which row has the pair of a key, -1 where none has: looked up in a table where that is not too large."""
    keys = made.keys
    if len(made.proposals) * len(made.reviewers) <= TABLE:
        table = np.full(len(made.proposals) * len(made.reviewers), -1, np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
        return lambda wanted: table[wanted]

    def looked_up(wanted: Whole) -> Whole:
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found: Whole = np.where(keys[places] == wanted, places, -1)
        return found

    return looked_up


def _products(wishes: Whole, made: Instance, movable: Whole) -> tuple[Whole, Whole]:
    """Every wish with every row that its proposal could give up."""
    held = np.searchsorted(made.p[movable], np.arange(len(made.proposals) + 1))
    first, last = held[made.p[wishes]], held[made.p[wishes] + 1]
    return np.repeat(wishes, last - first), movable[_ranges(first, last)]


def _ranges(first: Whole, last: Whole) -> Whole:
    """The numbers from each first to before its last, one after another."""
    sizes = last - first
    ends = np.cumsum(sizes)
    numbers: Whole = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes) + np.repeat(first, sizes)
    return numbers


def _make(made: Instance, taken: Mask, sums: Real, found: Exchanges) -> bool:
    """Make the best exchange of each poor proposal, the poorest first, as far as nothing is touched twice."""
    poor = made.p[found.own]
    order = np.lexsort((found.new, -found.least, poor, sums[poor]))
    starts = np.flatnonzero(np.diff(poor[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    touched: set[int] = set()
    some = False
    for i in order[rank < OPTIONS].tolist():
        own, new, other, back = (int(rows[i]) for rows in (found.own, found.new, found.other, found.back))
        names = {int(made.p[own])} | (
            {int(made.p[other])} if other >= 0 else {-1 - int(made.r[new]), -1 - int(made.r[own])}
        )
        if names & touched:
            continue
        touched |= names
        for row, sign in ((own, -1), (new, 1), (other, -1), (back, 1)):
            if row >= 0:
                taken[row] = sign > 0
                sums[made.p[row]] += sign * made.scores[row]
        some = True
    return some
