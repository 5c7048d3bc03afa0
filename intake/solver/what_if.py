"""What if: the same instance with a few things changed, solved and compared before anything is applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from intake.solver import instance as instances
from intake.solver import measures, stable
from intake.solver.instance import MOST, BadInput, Instance, Pair, Whole, place_of
from intake.solver.solving import Solution, solve
from intake.vocabulary import say


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed: pairs that must stand or must not, other largest loads, other needs."""

    force: Collection[Pair] = ()
    forbid: Collection[Pair] = ()
    loads: Mapping[str, int] = field(default_factory=dict)
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """An assignment beside the one before: pairs added and removed (sorted), totals, and what the change costs in total
    score (below 0: what it gains). Coverage is the share of the reviews that are needed."""

    after: Solution
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    total_before: float
    total_after: float
    cost: float
    coverage_before: float
    coverage_after: float


def what_if(before: Solution, change: Change, *, stability: float = stable.DEFAULT) -> Compared:
    """The solution after the change, for the same objective; pairs of ``before`` count as held.

    Raises BadInput for an unknown id, a number out of bounds, and a pair that cannot be forced.
    """
    made = changed(replace(before.made, held=before.taken, gone=0), change)
    after = solve(made, before.objective, stability=stability)
    return compare(before, after)


def compare(before: Solution, after: Solution) -> Compared:
    """The two beside each other. They may be of different instances."""
    old, new = _pairs(before), _pairs(after)
    one, two = measures.measure(before.made, before.taken), measures.measure(after.made, after.taken)
    return Compared(
        after,
        tuple(sorted(new - old)),
        tuple(sorted(old - new)),
        one.total,
        two.total,
        one.total - two.total,
        one.coverage,
        two.coverage,
    )


def _pairs(solution: Solution) -> set[Pair]:
    return {solution.made.pair(number) for number in np.flatnonzero(solution.taken).tolist()}


def changed(made: Instance, change: Change) -> Instance:
    """The instance with the change. Raises BadInput as ``what_if`` does."""
    loads, needs = made.max_loads.copy(), made.needs.copy()
    for identity, number in change.loads.items():
        loads[place_of(identity, made.reviewers)] = _count(number)
    for identity, number in change.needs.items():
        needs[place_of(identity, made.proposals)] = _count(number)
    locked = made.locked.copy()
    for pair in change.force:
        locked[_place(made, pair)] = True
    made = replace(instances.with_loads(made, loads), needs=needs, locked=locked)
    fault = instances.lock_fault(made, made.keys[locked].tolist())
    if fault is not None:
        raise BadInput(fault[2])
    forbidden = [number for number in (made.find(pair) for pair in change.forbid) if number is not None]
    return without(made, np.array(forbidden, np.int64))


def _place(made: Instance, pair: Pair) -> int:
    place = made.find(pair)
    if place is not None:
        return place
    fault = instances.lock_fault(made, [made.key(pair)])
    raise BadInput(fault[2] if fault else say("The pair may not be assigned."))


def without(made: Instance, numbers: Whole) -> Instance:
    """The instance without those pairs. Raises BadInput where one of them is locked."""
    if made.locked[numbers].any():
        raise BadInput(say("A locked pair cannot be forbidden."))
    kept = np.ones(len(made.p), np.bool_)
    kept[numbers] = False
    rows = np.flatnonzero(kept)
    texts = None if made.texts is None else [made.texts[i] for i in rows.tolist()]
    return replace(
        made,
        p=made.p[kept],
        r=made.r[kept],
        scores=made.scores[kept],
        locked=made.locked[kept],
        held=made.held[kept],
        gone=made.gone + int(made.held[numbers].sum()),
        texts=texts,
    )


def _count(number: int) -> int:
    if not 0 <= number <= MOST:
        raise BadInput(say("%(number)s is not between 0 and %(most)s.", number=number, most=MOST))
    return number
