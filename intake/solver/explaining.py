"""Why this reviewer, and why not that one: ranks, what binds, and the exact cost of forcing a pair."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from intake.solver import flow, measures
from intake.solver.instance import Instance, Mask, Pair, Real, place_of
from intake.vocabulary import Words, say

SWEEPS = 300
NEAR = 1e-12


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reviewer whom a proposal might have. ``rank`` counts from 1 by score; the same score, the same rank."""

    reviewer: str
    score: float
    rank: int
    taken: bool
    locked: bool
    load: int
    most: int

    @property
    def full(self) -> bool:
        """Whether the reviewer has as many reviews as they may."""
        return self.load >= self.most


@dataclass(frozen=True, slots=True)
class Why:
    """What there is to say of one pair. ``rank`` of ``among`` allowed candidates; ``next_best`` is the best candidate
    of the proposal that it does not have; ``binds`` says in a sentence what decided. ``cost`` is by how much the best
    total falls where the pair is forced, 0 where it stands already, None where it may not be assigned or cannot be
    forced."""

    taken: bool
    rank: int | None
    among: int
    next_best: Candidate | None
    binds: Words
    cost: float | None


def candidates(made: Instance, taken: Mask, proposal: str) -> list[Candidate]:
    """All whom the proposal might have, best first, then by id. Raises BadInput for an unknown id."""
    rows = np.flatnonzero(made.p == place_of(proposal, made.proposals))
    load, scores = measures.loads(made, taken), made.scores[rows]
    found = [
        Candidate(
            made.reviewers[made.r[i]],
            float(made.scores[i]),
            1 + int((scores > made.scores[i]).sum()),
            bool(taken[i]),
            bool(made.locked[i]),
            int(load[made.r[i]]),
            int(made.max_loads[made.r[i]]),
        )
        for i in rows.tolist()
    ]
    return sorted(found, key=lambda each: (-each.score, each.reviewer))


def why(made: Instance, taken: Mask, pair: Pair) -> Why:
    """Why the pair stands, or why it does not, in an assignment of the best total. Raises BadInput for an unknown
    id."""
    place, everybody = made.find(pair), candidates(made, taken, pair[0])
    next_best = next((each for each in everybody if not each.taken), None)
    if place is None:
        in_conflict = made.in_conflict(pair)
        binds = say("There is a conflict.") if in_conflict else say("It has no score, so it may not be assigned.")
        return Why(False, None, len(everybody), next_best, binds, None)
    this = next(each for each in everybody if each.reviewer == pair[1])
    if this.taken:
        return Why(True, this.rank, len(everybody), next_best, _for(this, next_best), 0.0)
    cost = forcing(made, taken, pair)
    return Why(False, this.rank, len(everybody), next_best, _against(made, this, pair[0], cost), cost)


def _for(this: Candidate, next_best: Candidate | None) -> Words:
    if this.locked:
        return say("It is locked.")
    if next_best is None:
        return say("Every candidate is assigned.")
    if next_best.score <= this.score:
        return say("%(next)s is no better a match.", next=next_best.reviewer)
    if next_best.full:
        return say("%(next)s would be a better match and is at the largest load.", next=next_best.reviewer)
    return say("%(next)s would be a better match; elsewhere the exchange would cost more.", next=next_best.reviewer)


def _against(made: Instance, this: Candidate, proposal: str, cost: float | None) -> Words:
    if cost is None:
        return say("It cannot be forced: locked pairs fill the load or the need.")
    facts = {"cost": f"{cost:.6g}", "load": this.load, "most": this.most, "reviewer": this.reviewer}
    if made.needs[place_of(proposal, made.proposals)] == 0:
        return say("The proposal needs no reviews.")
    if this.full:
        return say("%(reviewer)s is at the largest load (%(load)s of %(most)s); forcing it costs %(cost)s.", **facts)
    return say("The proposal has better matches; forcing it costs %(cost)s.", **facts)


def forcing(made: Instance, taken: Mask, pair: Pair) -> float | None:
    """By how much the best total falls where the pair is forced; None where locked pairs leave no place for it.

    The best total without less the best total with it, exactly, at the coverage that is then the largest. ``taken``
    must be of the best total. Raises BadInput for an unknown id or a pair that may not be assigned.
    """
    place = made.find(pair)
    if place is None:
        return None
    if taken[place]:
        return 0.0
    costs = costs_of(made, taken, pair[0])
    if costs is not None and np.isfinite(costs[place]):
        return max(0.0, float(costs[place]))
    forced = replace(made, locked=made.locked | (np.arange(len(made.p)) == place))
    p, r = made.p[place], made.r[place]
    if forced.locked[made.p == p].sum() > made.needs[p] or forced.locked[made.r == r].sum() > made.max_loads[r]:
        return None
    return measures.total(made, taken) - measures.total(made, flow.best(forced, flow.whole(made.scores)))


def costs_of(made: Instance, taken: Mask, proposal: str) -> Real | None:
    """What forcing costs for every pair of one proposal, infinite for all others and where no exchange does it.

    None where coverage is not full or smallest loads are missed: then a re-solve has to say. Found as the cheapest ways
    back to the proposal among all exchanges (Bellman and Ford, whole columns at a time): a forced pair pushes a pair of
    its reviewer out, whose proposal takes another reviewer, and so on until somebody has room or the proposal itself
    gives a pair up. In a best total no exchange gains, so the cheapest way is the exact cost.
    """
    load = measures.loads(made, taken)
    if int(taken.sum()) < int(made.needs.sum()) or (load < made.min_loads).any():
        return None
    home = place_of(proposal, made.proposals)
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
    found[mine] = np.where(taken[mine], 0.0, from_r[made.r[mine]] - made.scores[mine])
    return found
