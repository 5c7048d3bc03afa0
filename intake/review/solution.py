"""What the engine answered, as plain data: the pairs of a batch with the report, and how two answers differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intake.review.wishes import Pair


@dataclass(frozen=True, slots=True)
class Planned:
    """One pair of a solution and where it comes from: standing (reviews it already), forced, locked, held or
    solver."""

    pair: Pair
    score: float
    came_by: str


@dataclass(frozen=True, slots=True)
class Solved:
    """An answer of the engine: its pairs by proposal and reviewer, and the report as JSON."""

    pairs: tuple[Planned, ...]
    report: dict[str, Any]

    @property
    def total(self) -> float:
        """The sum of the scores."""
        return float(self.report["total"])


@dataclass(frozen=True, slots=True)
class Difference:
    """What another version of the wishes would change: pairs that come and go, and totals and filled needs before and
    after. ``cost`` is what the total loses."""

    came: tuple[Planned, ...]
    gone: tuple[Planned, ...]
    before: Solved
    after: Solved

    @property
    def cost(self) -> float:
        """How much of the total it costs; below 0 it gains."""
        return self.before.total - self.after.total


def difference(before: Solved, after: Solved) -> Difference:
    """How one answer differs from another."""
    was, becomes = {each.pair for each in before.pairs}, {each.pair for each in after.pairs}
    return Difference(
        tuple(each for each in after.pairs if each.pair not in was),
        tuple(each for each in before.pairs if each.pair not in becomes),
        before,
        after,
    )


def by_proposal(pairs: Iterable[Planned]) -> dict[int, list[Planned]]:
    """The pairs of each proposal, the best score first."""
    found: dict[int, list[Planned]] = defaultdict(list)
    for each in sorted(pairs, key=lambda each: (-each.score, each.pair)):
        found[each.pair[0]].append(each)
    return found
