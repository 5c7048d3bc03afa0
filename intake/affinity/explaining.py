"""What made one score, to the last point: from the rows of weighted terms that the score was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from intake.affinity.blend import HALF, HALF_WITH_MEANING, Weights, scaled
from intake.affinity.keywords import likest, tokens
from intake.affinity.meant import SHARE, Vectors, by_meaning, known
from intake.affinity.nearest import BEST
from intake.affinity.reasons import Explanation, NearKeyword, NearText, NearTheme, Term
from intake.affinity.terms import Floats, Ints, Lexicon, Rows, spellings
from intake.affinity.texts import HIGHEST_LEVEL, Candidate, Id, Subject, asked, in_order, sources_of, told
from intake.affinity.weighing import Weighed
from intake.affinity.words import tells

TERMS_SHOWN = 10
_SPARE = 10
"""So many more are looked at, in place of those that tell nobody anything."""


def explainer(
    subjects: Sequence[Subject],
    candidates: Sequence[Candidate],
    weights: Weights,
    read_texts: Weighed,
    *,
    terms: int = TERMS_SHOWN,
    vectors: Vectors | None = None,
) -> Callable[[Id, Id], Explanation]:
    """What tells of a proposal and a candidate, by their ids, what ``explain`` would, to the last digit, from the texts
    that ``weighing.weigh`` read of these: a third of a millisecond a pair, whose texts are not read anew. What it gives
    back raises KeyError for an id that is not among these, and where a text has no vector and ``vectors`` are given."""
    subjects, candidates = in_order(subjects), in_order(candidates)
    row_of = {each.id: at for at, each in enumerate(subjects)}
    place_of = {each.id: at for at, each in enumerate(candidates)}
    begins = [0, *accumulate(len(each.sources) for each in candidates)]

    def tell(subject_id: Id, candidate_id: Id) -> Explanation:
        row, place = row_of[subject_id], place_of[candidate_id]
        by_term, columns = _products(read_texts, row, begins[place], begins[place + 1])
        codes = read_texts.common.codes[columns]
        pair = subjects[row], candidates[place]
        nearest = _nearest(*pair, by_term, codes, weights.shares(subjects[row])[0], vectors)
        return _explained(*pair, weights, nearest, read_texts.common.lexicon, terms)

    return tell


def _products(texts: Weighed, row: int, begin: int, end: int) -> tuple[Floats, Ints]:
    """What each term of the proposal (a column) gives to its cosine with each text from ``begin`` to before ``end`` (a
    row), and the columns that the terms have among all."""
    columns, ours, _ = _entries(texts.asked, row, row + 1)
    found, theirs, rows = _entries(texts.told, begin, end)
    by_term: Floats = np.zeros((end - begin, len(columns)))
    if len(columns):
        at = np.minimum(np.searchsorted(columns, found), len(columns) - 1)
        both = np.flatnonzero(columns[at] == found)
        at = at[both]
        by_term[rows[both], at] = theirs[both] * ours[at]
    return by_term, columns


def _entries(rows: Rows, begin: int, end: int) -> tuple[Ints, Floats, Ints]:
    """The columns (rising within each row), the weights and the rows, from 0, of what stands in these rows."""
    bounds = rows.indptr[begin : end + 1]
    among = slice(bounds[0], bounds[-1])
    return rows.indices[among], rows.data[among], np.repeat(np.arange(end - begin), np.diff(bounds))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The points that the nearest texts gave: which texts, by each term (a row a text, a column a term), the terms, and
    by the meaning of each text."""

    texts: list[int]
    by_term: Floats
    codes: Ints
    by_meaning: Floats


