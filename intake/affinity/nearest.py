"""The best three of each owner's rows: of a person's publications, of a proposal's keywords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intake.affinity.terms import Floats, Ints

BEST = 3
"""How many count. Measured on rated reviewers: the mean of the best three beats that of all, of the best one, two,
five or eight."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """How rows are laid so that the best of all owners are found at once: first each owner's first row, then each
    one's second, and so on; owners with most rows come first, so that each such layer is one block without gaps.

    ``rows`` gives for each place which row (in the order of the owners) lies there; ``layers`` how many rows each layer
    has; ``place`` where each owner stands; ``held`` how many rows the owner at each place has.
    """

    rows: Ints
    layers: tuple[int, ...]
    place: Ints
    held: Ints


def shelved(sizes: Sequence[int]) -> Shelf:
    """The shelf of owners who have ``sizes`` rows each, one owner's after the other's."""
    counts = np.asarray(sizes, dtype=np.int64)
    owners = np.argsort(-counts, kind="stable")
    begins = np.cumsum(counts) - counts
    layers = [begins[owners[: int((counts > layer).sum())]] + layer for layer in range(int(counts.max(initial=0)))]
    place = np.empty(len(counts), dtype=np.int64)
    place[owners] = np.arange(len(counts))
    rows = np.concatenate(layers) if layers else np.empty(0, dtype=np.int64)
    return Shelf(rows, tuple(len(each) for each in layers), place, counts[owners])


def mean_of_best(values: Floats, shelf: Shelf) -> Floats:
    """The mean of each owner's best three rows, column by column; of all of them where there are fewer, 0 where there
    are none. ``values`` has its rows as they are shelved and none below 0; the result has one row an owner, in their
    own order."""
    best = [np.zeros((len(shelf.held), values.shape[1])) for _ in range(BEST)]
    begins = 0
    for size in shelf.layers:
        rest = values[begins : begins + size]
        begins += size
        for rank in best:
            top = rank[:size]
            rest, rank[:size] = np.minimum(top, rest), np.maximum(top, rest)
    total: Floats = np.sum(best, axis=0)
    total /= np.clip(shelf.held, 1, BEST)[:, None]
    return total[shelf.place]
