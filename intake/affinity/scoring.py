"""Many with many: the score of every proposal with every candidate, the best of each proposal kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from intake.affinity.blend import HALF_WITH_MEANING, Weights, scaled, theme_part
from intake.affinity.keywords import keyword_part, keywords_of
from intake.affinity.meant import Vectors, known, with_meaning
from intake.affinity.nearest import Shelf, mean_of_best, shelved
from intake.affinity.terms import Floats, Ints, Rows
from intake.affinity.texts import Candidate, Id, Subject, asked, in_order, told
from intake.affinity.weighing import Weighed, weigh

MOST = 100
"""Candidates kept a proposal."""
CELLS = 4_000_000
"""Numbers in the largest table at one time, 32 MB: it decides how many proposals are compared at once."""


class Pair(NamedTuple):
    """The score of one proposal with one candidate, 0 to 1, and its parts, 0 to 1 each, before they are weighted."""

    subject: Id
    candidate: Id
    score: float
    text: float
    themes: float
    keywords: float


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of both sides as rows of weighted terms; those of the candidates as they are shelved."""

    asked: Rows
    told: Rows
    shelf: Shelf
    vectors: tuple[Floats, Floats] | None = None
    """What the texts mean, asked and told, where that is known."""


def score(
    subjects: Sequence[Subject],
    candidates: Sequence[Candidate],
    weights: Weights,
    *,
    most: int = MOST,
    always: Mapping[Id, Collection[Id]] | None = None,
    vectors: Vectors | None = None,
    weighed: Weighed | None = None,
) -> Iterator[Pair]:
    """The pairs of each proposal with its ``most`` best candidates, and with those that ``always`` names for it: by
    the proposals' ids, the best first, equals by the candidates' ids. With ``vectors`` (of ``meaning``, by the texts'
    ``digest``) the text part counts what texts mean beside their terms. ``weighed``, where the caller has it, is what
    ``weighing.weigh`` made of the same subjects and candidates.

    The order of what is given changes nothing, to the last digit. Memory: the texts' terms (some 2 KB for an abstract)
    and a few tables of ``CELLS`` numbers; pairs come as they are made, so that they can be written in portions.
    Raises, at once: ValueError where an id stands twice; KeyError where a text has no vector and others have.
    """
    subjects, candidates = in_order(subjects), in_order(candidates)
    texts = texts_of(subjects, candidates, vectors, weighed)
    return _scored(subjects, candidates, weights, texts, most, always or {})


def texts_of(
    subjects: Sequence[Subject],
    candidates: Sequence[Candidate],
    vectors: Vectors | None = None,
    weighed: Weighed | None = None,
) -> Texts:
    """Both sides' texts, weighed by how common their terms are among all of them. Terms that only one side has are
    weighed (they count for the length of a text) and then left out: they make no text like another."""
    weighed = weighed or weigh(subjects, candidates)
    width = len(weighed.common.codes)
    both = np.bincount(weighed.asked.indices, minlength=width) > 0
    both &= np.bincount(weighed.told.indices, minlength=width) > 0
    shelf = shelved([len(each.sources) for each in candidates])
    ours, theirs = weighed.asked[:, both], weighed.told[:, both][shelf.rows]
    if vectors is None:
        return Texts(ours, theirs, shelf)
    meant = known(vectors, map(asked, subjects)), known(vectors, chain.from_iterable(map(told, candidates)))[shelf.rows]
    return Texts(ours, theirs, shelf, meant)


def _scored(
    subjects: list[Subject],
    candidates: list[Candidate],
    weights: Weights,
    texts: Texts,
    most: int,
    always: Mapping[Id, Collection[Id]],
) -> Iterator[Pair]:
    """What ``score`` gives out, a portion of proposals after the other."""
    if not subjects or not candidates:
        return
    portion = max(1, CELLS // max(1, texts.told.shape[0], 8 * len(candidates)))
    keywords = keywords_of(candidates)
    places = {each.id: at for at, each in enumerate(candidates)}
    for begin in range(0, len(subjects), portion):
        some = subjects[begin : begin + portion]
        parts = (
            text_part(texts, begin, begin + portion),
            theme_part(some, candidates),
            keyword_part(some, keywords),
        )
        shares = np.array([weights.shares(each) for each in some])
        total = sum(share[:, None] * part for share, part in zip(shares.T, parts, strict=True))
        for row, subject in enumerate(some):
            wanted = [places[each] for each in always.get(subject.id, ()) if each in places]
            best = _best(total[row], most, wanted)
            columns = [each[row][best].tolist() for each in (total, *parts)]
            yield from (
                Pair(subject.id, candidates[at].id, *values)
                for at, *values in zip(best.tolist(), *columns, strict=True)
            )


def text_part(texts: Texts, begin: int, end: int) -> Floats:
    """How like the candidates' texts are to those of the proposals from ``begin`` to before ``end``: the mean of each
    candidate's best three, ``scaled``. One row a subject, one column a candidate."""
    alike = (texts.told @ texts.asked[begin:end].T).toarray()
    if texts.vectors is None or not len(alike):
        return np.ascontiguousarray(scaled(mean_of_best(alike, texts.shelf)).T)
    ours, theirs = texts.vectors
    alike = with_meaning(alike, theirs @ ours[begin:end].T)
    return np.ascontiguousarray(scaled(mean_of_best(alike, texts.shelf), HALF_WITH_MEANING).T)


def _best(scores: Floats, most: int, wanted: Sequence[int]) -> Ints:
    """The places of the best, best first, equals in their order, and those wanted where their score puts them."""
    least = np.partition(scores, -most)[-most] if most < len(scores) else 0.0
    some = np.flatnonzero(scores >= least)  # sorting these few is far quicker than sorting all
    best = some[np.argsort(-scores[some], kind="stable")][:most]
    if not wanted:
        return best
    kept = np.unique(np.concatenate([best, np.asarray(wanted, dtype=np.int64)]))
    return kept[np.argsort(-scores[kept], kind="stable")]
