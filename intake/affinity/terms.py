"""Texts as rows of weighted terms: words and pairs of neighbouring words, by TF-IDF.

The weight of a term in a text is ``(1 + ln f) * (1 + ln((1 + n) / (1 + h)))``: f is how often the text has it, n how
many texts there are, h how many of them have it (Salton and Buckley, Term-weighting approaches in automatic text
retrieval, 1988; the ones keep a term that all texts have). Each row then has the length 1, so that the product of two
rows is the cosine of their angle, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from intake.affinity.words import places, plainly, rooted

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = Any
"""A scipy ``csr_array`` of floats, which carries no types: one row a text, one column a term."""
NOTHING = -1
"""Stands for a word that tells nothing, and parts its neighbours."""
_PAIR = 32
"""Bits: a pair of words is the first's number plus one, shifted, with the second's."""


class Lexicon(dict[str, int]):
    """The number of each word as it is written; words that are compared as one have one number. It fills itself."""

    def __init__(self) -> None:
        super().__init__()
        self._roots: dict[str, int] = {"": NOTHING}

    def __missing__(self, word: str) -> int:
        number = self[word] = self._roots.setdefault(rooted(word), len(self._roots) - 1)
        return number


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The terms of some texts: one number a term, in the order of the texts, and which text (from 0) has it."""

    codes: Ints
    rows: Ints
    texts: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How common terms are in a collection: their numbers, rising, and the weight that each has for its rarity."""

    lexicon: Lexicon
    codes: Ints
    rarity: Floats


def read(texts: Sequence[str], lexicon: Lexicon) -> Occurrences:
    """The terms of ``texts``; new words enter the lexicon."""
    words = [np.fromiter([*map(lexicon.__getitem__, plainly(text)), NOTHING], np.int64) for text in texts]
    numbers = np.concatenate(words) if words else np.empty(0, np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(each) for each in words])
    single = numbers != NOTHING
    pairs = single[:-1] & single[1:]
    paired = ((numbers[:-1][pairs] + 1) << _PAIR) | numbers[1:][pairs]
    return Occurrences(
        np.concatenate([numbers[single], paired]), np.concatenate([rows[single], rows[:-1][pairs]]), len(texts)
    )


def counted(lexicon: Lexicon, *collections: Occurrences) -> tuple[Counted, list[Rows]]:
    """How common each term is in all the collections together, and the ``weighed`` rows of each."""
    codes, columns = np.unique(np.concatenate([each.codes for each in collections]), return_inverse=True)
    ends = np.cumsum([len(each.codes) for each in collections])[:-1]
    counts = [
        _counts(each.rows, own, (each.texts, len(codes)))
        for each, own in zip(collections, np.split(columns, ends), strict=True)
    ]
    held = sum(np.bincount(each.indices, minlength=len(codes)) for each in counts)
    texts = sum(each.texts for each in collections)
    common = Counted(lexicon, codes, 1 + np.log((1 + texts) / (1 + held)))
    return common, [_rows(each, common.rarity) for each in counts]


def weighed(occurrences: Occurrences, common: Counted) -> Rows:
    """One row a text, of length 1 (or empty), over the terms of ``common``; terms unknown to it are left out."""
    columns = np.searchsorted(common.codes, occurrences.codes)
    known = columns < len(common.codes)
    known[known] = common.codes[columns[known]] == occurrences.codes[known]
    shape = (occurrences.texts, len(common.codes))
    return _rows(_counts(occurrences.rows[known], columns[known], shape), common.rarity)


def _counts(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Rows:
    """How often each row has each column."""
    counts = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    return counts


def _rows(counts: Rows, rarity: Floats) -> Rows:
    """Counts made rows of weights, each of length 1."""
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    counts.data /= np.sqrt(np.bincount(of, counts.data**2, minlength=counts.shape[0]))[of]
    return counts


def spellings(text: str, lexicon: Lexicon, wanted: Iterable[int]) -> dict[int, str]:
    """How ``text`` writes each of the ``wanted`` terms, the first time. Raises: ValueError where it has not all."""
    words = plainly(text)
    numbers = list(map(lexicon.__getitem__, words))
    paired: list[tuple[int, int]] = []
    stand: list[tuple[int, int]] = []
    found = {}
    for code in wanted:
        if code < 1 << _PAIR:
            found[code] = words[numbers.index(code)]
            continue
        stand, paired = stand or places(text), paired or list(pairwise(numbers))
        first = paired.index(((code >> _PAIR) - 1, code & ((1 << _PAIR) - 1)))
        found[code] = " ".join(text[stand[first][0] : stand[first + 1][1]].split())
    return found
