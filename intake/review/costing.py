"""Why not that one: what it would cost to force each reviewer on a proposal."""

from __future__ import annotations

from math import isfinite

from intake.review.engine import instance_of, is_small
from intake.review.gathering import Facts
from intake.review.wishes import Wishes
from intake.vocabulary import Objective

MANY = 300_000
"""With more pairs than this the costs of a proposal take longer than a page may; the page of a change says its own."""
MANY_AGAIN = 3_000_000
"""The same where a review is missing: each reviewer is then solved again, over all pairs."""


def costs(facts: Facts, wishes: Wishes, proposal_id: int) -> dict[int, float]:
    """By how much the best total falls where a reviewer is forced on the proposal, exactly, for everybody who may be
    assigned and for whom there is a place; 0 for whoever is in the best total, and 0 or next to nothing where as good
    an assignment has them. Nothing where there are more pairs than a page can wait for."""
    from intake.solver.explaining import costs_of
    from intake.solver.solving import solve

    if not is_small(facts) and sum(map(len, facts["scores"].values())) > MANY:
        return {}
    made = instance_of(facts, wishes)
    taken = solve(made, Objective.TOTAL.value, stability=0.0).taken
    mine = (made.p == made.proposals.index(str(proposal_id))).nonzero()[0].tolist()
    short = int(taken.sum()) < int(made.needs.sum())
    if short and len(made.p) * len(mine) > MANY_AGAIN:
        return {}
    found = costs_of(made, taken, str(proposal_id))
    lost = {i: 0.0 if taken[i] else float(found[i]) for i in mine}
    return {int(made.reviewers[made.r[i]]): max(cost, 0.0) for i, cost in lost.items() if isfinite(cost)}
