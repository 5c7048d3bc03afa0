"""Small instances, solved exactly as integer programmes (HiGHS, through scipy).

Variables: 0 or 1 for each pair that may be assigned and is not locked; for each reviewer, the reviews that are missing
to the smallest load; and the floor. Scores are brought to a largest of 1, because the solver's tolerances are absolute.
Its limit is a number of nodes, not of seconds, so that the same input gives the same output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from intake.solver.instance import Mask, Real

if TYPE_CHECKING:
    from intake.solver.search import Search

SMALL = 200
"""So many pairs are still solved exactly."""
NODES = 100
NEAR = 1e-9


def best_floor(search: Search) -> tuple[Mask, bool] | None:
    """The assignment with the best floor that was found, and whether it is proven to be the best; None without any."""
    return _solve(search, np.zeros(len(search.made.p)), None)


def best_total(search: Search, floor: float) -> Mask | None:
    """The best sum of values that was found whose sums reach the floor; None without any."""
    values = search.values / (float(np.abs(search.values).max(initial=0.0)) or 1.0)
    found = _solve(search, values, floor)
    return None if found is None or search.floor(found[0]) < floor - NEAR else found[0]


def _solve(search: Search, values: Real, floor: float | None) -> tuple[Mask, bool] | None:
    from scipy.optimize import Bounds, milp

    made, (pairs, reviewers) = search.made, (np.flatnonzero(~search.made.locked), len(search.made.reviewers))
    scale = float(np.abs(made.scores).max(initial=0.0)) or 1.0
    aim = np.concatenate([-values[pairs], np.zeros(reviewers), [-1.0 if floor is None else 0.0]])
    low = np.concatenate([np.zeros(len(pairs) + reviewers), [-np.inf if floor is None else floor / scale]])
    high = np.concatenate([np.ones(len(pairs)), made.min_loads, [np.inf if floor is None else floor / scale]])
    found = milp(
        aim,
        integrality=np.concatenate([np.ones(len(pairs)), np.zeros(reviewers + 1)]),
        bounds=Bounds(low, high),
        constraints=_rows(search, scale, pairs),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    taken = made.locked.copy()
    taken[pairs] = found.x[: len(pairs)] > 0.5
    return taken, bool(found.status == 0)


def _rows(search: Search, scale: float, pairs: Any) -> list[Any]:
    """Needs, coverage, loads, what is missing to smallest loads, and the sums of the proposals that need reviews."""
    from scipy import sparse
    from scipy.optimize import LinearConstraint

    made, count = search.made, len(pairs)
    columns = (np.arange(count),)
    proposals, reviewers = len(made.proposals), len(made.reviewers)

    def matrix(numbers: Any, rows: Any, height: int) -> Any:
        return sparse.csr_array((numbers, (rows, *columns)), shape=(height, count))

    def row(left: Any, middle: Any, right: Any, low: Any, high: Any) -> Any:
        return LinearConstraint(sparse.hstack([left, middle, right]).tocsr(), low, high)

    by_p, by_r = matrix(np.ones(count), made.p[pairs], proposals), matrix(np.ones(count), made.r[pairs], reviewers)
    sums = matrix(made.scores[pairs] / scale, made.p[pairs], proposals)[np.flatnonzero(search.asking)]
    at_r = np.bincount(made.r[made.locked], minlength=reviewers)
    none, lacks, floors = sparse.csr_array, sparse.identity(reviewers, format="csr"), -np.ones((sums.shape[0], 1))
    filled = search.filled - int(made.locked.sum())
    everything, nothing = sparse.csr_array(np.ones((1, count))), none((1, reviewers))
    return [
        row(by_p, none((proposals, reviewers)), none((proposals, 1)), -np.inf, search.left),
        row(everything, nothing, none((1, 1)), filled, filled),
        row(by_r, none((reviewers, reviewers)), none((reviewers, 1)), -np.inf, made.max_loads - at_r),
        row(by_r, lacks, none((reviewers, 1)), made.min_loads - at_r, np.inf),
        row(none((1, count)), sparse.csr_array(np.ones((1, reviewers))), none((1, 1)), -np.inf, search.lacking),
        row(
            sums,
            none((sums.shape[0], reviewers)),
            sparse.csr_array(floors),
            -search.base[search.asking] / scale,
            np.inf,
        ),
    ]
