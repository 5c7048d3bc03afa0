"""What is said of short proposals is true, and the repair repairs with nothing to spare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from intake.solver import flow, infeasible, measures
from intake.solver.instance import Instance, with_loads
from intake.solver.solving import solve
from tests.solver.everything import Plain, plain

pytestmark = pytest.mark.once


def filled(made: Instance) -> int:
    return int(flow.best(made, flow.whole(made.scores)).sum())


@settings(max_examples=200, deadline=None)
@given(plain())
def test_the_repair_repairs_and_one_less_does_not(given: Plain) -> None:
    made = given.made
    taken = solve(made).taken
    mend = infeasible.repair(made, taken, flow.whole(made.scores))
    if mend is None:
        assert taken.sum() == made.needs.sum()
        return
    loads = made.max_loads.copy()
    for each in mend.raises:
        loads[made.reviewers.index(each.reviewer)] = each.after
    recruited = sum(each.reviews for each in mend.recruits)
    raised = sum(each.after - each.before for each in mend.raises)
    assert mend.reviews == raised + recruited == int(made.needs.sum() - taken.sum())
    assert filled(with_loads(made, loads)) == int(made.needs.sum()) - recruited
    degrees = np.bincount(made.p, minlength=len(made.proposals))
    assert recruited == int(np.maximum(made.needs - degrees, 0).sum())


@settings(max_examples=200, deadline=None)
@given(plain())
def test_those_who_are_named_as_exhausted_are_full_and_more_of_them_helps(given: Plain) -> None:
    made = given.made
    taken = solve(made).taken
    load = measures.loads(made, taken)
    for short in infeasible.short(made, taken):
        alone = [made.reviewers.index(name) for name in short.exhausted]
        assert (load[alone] == made.max_loads[alone]).all()
        for place in alone:
            more = made.max_loads.copy()
            more[place] += 1
            assert filled(replace(made, max_loads=more)) == int(taken.sum()) + 1
