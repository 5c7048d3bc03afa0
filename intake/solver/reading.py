"""Reading the folder of a call: three to six CSV files become one ``Instance``, or the first fault is named by its
place."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from intake.solver import instance
from intake.solver.cells import PROPOSALS, REVIEWERS, Places, count, place
from intake.solver.instance import BadInput, Instance, Whole
from intake.solver.rows import rows, text_of, wrong
from intake.solver.scores import read_scores
from intake.vocabulary import say

CONFLICTS, LOCKED, HELD = "conflicts.csv", "locked.csv", "held.csv"
PAIR = ("proposal_id", "reviewer_id")


def read(folder: Path) -> Instance:
    """The instance of the folder. Raises BadInput with the file, and where it can the row and the column."""
    if not folder.is_dir():
        raise BadInput(say("%(folder)s is not a folder.", folder=folder))
    needs = _needs(folder)
    loads = _loads(folder)
    proposals, reviewers = tuple(sorted(needs)), tuple(sorted(loads))
    at = ({each: i for i, each in enumerate(proposals)}, {each: i for i, each in enumerate(reviewers)})
    p, r, scores, texts = read_scores(folder, *at)
    conflicts, locked = _pairs(folder, CONFLICTS, *at), _pairs(folder, LOCKED, *at)
    held, gone = _held(folder, *at)
    made = instance.arranged(
        proposals,
        reviewers,
        np.array([needs[each] for each in proposals], np.int64),
        np.array([loads[each] for each in reviewers], np.int64).reshape(-1, 2),
        p,
        r,
        scores,
        conflicts=np.array(sorted({key for _, key in conflicts}), np.int64),
        locked=np.array(sorted({key for _, key in locked}), np.int64),
        held=held,
        gone=gone,
        texts=texts,
    )
    first = {key: row for row, key in reversed(locked)}
    keys = sorted(first, key=first.__getitem__)
    fault = instance.lock_fault(made, keys)
    if fault is not None:
        raise wrong(LOCKED, fault[2], first[keys[fault[0]]], fault[1])
    return made


def _needs(folder: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for row, (identity, need) in rows(text_of(folder, PROPOSALS), PROPOSALS, ("proposal_id", "reviews_needed")):
        _new(PROPOSALS, row, "proposal_id", identity, found)
        found[identity] = count(PROPOSALS, row, "reviews_needed", need)
    return found


def _loads(folder: Path) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row, (identity, most, least) in rows(
        text_of(folder, REVIEWERS), REVIEWERS, ("reviewer_id", "max_load", "min_load")
    ):
        _new(REVIEWERS, row, "reviewer_id", identity, found)
        pair = count(REVIEWERS, row, "max_load", most), count(REVIEWERS, row, "min_load", least)
        if pair[1] > pair[0]:
            raise wrong(
                REVIEWERS, say("The smallest load is above the largest, %(most)s.", most=pair[0]), row, "min_load"
            )
        found[identity] = pair
    return found


def _new(file: str, row: int, column: str, identity: str, known: dict[str, int] | dict[str, tuple[int, int]]) -> None:
    if not identity.strip():
        raise wrong(file, say("The id is empty."), row, column)
    if identity in known:
        raise wrong(file, say("%(id)s stands in an earlier row already.", id=identity), row, column)


def _pairs(folder: Path, file: str, at_p: Places, at_r: Places) -> list[tuple[int, int]]:
    """The rows of an optional file of pairs, as (row, key). A pair that stands twice counts once."""
    if not (folder / file).exists():
        return []
    return [
        (row, place(file, row, "proposal_id", a, at_p) * len(at_r) + place(file, row, "reviewer_id", b, at_r))
        for row, (a, b) in rows(text_of(folder, file), file, PAIR)
    ]


def _held(folder: Path, at_p: Places, at_r: Places) -> tuple[Whole, int]:
    """The keys of what stood before, and how many pairs name somebody who is here no longer (a withdrawal)."""
    if not (folder / HELD).exists():
        return np.zeros(0, np.int64), 0
    keys, gone = set(), set()
    for row, (a, b) in rows(text_of(folder, HELD), HELD, PAIR):
        for column, identity in (("proposal_id", a), ("reviewer_id", b)):
            if not identity.strip():
                raise wrong(HELD, say("The id is empty."), row, column)
        if a in at_p and b in at_r:
            keys.add(at_p[a] * len(at_r) + at_r[b])
        else:
            gone.add((a, b))
    return np.array(sorted(keys), np.int64), len(gone)
