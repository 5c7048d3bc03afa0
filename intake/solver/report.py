"""The report of a solution: plain data for ``report.json``, the same for the same input except for ``seconds``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from intake.solver import VERSION, flow, infeasible
from intake.solver.measures import measure
from intake.solver.solving import Solution

SOLVER = "intake.solver"


def report(solution: Solution, *, seconds: float, floor: float | None = None) -> dict[str, Any]:
    """Everything that the contract of the command names, and what a coordinator asks next.

    ``floor`` is the one that was asked for, and ``seconds`` how long it took. What each number means, with its formula,
    stands in docs/assignment-command.md.
    """
    made, taken = solution.made, solution.taken
    found = measure(made, taken, floor)
    kept = int((made.held & taken).sum())
    mend = infeasible.repair(made, taken, flow.whole(made.scores))
    return {
        "solver": SOLVER,
        "version": VERSION,
        "objective": solution.objective,
        "total": found.total,
        "best_total": solution.best_total,
        "floor": found.floor,
        "floor_asked": floor,
        "floor_bound": solution.floor_bound,
        "under_floor": found.under,
        "p10": found.p10,
        "mean": found.mean,
        "gini": found.gini,
        "coverage": found.coverage,
        "needed": found.needed,
        "filled": found.filled,
        "short": [_short(each) for each in infeasible.short(made, taken)],
        "repair": None if mend is None else _repair(mend),
        "kept": kept,
        "added": found.filled - kept,
        "removed": int(made.held.sum()) + made.gone - kept,
        "loads": {
            "idle": found.idle,
            "full": found.full,
            "below_least": found.below_least,
            "missing_least": found.missing_least,
        },
        "proposals": len(made.proposals),
        "reviewers": len(made.reviewers),
        "pairs": found.pairs,
        "seconds": round(seconds, 3),
    }


def _short(each: infeasible.Short) -> dict[str, Any]:
    return {
        "proposal": each.proposal,
        "missing": each.missing,
        "why": str(each.why),
        "exhausted": list(each.exhausted),
    }


def _repair(mend: infeasible.Repair) -> dict[str, Any]:
    return {
        "reviews": mend.reviews,
        "raise": [{"reviewer": each.reviewer, "from": each.before, "to": each.after} for each in mend.raises],
        "recruit": [{"proposal": each.proposal, "reviews": each.reviews} for each in mend.recruits],
        "sentence": str(mend.sentence),
    }


def as_json(data: Mapping[str, Any]) -> str:
    """The report as text, keys sorted."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
