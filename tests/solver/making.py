"""An instance of plain mappings, the way that a reader would write it down."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from intake.solver.instance import Instance, Pair, Whole, arranged


def instance(
    needs: Mapping[str, int],
    loads: Mapping[str, tuple[int, int]],
    scores: Mapping[Pair, float],
    *,
    conflicts: Collection[Pair] = (),
    locked: Collection[Pair] = (),
    held: Collection[Pair] = (),
) -> Instance:
    """An instance of plain mappings, in any order.

    ``needs`` gives each proposal's reviews, ``loads`` each reviewer's (largest, smallest) load, ``scores`` the pairs
    that may be assigned; what is in ``conflicts`` is taken away from them. A held pair may be of unknown ids.
    """
    proposals, reviewers = tuple(sorted(needs)), tuple(sorted(loads))
    at_p, at_r = {each: i for i, each in enumerate(proposals)}, {each: i for i, each in enumerate(reviewers)}
    width = len(reviewers)

    def keys(pairs: Collection[Pair]) -> Whole:
        return np.array(sorted({at_p[a] * width + at_r[b] for a, b in pairs if a in at_p and b in at_r}), np.int64)

    pairs = list(scores)
    return arranged(
        proposals,
        reviewers,
        np.array([needs[each] for each in proposals], np.int64),
        np.array([loads[each] for each in reviewers], np.int64).reshape(-1, 2),
        np.array([at_p[a] for a, _ in pairs], np.int64),
        np.array([at_r[b] for _, b in pairs], np.int64),
        np.array([scores[each] for each in pairs], np.float64),
        conflicts=keys(conflicts),
        locked=keys(locked),
        held=keys(held),
        gone=len({*held}) - len(keys(held)),
    )
