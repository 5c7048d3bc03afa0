"""How far keywords agree: those of a proposal with those of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse

from intake.affinity.nearest import mean_of_best, shelved
from intake.affinity.terms import Floats, Ints
from intake.affinity.texts import Candidate, Subject
from intake.affinity.words import folded, plainly, rooted

ALIKE_FROM = 0.6
"""From what likeness two keywords agree. “Machine learning” and “deep learning” have 0.5 and do not."""

Tokens = frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The keywords of all candidates, one after the other: which has which word (a sparse matrix, a row a keyword),
    the column of each word, how many words each keyword has, whose each is, and how many candidates there are."""

    rows: Any
    columns: dict[str, int]
    sizes: Ints
    owners: Ints
    candidates: int


@lru_cache(maxsize=20_000)
def tokens(keyword: str) -> Tokens:
    """What a keyword is compared by: its words, or itself where it has none that tell anything, such as R."""
    found = frozenset(root for word in plainly(keyword) if (root := rooted(word)))
    return found or frozenset({" ".join(folded(keyword).split())})


def keywords_of(candidates: Sequence[Candidate]) -> Told:
    """The keywords of the candidates, made ready to be compared with those of many proposals."""
    told = [tokens(word) for each in candidates for word in each.keywords]
    columns = {word: at for at, word in enumerate(sorted(frozenset().union(*told)))}
    owners = np.repeat(np.arange(len(candidates)), [len(each.keywords) for each in candidates])
    return Told(_incidence(told, columns), columns, _sizes(told), owners, len(candidates))


def keyword_part(subjects: Sequence[Subject], told: Told) -> Floats:
    """How far keywords agree: of each keyword of the proposal the likest of the candidate, of those the mean of the
    best three (of all where there are fewer). One row a subject, one column a candidate."""
    asked = [tokens(word) for each in subjects for word in each.keywords]
    alike = agreement(asked, told)
    best: Floats = np.zeros((len(asked), told.candidates))
    np.maximum.at(best, (alike.row, told.owners[alike.col]), alike.data)
    shelf = shelved([len(each.keywords) for each in subjects])
    return mean_of_best(best[shelf.rows], shelf)


def agreement(asked: Sequence[Tokens], told: Told) -> Any:
    """How like keywords are, as a sparse matrix by its entries: twice the words in common by the words of both (Dice,
    Measures of the amount of ecologic association between species, Ecology 26, 1945); only what reaches
    ``ALIKE_FROM``."""
    both = (_incidence(asked, told.columns) @ told.rows.T).tocoo()
    likeness = 2 * both.data / (_sizes(asked)[both.row] + told.sizes[both.col])
    agree = likeness >= ALIKE_FROM
    return sparse.coo_array((likeness[agree], (both.row[agree], both.col[agree])), shape=both.shape)


def likest(asked: Tokens, told: Sequence[Tokens]) -> tuple[int, float]:
    """Which of a few keywords is likest to one, the first of equals, and how like, as ``agreement`` says it; 0 where
    none agrees."""
    alike = [2 * len(asked & each) / (len(asked) + len(each)) for each in told]
    most = max(alike)
    return (alike.index(most), most) if most >= ALIKE_FROM else (0, 0.0)


def _sizes(keywords: Sequence[Tokens]) -> Ints:
    return np.array([len(each) for each in keywords], dtype=np.int64)


def _incidence(keywords: Sequence[Tokens], columns: dict[str, int]) -> Any:
    """Which keyword has which of the words that have a column."""
    found = [sorted(columns[word] for word in each if word in columns) for each in keywords]
    rows = np.repeat(np.arange(len(keywords)), [len(each) for each in found])
    flat = np.array([at for each in found for at in each], dtype=np.int64)
    return sparse.csr_array((np.ones(len(flat)), (rows, flat)), shape=(len(keywords), len(columns)))
