"""Measure the assignment engine against a bare flow. ``python -m bench.matching [--quick]``; it needs no database.

For each size and kind of scores: the seconds of a bare ortools flow, and as ratios to it the best total, the fair
assignment, the solution after a withdrawal and the whole choice of the frontier; then totals against the bare flow's,
floors against their proven bounds, and the command from CSV to CSV. Times are of the processor, taken inside one
process beside the bare flow, so that other programmes disturb them little; one thread for linear algebra.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from intake.solver import measures
from intake.solver.flow import SimpleMinCostFlow
from intake.solver.frontier import frontier
from intake.solver.instance import Instance, Mask, Real, Whole, arranged, with_loads
from intake.solver.solving import solve

Result = TypeVar("Result")

SIZES = ((118, 177, 177), (1_000, 300, 100), (10_000, 2_000, 100))
NEED, ROOM = 3, 1.1


def graded(chance: np.random.Generator, p: Whole, r: Whole) -> Real:
    """Likeness of texts: every score differs."""
    return np.round(chance.beta(2, 3, len(p)), 6)


def tied(chance: np.random.Generator, p: Whole, r: Whole) -> Real:
    """Bids of 0 to 3, most of them 0."""
    return chance.choice([0.0, 1.0, 2.0, 3.0], len(p), p=[0.76, 0.1, 0.08, 0.06])


def topics(chance: np.random.Generator, p: Whole, r: Whole) -> Real:
    """Twenty topics, some with many more proposals than reviewers."""
    of_p = chance.choice(20, p.max() + 1, p=np.arange(1, 21) / 210)
    of_r = chance.choice(20, r.max() + 1)
    likeness = np.where(np.eye(20, dtype=bool), 0.7, chance.random((20, 20)) * 0.4)
    return np.round(np.clip(likeness[of_p[p], of_r[r]] + 0.15 * chance.normal(size=len(p)), 0, 1), 6)


def same(chance: np.random.Generator, p: Whole, r: Whole) -> Real:
    """Everybody wants the same reviewers."""
    return np.round(0.9 * (chance.random(r.max() + 1) ** 2)[r] + 0.1 * chance.random(len(p)), 6)


KINDS = (graded, tied, topics, same)


def drawn(size: tuple[int, int, int], kind: Callable[[np.random.Generator, Whole, Whole], Real]) -> Instance:
    """So many proposals, reviewers, and candidates a proposal; the same every time."""
    chance = np.random.default_rng(1)
    proposals, reviewers, candidates = size
    p = np.repeat(np.arange(proposals), candidates)
    r = np.concatenate([chance.permutation(reviewers)[:candidates] for _ in range(proposals)])
    loads = np.tile([int(np.ceil(proposals * NEED * ROOM / reviewers)), 0], (reviewers, 1))
    nothing = np.zeros(0, np.int64)
    return arranged(
        tuple(f"P{i:06d}" for i in range(proposals)),
        tuple(f"R{i:06d}" for i in range(reviewers)),
        np.full(proposals, NEED),
        loads,
        p,
        r,
        kind(chance, p, r),
        conflicts=nothing,
        locked=nothing,
        held=nothing,
    )


def bare(made: Instance) -> Mask:
    """What anybody would write: source, proposals, pairs, reviewers, sink; scores times a million."""
    proposals, reviewers = len(made.needs), len(made.max_loads)
    source, sink = proposals + reviewers, proposals + reviewers + 1
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([np.full(proposals, source), made.p, proposals + np.arange(reviewers)]).astype(np.int32),
        np.concatenate([np.arange(proposals), proposals + made.r, np.full(reviewers, sink)]).astype(np.int32),
        np.concatenate([made.needs, np.ones(len(made.p), np.int64), made.max_loads]),
        np.concatenate([np.zeros(proposals), -np.rint(made.scores * 1e6), np.zeros(reviewers)]).astype(np.int64),
    )
    flow.set_node_supply(source, int(made.needs.sum()))
    flow.set_node_supply(sink, -int(made.needs.sum()))
    flow.solve_max_flow_with_min_cost()
    return np.asarray(flow.flows(np.asarray(arcs)[proposals : proposals + len(made.p)])) > 0


def timed(act: Callable[[], Result], times: int) -> tuple[float, Result]:
    """The least seconds of the processor that it took, and its result."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        result = act()
        best = min(best, time.process_time() - began)
    return best, result


