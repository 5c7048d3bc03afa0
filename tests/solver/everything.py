"""Small instances, drawn by chance, and every assignment that they have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

from intake.solver.instance import Instance, Pair
from tests.solver.making import instance

HUNDREDTHS = [each / 100 for each in range(101)]


@dataclass
class Plain:
    """An instance as mappings, the way that a reader would write it down."""

    needs: dict[str, int]
    loads: dict[str, tuple[int, int]]
    scores: dict[Pair, float]
    conflicts: set[Pair] = field(default_factory=set)
    locked: set[Pair] = field(default_factory=set)

    @property
    def made(self) -> Instance:
        return instance(self.needs, self.loads, self.scores, conflicts=self.conflicts, locked=self.locked)


@dataclass(frozen=True)
class Outcome:
    """What is compared of an assignment. ``floor`` is infinite where nothing needs reviews."""

    filled: int
    missing: int
    floor: float
    total: float


@st.composite
def plain(draw: st.DrawFn) -> Plain:
    """Up to 4 proposals and 5 reviewers, with locks that can hold; often short of reviewers."""
    proposals = [f"P{i}" for i in range(draw(st.integers(1, 4)))]
    reviewers = [f"R{i}" for i in range(draw(st.integers(1, 5)))]
    needs = {each: draw(st.integers(0, 3)) for each in proposals}
    loads = {each: (most := draw(st.integers(0, 3)), draw(st.integers(0, most))) for each in reviewers}
    values = draw(st.sampled_from([[0.0, 1.0], [0.0, 1.0, 2.0, 3.0], HUNDREDTHS, [-0.5, 0.25, 1.5, -2.0]]))
    pairs = draw(st.sets(st.tuples(st.sampled_from(proposals), st.sampled_from(reviewers)), max_size=20))
    scores = {pair: draw(st.sampled_from(values)) for pair in sorted(pairs)}
    conflicts = {pair for pair in sorted(scores) if draw(st.integers(0, 9)) == 0}
    found = Plain(needs, loads, scores, conflicts)
    for pair in sorted(scores.keys() - conflicts):
        if draw(st.integers(0, 9)) == 0 and _holds(found, pair):
            found.locked.add(pair)
    return found


def _holds(found: Plain, pair: Pair) -> bool:
    mine = sum(a == pair[0] for a, _ in found.locked)
    theirs = sum(b == pair[1] for _, b in found.locked)
    return mine < found.needs[pair[0]] and theirs < found.loads[pair[1]][0]


def outcomes(given: Plain) -> list[Outcome]:
    """Every outcome with the largest coverage and then the fewest reviews missing to smallest loads."""
    found = set(_outcomes(given, sorted(given.needs), dict.fromkeys(given.loads, 0), Outcome(0, 0, float("inf"), 0.0)))
    most = max(each.filled for each in found)
    least = min(each.missing for each in found if each.filled == most)
    return [each for each in found if (each.filled, each.missing) == (most, least)]


def _outcomes(given: Plain, left: list[str], load: dict[str, int], so_far: Outcome) -> Iterator[Outcome]:
    if not left:
        missing = sum(max(0, least - load[each]) for each, (_, least) in given.loads.items())
        yield Outcome(so_far.filled, missing, so_far.floor, so_far.total)
        return
    proposal, rest = left[0], left[1:]
    allowed = [b for a, b in given.scores if a == proposal and (a, b) not in given.conflicts]
    must = {b for a, b in given.locked if a == proposal}
    for size in range(given.needs[proposal] + 1):
        for chosen in itertools.combinations(allowed, size):
            if not must <= set(chosen) or any(load[each] >= given.loads[each][0] for each in chosen):
                continue
            score = sum(given.scores[proposal, each] for each in chosen)
            floor = min(so_far.floor, score) if given.needs[proposal] else so_far.floor
            more = load | {each: load[each] + 1 for each in chosen}
            yield from _outcomes(given, rest, more, Outcome(so_far.filled + size, 0, floor, so_far.total + score))
