"""Reading the long file of scores: a fast way for plain files, and row by row for all others.

The fast way knows no places. Whatever it cannot read is read again row by row, so that a fault is named by its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from intake.solver.cells import SCORES, Places, place, score
from intake.solver.instance import Real, Whole
from intake.solver.rows import rows, text_of, wrong
from intake.vocabulary import say

NAMES = ("proposal_id", "reviewer_id", "score")

Columns = tuple[Whole, Whole, Real, Sequence[str]]


def read_scores(folder: Path, at_p: Places, at_r: Places) -> Columns:
    """Proposals and reviewers by their places, scores, and the scores as they are written. Raises BadInput."""
    text = text_of(folder, SCORES)
    return _quickly(text, at_p, at_r) or _slowly(text, at_p, at_r)


def _quickly(text: str, at_p: Places, at_r: Places) -> Columns | None:
    """The columns of scores, or None where the file is not plain or anything in it is wrong."""
    columns = _plain(text, NAMES)
    if columns is None:
        return None
    first, second, third = columns
    try:
        p = np.fromiter(map(at_p.__getitem__, first), np.int64, len(first))
        r = np.fromiter(map(at_r.__getitem__, second), np.int64, len(second))
        scores = np.fromiter(map(float, third), np.float64, len(third))
    except (KeyError, ValueError):
        return None
    if not np.isfinite(scores).all() or not _digits("".join(third)):
        return None
    keys = np.sort(p * len(at_r) + r)
    return None if (keys[1:] == keys[:-1]).any() else (p, r, scores, third)


def _plain(text: str, names: tuple[str, ...]) -> list[list[str]] | None:
    """The named columns of a file without quotes and without empty or ragged rows; None for any other file."""
    if '"' in text or "\r" in text.replace("\r\n", ""):
        return None
    body = text.replace("\r\n", "\n").removesuffix("\n")
    heading, _, rest = body.partition("\n")
    headings = [each.strip() for each in heading.split(",")]
    if not rest or any(headings.count(name) != 1 for name in names) or len(headings) < 2:
        return None
    data = np.frombuffer(rest.encode() + b"\n", np.uint8)
    ends, commas = np.flatnonzero(data == ord("\n")), np.flatnonzero(data == ord(","))
    width = len(headings)
    if len(commas) != len(ends) * (width - 1):
        return None
    each = commas.reshape(len(ends), width - 1)
    if (each[:, -1] > ends).any() or (each[1:, 0] < ends[:-1]).any():
        return None
    cells = rest.replace("\n", ",").split(",")
    return [cells[headings.index(name) :: width] for name in names]


def _slowly(text: str, at_p: Places, at_r: Places) -> Columns:
    """The columns of scores, row by row. Raises BadInput at the first fault."""
    p: list[int] = []
    r: list[int] = []
    scores: list[float] = []
    texts: list[str] = []
    seen: dict[int, int] = {}
    for row, (a, b, written) in rows(text, SCORES, NAMES):
        p.append(place(SCORES, row, "proposal_id", a, at_p))
        r.append(place(SCORES, row, "reviewer_id", b, at_r))
        before = seen.setdefault(p[-1] * len(at_r) + r[-1], row)
        if before != row:
            what = say("The pair %(a)s, %(b)s stands in row %(row)s already.", a=a, b=b, row=before)
            raise wrong(SCORES, what, row, "proposal_id")
        scores.append(score(row, written))
        texts.append(written.strip())
    return np.array(p, np.int64), np.array(r, np.int64), np.array(scores, np.float64), texts


def _digits(text: str) -> bool:
    """Whether Python, which also takes 1_000 and the digits of other scripts, read no more than everybody writes."""
    return text.isascii() and "_" not in text
