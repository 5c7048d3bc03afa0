"""Why not that one: by how much the best total falls where a pair is forced, exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from intake.solver import flow, measures
from intake.solver.instance import Instance, Mask, Real, place_of

SWEEPS = 300
NEAR = 1e-12


def costs_of(made: Instance, taken: Mask, proposal: str) -> Real:
    """What forcing costs, for every pair of one proposal; infinite for all others and where locked pairs leave no room.

    The best total without less the best total with the pair, at the coverage that is then the largest. ``taken`` must
    be of the best total. Read from all exchanges at once where coverage is full; else every pair is solved again, each
    one flow. Raises BadInput for an unknown id.
    """
    home = place_of(proposal, made.proposals)
    read = _by_exchanges(made, taken, home)
    found = np.full(len(made.p), np.inf) if read is None else read
    best = measures.total(made, taken)
    for place in np.flatnonzero((made.p == home) & ~np.isfinite(found)).tolist():
        found[place] = 0.0 if taken[place] else _solved_again(made, place, best)
    return found


def _solved_again(made: Instance, place: int, best: float) -> float:
    """What the pair costs by a new solution; infinite where locked pairs fill the need or the load."""
    forced = replace(made, locked=made.locked | (np.arange(len(made.p)) == place))
    p, r = made.p[place], made.r[place]
    if forced.locked[made.p == p].sum() > made.needs[p] or forced.locked[made.r == r].sum() > made.max_loads[r]:
        return np.inf
    return best - measures.total(made, flow.best(forced, flow.whole(made.scores)))


def _by_exchanges(made: Instance, taken: Mask, home: int) -> Real | None:
    """What forcing costs for every pair of the proposal, infinite for all others and where no exchange does it.

    None where coverage is not full or smallest loads are missed. Found as the cheapest ways back to the proposal among
    all exchanges (Bellman and Ford, whole columns at a time): a forced pair pushes a pair of
    its reviewer out, whose proposal takes another reviewer, and so on until somebody has room or the proposal itself
    gives a pair up. In a best total no exchange gains, so the cheapest way is the exact cost.
    """
    load = measures.loads(made, taken)
    if int(taken.sum()) < int(made.needs.sum()) or (load < made.min_loads).any():
        return None
    back = np.flatnonzero(taken & ~made.locked)
    on = np.flatnonzero(~taken)
    room, spare = load < made.max_loads, load > made.min_loads
    from_p, from_r, end = np.full(len(made.proposals), np.inf), np.full(len(made.reviewers), np.inf), np.inf
    from_p[home] = 0.0
    for _ in range(SWEEPS):
        before = from_r.copy()
        np.minimum.at(from_r, made.r[back], made.scores[back] + from_p[made.p[back]])
        end = min(end, float(from_r[spare].min(initial=np.inf)))
        from_r[room] = np.minimum(from_r[room], end)
        reached = np.isfinite(from_r[made.r[on]])
        np.minimum.at(from_p, made.p[on][reached], from_r[made.r[on]][reached] - made.scores[on][reached])
        from_p[home] = 0.0
        if not (from_r < before - NEAR).any():
            break
    else:
        return None
    found = np.full(len(made.p), np.inf)
    mine = np.flatnonzero(made.p == home)
    found[mine] = np.where(taken[mine], 0.0, np.maximum(from_r[made.r[mine]] - made.scores[mine], 0.0))
    return found
