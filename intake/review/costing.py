"""Why not that one: what it would cost to force each reviewer on a proposal."""

from __future__ import annotations

from intake.review.engine import instance_of
from intake.review.gathering import Facts
from intake.review.wishes import Wishes
from intake.vocabulary import Objective


def costs(facts: Facts, wishes: Wishes, proposal_id: int) -> dict[int, float]:
    """By how much the best total falls where a reviewer is forced on the proposal, exactly, for everybody who may be
    assigned and for whom there is a place; 0 or next to nothing where as good an assignment has them."""
    from intake.solver.explaining import costs_of
    from intake.solver.solving import solve

    made = instance_of(facts, wishes)
    taken = solve(made, Objective.TOTAL.value, stability=0.0).taken
    found = costs_of(made, taken, str(proposal_id))
    if found is None:
        return {}
    mine = (made.p == made.proposals.index(str(proposal_id))).nonzero()[0].tolist()
    return {
        int(made.reviewers[made.r[i]]): max(float(found[i]), 0.0)
        for i in mine
        if not taken[i] and float(found[i]) != float("inf")
    }
