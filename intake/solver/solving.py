"""The way in: solve an instance for one objective, or for the whole choice between total and floor."""

from __future__ import annotations

from dataclasses import dataclass

from intake.solver import bounds, fair, measures, stable
from intake.solver.instance import Instance, Mask

OBJECTIVES = ("total", "fair")


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An assignment of an instance. ``taken`` marks its pairs; ``best_total`` is the best total at this coverage, and
    ``floor_bound`` what no assignment's floor can be above (None without proposals that need reviews)."""

    made: Instance
    objective: str
    taken: Mask
    best_total: float
    floor_bound: float | None


def solve(
    made: Instance, objective: str = "total", *, floor: float | None = None, stability: float = stable.DEFAULT
) -> Solution:
    """The assignment that the objective asks for.

    Always: locked pairs stay, loads and conflicts hold, coverage is the largest possible, and then as few reviews as
    possible are missing to smallest loads. Then ``total`` asks for the best sum of scores; ``fair`` for the best
    smallest score of a proposal, and the best total at that; a ``floor`` for the best total with every proposal at or
    above it, or as near to it as is found. ``stability`` is for held pairs; see ``stable``.
    """
    if objective not in OBJECTIVES:
        raise ValueError(objective)
    taken, values, best_total = stable.settled(made, stability)
    if not (made.needs > 0).any():
        return Solution(made, objective, taken, best_total, None)
    full = int(taken.sum()) == int(made.needs.sum())
    best = bounds.tops(made)
    bound = min(bounds.alone(made, best, full), best_total / int((made.needs > 0).sum()))
    bound = bounds.rounded_down(made, bound)
    if objective == "fair" or floor is not None:
        taken, bound = fair.fairest(made, values, taken, best, bound, floor if objective == "total" else None)
    reached = measures.floor_of(made, taken)
    return Solution(made, objective, taken, best_total, None if reached is None else max(bound, reached))