def withdrawn(made: Instance, taken: Mask) -> Instance:
    """The instance after the busiest reviewer withdrew, with the rest held."""
    loads = made.max_loads.copy()
    loads[int(measures.loads(made, taken).argmax())] = 0
    return replace(with_loads(made, loads), held=taken)


def line(size: tuple[int, int, int], kind: Callable[[np.random.Generator, Whole, Whole], Real]) -> str:
    """One line of the table."""
    made = drawn(size, kind)
    times = 3 if len(made.p) <= 100_000 else 1
    base, plain = timed(lambda: bare(made), times)
    total_s, total = timed(lambda: solve(made), times)
    fair_s, fair = timed(lambda: solve(made, "fair"), times)
    after = withdrawn(made, total.taken)
    stable_s, stable = timed(lambda: solve(after).taken, times)
    best = measures.total(after, solve(after, stability=0).taken)
    frontier_s, points = timed(lambda: frontier(made), 1)
    need_not = int((total.taken & ~stable).sum()) - int(total.taken[after.max_loads[made.r] == 0].sum())
    floor, bound = measures.floor_of(made, fair.taken) or 0.0, fair.floor_bound or 0.0
    cost = 1 - measures.total(made, fair.taken) / measures.total(made, plain)
    return (
        f"{size[0]:>7,} x {size[1]:>5,} x {size[2]:>3} {kind.__name__:<7}{base:>8.3f}{total_s / base:>7.2f}"
        f"{measures.total(made, total.taken) / measures.total(made, plain):>11.7f}"
        f"{fair_s / base:>8.2f}{floor:>9.4f}{bound:>9.4f}"
        f"{cost:>8.3%}{stable_s / base:>8.2f}{need_not:>7}{measures.total(after, stable) / best:>9.5f}"
        f"{frontier_s / base:>10.1f}{len(points):>7}"
    )


HEADING = (
    f"{'proposals x reviewers x each':<28}{'bare s':>5}{'total':>7}{'of best':>11}{'fair':>8}{'floor':>9}{'bound':>9}"
    f"{'cost':>8}{'stable':>8}{'extra':>7}{'of best':>9}{'frontier':>10}{'points':>7}"
)


def command() -> str:
    """The whole command at the largest size, start included, and how it divides."""
    made = drawn(SIZES[-1], graded)
    base, _ = timed(lambda: bare(made), 1)
    with tempfile.TemporaryDirectory(prefix="intake-bench-") as name:
        write(made, Path(name))
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        solving = [
            *flask,
            "assignment",
            "solve",
            "--in",
            name,
            "--out",
            f"{name}/out.csv",
            "--report",
            f"{name}/r.json",
        ]
        whole, start = children(solving), children([*flask, "assignment", "--help"])
    return (
        f"The command, CSV in and out: {whole:.2f} s of processor, {whole / base:.1f} x the bare flow; {start:.2f} s"
        f" of it are the start of the application ({(whole - start) / base:.1f} x without)."
    )


def children(words: list[str]) -> float:
    """The seconds of processor of a programme."""
    before = os.times()
    subprocess.run(words, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def write(made: Instance, folder: Path) -> None:
    """The instance as a folder of the command."""
    needs = "".join(f"{a},{n}\n" for a, n in zip(made.proposals, made.needs.tolist(), strict=True))
    loads = "".join(f"{b},{n},0\n" for b, n in zip(made.reviewers, made.max_loads.tolist(), strict=True))
    columns = zip(made.p.tolist(), made.r.tolist(), made.scores.tolist(), strict=True)
    scores = "".join(f"{made.proposals[p]},{made.reviewers[r]},{score}\n" for p, r, score in columns)
    (folder / "proposals.csv").write_text("proposal_id,reviews_needed\n" + needs)
    (folder / "reviewers.csv").write_text("reviewer_id,max_load,min_load\n" + loads)
    (folder / "scores.csv").write_text("proposal_id,reviewer_id,score\n" + scores)


def main() -> int:
    quick = "--quick" in sys.argv[1:]
    print("Ratios are to the bare flow's seconds. Aims: total 1.5; fair 10 at 1,000 and 15 at 10,000 proposals; the")
    print("floor at its bound; extra (pairs changed that need not be) 0 at 0.998 of the best.\n")
    print(HEADING)
    for size in SIZES[: 2 if quick else 3]:
        for kind in KINDS:
            print(line(size, kind), flush=True)
    if not quick:
        print("\n" + command() + " Aim: 5 x.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