def _nearest(
    subject: Subject, candidate: Candidate, by_term: Floats, codes: Ints, share: float, vectors: Vectors | None
) -> Nearest:
    """The best three texts with their points.

    A cosine of rows of length 1 is the sum, over the terms, of the products of both weights; the likeness of a text is
    that and what its meaning gives; that of the candidate is the mean of the best. So each term of each text has its
    own part, and these parts are all there is.
    """
    meant: Floats = np.zeros(len(by_term))
    if vectors is not None and len(by_term):
        by_term *= 1 - SHARE
        meant = by_meaning(known(vectors, told(candidate)) @ known(vectors, [asked(subject)])[0])
    best = np.argsort(-(by_term.sum(axis=1) + meant), kind="stable")[:BEST]
    by_term, meant = by_term[best], meant[best]
    likeness = (by_term.sum() + meant.sum()) / max(1, len(best))
    points = share * float(scaled(likeness, HALF if vectors is None else HALF_WITH_MEANING))
    each = points / (likeness * len(best)) if likeness > 0 else 0.0
    return Nearest(best.tolist(), by_term * each, codes, meant * each)


def _explained(
    subject: Subject, candidate: Candidate, weights: Weights, nearest: Nearest, lexicon: Lexicon, most: int
) -> Explanation:
    """All the reasons together, at most ``most`` terms."""
    shares = weights.shares(subject)
    listed = _listed(nearest, asked(subject), told(candidate), lexicon, most)
    texts = _near_texts(nearest, candidate)
    themes = _near_themes(subject, candidate, shares[1])
    keywords = _near_keywords(subject, candidate, shares[2])
    points = (
        sum((each.points for each in texts), 0.0),
        sum((each.points for each in themes), 0.0),
        sum((each.points for each in keywords), 0.0),
    )
    rest = float(nearest.by_term.sum()) - sum(each.points for each in listed)
    return Explanation(
        sum(points), shares, points, listed, rest, float(nearest.by_meaning.sum()), texts, themes, keywords
    )


def _listed(nearest: Nearest, ours: str, theirs: Sequence[str], lexicon: Lexicon, most: int) -> tuple[Term, ...]:
    """The terms that gave most, each as the proposal writes it and as the text does to which it gave most; words of
    grammar are passed over."""
    points = nearest.by_term.sum(axis=0)
    first = [at for at in np.argsort(-points, kind="stable")[: most + _SPARE].tolist() if points[at] > 0]
    here = spellings(ours, lexicon, nearest.codes[first].tolist())
    first = [at for at in first if tells(here[int(nearest.codes[at])])][:most]
    codes = nearest.codes[first].tolist()
    in_text = nearest.by_term[:, first].argmax(axis=0).tolist() if first else []
    there = {
        text: spellings(
            theirs[nearest.texts[text]], lexicon, [code for code, at in zip(codes, in_text, strict=True) if at == text]
        )
        for text in set(in_text)
    }
    return tuple(
        Term(here[code], there[text][code], float(points[at]))
        for at, code, text in zip(first, codes, in_text, strict=True)
    )


def _near_texts(nearest: Nearest, candidate: Candidate) -> tuple[NearText, ...]:
    """The texts that gave anything."""
    sources = sources_of(candidate)
    points = nearest.by_term.sum(axis=1) + nearest.by_meaning
    return tuple(
        NearText(sources[at].key, sources[at].title, given)
        for at, given in zip(nearest.texts, points.tolist(), strict=True)
        if given > 0
    )


def _near_themes(subject: Subject, candidate: Candidate, share: float) -> tuple[NearTheme, ...]:
    """The themes of the proposal that the candidate declared."""
    each = share / HIGHEST_LEVEL / max(1, len(subject.themes))
    near = [
        NearTheme(theme, level, each * level) for theme, level in candidate.themes.items() if theme in subject.themes
    ]
    return tuple(sorted(near, key=lambda one: (-one.points, repr(one.theme)))) if share > 0 else ()


def _near_keywords(subject: Subject, candidate: Candidate, share: float) -> tuple[NearKeyword, ...]:
    """The best three of the proposal's keywords, each beside the candidate's likest."""
    if not subject.keywords or not candidate.keywords or share <= 0:
        return ()
    theirs = [*map(tokens, candidate.keywords)]
    near = [(word, *likest(tokens(word), theirs)) for word in subject.keywords]
    best = sorted((one for one in near if one[2] > 0), key=lambda one: -one[2])[:BEST]
    each = share / min(BEST, len(subject.keywords))
    return tuple(NearKeyword(word, candidate.keywords[at], likeness, each * likeness) for word, at, likeness in best)
