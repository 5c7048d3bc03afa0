"""What ``flask --app wsgi assignment solve`` does: a folder in, an assignment and its report out."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

from intake.solver import report, writing
from intake.solver.instance import BadInput
from intake.solver.reading import read
from intake.solver.solving import solve
from intake.vocabulary import say

SOLVED, SHORT = 0, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked. ``floor`` is in units of scores, ``stability`` in percent of the best total."""

    folder: Path
    out: Path
    objective: str
    floor: float | None
    stability: float
    report: Path | None


def run(asked: Asked) -> tuple[int, str]:
    """Solve, write, and say in a line how it went, beside the exit status: 0, or 3 with proposals short.

    Raises BadInput, with nothing written, for input that cannot be used or a place where nothing can be written.
    """
    began = time.perf_counter()
    _check(asked)
    made = read(asked.folder)
    solution = solve(made, asked.objective, floor=asked.floor, stability=asked.stability)
    data = report.report(solution, seconds=time.perf_counter() - began, floor=asked.floor)
    texts = {asked.out: writing.assignment_csv(made, solution.taken)}
    if asked.report is not None:
        texts[asked.report] = report.as_json(data)
    try:
        writing.write(texts)
    except OSError as fault:
        raise BadInput(say("The output cannot be written: %(fault)s.", fault=fault)) from None
    line = f"{data['filled']} of {data['needed']} reviews, total {data['total']:.6g}"
    if data["floor"] is not None:
        line += f", smallest score of a proposal {data['floor']:.6g} (at most {data['floor_bound']:.6g})"
    if not data["short"]:
        return SOLVED, line + "."
    return SHORT, f"{line}. Proposals short: {len(data['short'])}. {data['repair']['sentence']}"


def _check(asked: Asked) -> None:
    if asked.floor is not None and not math.isfinite(asked.floor):
        raise BadInput(say("--floor: %(floor)s is not a finite number.", floor=asked.floor))
    if not math.isfinite(asked.stability) or asked.stability < 0:
        raise BadInput(say("--stability: %(stability)s is not a number from 0.", stability=asked.stability))
    if asked.report is not None and asked.report.resolve() == asked.out.resolve():
        raise BadInput(say("--report and --out name the same file."))
