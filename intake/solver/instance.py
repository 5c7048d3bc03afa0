"""What is to be solved: one frozen ``Instance``, sorted in one way, so that the order of rows never matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intake.errors import IntakeError
from intake.vocabulary import Words, say

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Pair = tuple[str, str]

MOST = 1_000_000
"""The largest need and the largest load that are taken."""


class BadInput(IntakeError):
    """What was given cannot be solved; ``reason`` names the place."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Proposals, reviewers, and the pairs that may be assigned.

    ``proposals`` and ``reviewers`` are ids, sorted by code point. ``needs`` (one a proposal) counts reviews;
    ``max_loads`` and ``min_loads`` (one a reviewer) count reviews too. Pair number i is proposal ``p[i]`` with reviewer
    ``r[i]`` at ``scores[i]``, sorted by proposal and then reviewer; pairs in conflict are not among them. ``locked``
    and ``held`` mark pairs: what must stay, and what stood before. ``conflicts`` are the sorted numbers
    ``proposal * len(reviewers) + reviewer`` of all conflicts. ``gone`` counts held pairs that may not be assigned now.
    ``texts`` are the scores as they were written, where they were read from a file.
    """

    proposals: tuple[str, ...]
    reviewers: tuple[str, ...]
    needs: Whole
    max_loads: Whole
    min_loads: Whole
    p: Whole
    r: Whole
    scores: Real
    locked: Mask
    held: Mask
    conflicts: Whole
    gone: int = 0
    texts: Sequence[str] | None = None

    @property
    def keys(self) -> Whole:
        """One ascending number for each pair."""
        return self.p * len(self.reviewers) + self.r

    def find(self, pair: Pair) -> int | None:
        """The number of the pair, or None where it may not be assigned. Raises BadInput for an unknown id."""
        key = self.key(pair)
        place = int(np.searchsorted(self.keys, key))
        return place if place < len(self.p) and int(self.keys[place]) == key else None

    def key(self, pair: Pair) -> int:
        """``proposal * len(reviewers) + reviewer``. Raises BadInput for an unknown id."""
        return place_of(pair[0], self.proposals) * len(self.reviewers) + place_of(pair[1], self.reviewers)

    def pair(self, number: int) -> Pair:
        """The ids of pair ``number``."""
        return self.proposals[self.p[number]], self.reviewers[self.r[number]]

    def in_conflict(self, pair: Pair) -> bool:
        """Whether a conflict stands between the two. Raises BadInput for an unknown id."""
        return _stands(self.conflicts, self.key(pair))


def place_of(identity: str, among: Sequence[str]) -> int:
    """Where the id stands in a sorted sequence. Raises BadInput where it does not."""
    low, high = 0, len(among)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if among[middle] < identity else (low, middle)
    if low == len(among) or among[low] != identity:
        raise BadInput(say("There is no %(id)s here.", id=identity))
    return low


def arranged(
    proposals: tuple[str, ...],
    reviewers: tuple[str, ...],
    needs: Whole,
    loads: Whole,
    p: Whole,
    r: Whole,
    scores: Real,
    *,
    conflicts: Whole,
    locked: Whole,
    held: Whole,
    gone: int = 0,
    texts: Sequence[str] | None = None,
) -> Instance:
    """The instance of columns that were checked: ids sorted, ``loads`` of shape (reviewers, 2) as largest and smallest,
    pairs in any order but each once, ``conflicts``, ``locked`` and ``held`` as sorted keys."""
    keys = p * len(reviewers) + r
    order = np.argsort(keys, kind="stable")
    if len(conflicts):
        order = order[~_among(keys[order], conflicts)]
    keys = keys[order]
    is_held = _among(keys, held)
    return Instance(
        proposals,
        reviewers,
        needs,
        np.ascontiguousarray(loads[:, 0]),
        np.ascontiguousarray(loads[:, 1]),
        p[order],
        r[order],
        scores[order],
        _among(keys, locked),
        is_held,
        conflicts,
        gone + len(held) - int(is_held.sum()),
        None if texts is None else _Picked(texts, order),
    )


class _Picked(Sequence[str]):
    """Texts in another order, fetched only when asked for: nearly all of them never are."""

    def __init__(self, texts: Sequence[str], order: Whole) -> None:
        self.texts, self.order = texts, order

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        found: str = self.texts[self.order[place]]
        return found


def _among(keys: Whole, few: Whole) -> Mask:
    """Which of the ascending ``keys`` are among the few."""
    found = np.zeros(len(keys), np.bool_)
    if len(keys) and len(few):
        places = np.minimum(np.searchsorted(keys, few), len(keys) - 1)
        found[places[keys[places] == few]] = True
    return found


def lock_fault(made: Instance, keys: Sequence[int]) -> tuple[int, str, Words] | None:
    """Which of the keys is the first that cannot be locked beside those before it, by which column, and why; or None.

    A lock fails in conflict, where the pair may not be assigned, and above a load or a need. Keys stand once each.
    """
    mine: dict[int, int] = {}
    theirs: dict[int, int] = {}
    for number, key in enumerate(keys):
        proposal, reviewer = divmod(key, len(made.reviewers))
        mine[proposal], theirs[reviewer] = mine.get(proposal, 0) + 1, theirs.get(reviewer, 0) + 1
        names = {"proposal": made.proposals[proposal], "reviewer": made.reviewers[reviewer]}
        if _stands(made.conflicts, key):
            return number, "proposal_id", say("%(proposal)s with %(reviewer)s is locked and in conflict.", **names)
        if not _stands(made.keys, key):
            what = say("%(proposal)s with %(reviewer)s is locked and has no score, so it may not be assigned.", **names)
            return number, "proposal_id", what
        if theirs[reviewer] > made.max_loads[reviewer]:
            what = say("More pairs of %(reviewer)s are locked than its largest load allows.", **names)
            return number, "reviewer_id", what
        if mine[proposal] > made.needs[proposal]:
            return number, "proposal_id", say("More pairs of %(proposal)s are locked than it needs reviews.", **names)
    return None


def _stands(keys: Whole, key: int) -> bool:
    """Whether the key is among the ascending keys."""
    place = int(np.searchsorted(keys, key))
    return place < len(keys) and int(keys[place]) == key


def with_loads(made: Instance, loads: Whole) -> Instance:
    """The same instance with other largest loads; smallest ones are lowered to them where they stood above."""
    return replace(made, max_loads=loads, min_loads=np.minimum(made.min_loads, loads))
