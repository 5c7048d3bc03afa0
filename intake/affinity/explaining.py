"""What made one score: the terms, the texts, the themes and the keywords, each with its points.

Points are parts of the score itself. Those of the terms and of the other terms add up to those of the texts; those of
the texts, the themes and the keywords add up to the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intake.affinity.blend import HALF, HALF_WITH_MEANING, Weights, scaled
from intake.affinity.keywords import agreement, keywords_of, tokens
from intake.affinity.meant import SHARE, Vectors, by_meaning, known
from intake.affinity.nearest import BEST
from intake.affinity.terms import Counted, Floats, Ints, read, spellings, weighed
from intake.affinity.texts import HIGHEST_LEVEL, Candidate, Id, Subject, asked, sources_of, told

TERMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Term:
    """A word or pair of words that both have, as the proposal writes it and as the candidate's nearest text does."""

    asked: str
    told: str
    points: float


@dataclass(frozen=True, slots=True)
class NearText:
    """One of the candidate's texts that counted: the best three at most."""

    key: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class NearTheme:
    """A theme of the proposal that the candidate declared, with the level, 1 to 3."""

    theme: Id
    level: int
    points: float


@dataclass(frozen=True, slots=True)
class NearKeyword:
    """A keyword of the proposal and the candidate's that agrees with it, each as it was typed; likeness 0.6 to 1."""

    asked: str
    told: str
    likeness: float
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair has its ``score``, 0 to 1. Each list has what gave most first.

    ``shares`` is what texts, themes and keywords count for this proposal, together 1; ``points`` what they gave,
    together the score. ``other_terms`` is what the terms that are not listed gave, ``meaning`` what the texts' vectors
    gave, where there are any.
    """

    score: float
    shares: tuple[float, float, float]
    points: tuple[float, float, float]
    terms: tuple[Term, ...]
    other_terms: float
    meaning: float
    texts: tuple[NearText, ...]
    themes: tuple[NearTheme, ...]
    keywords: tuple[NearKeyword, ...]


def explain(
    subject: Subject,
    candidate: Candidate,
    weights: Weights,
    common: Counted,
    *,
    terms: int = TERMS_SHOWN,
    vectors: Vectors | None = None,
) -> Explanation:
    """Why the pair has the score that ``scoring.score`` gives it among the texts that ``common`` counted
    (``scoring.common_terms``), with the same ``vectors``. At most ``terms`` terms are listed. Raises: KeyError as
    ``score`` does."""
    shares = weights.shares(subject)
    nearest = _nearest(subject, candidate, common, shares[0], vectors)
    listed = _listed(nearest, asked(subject), told(candidate), common, terms)
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


@dataclass(frozen=True, slots=True)
class Nearest:
    """The points that the nearest texts gave: which texts, by each term (a row a text, a column a term), the terms, and
    by the meaning of each text."""

    texts: list[int]
    by_term: Floats
    codes: Ints
    by_meaning: Floats


def _nearest(subject: Subject, candidate: Candidate, common: Counted, share: float, vectors: Vectors | None) -> Nearest:
    """The best three texts with their points.

    A cosine of rows of length 1 is the sum, over the terms, of the products of both weights; the likeness of a text is
    that and what its meaning gives; that of the candidate is the mean of the best. So each term of each text has its
    own part, and these parts are all there is.
    """
    by_term, codes = _products(subject, candidate, common)
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


def _near_texts(nearest: Nearest, candidate: Candidate) -> tuple[NearText, ...]:
    """The texts that gave anything."""
    sources = sources_of(candidate)
    points = nearest.by_term.sum(axis=1) + nearest.by_meaning
    return tuple(
        NearText(sources[at].key, sources[at].title, given)
        for at, given in zip(nearest.texts, points.tolist(), strict=True)
        if given > 0
    )


def _listed(nearest: Nearest, ours: str, theirs: Sequence[str], common: Counted, most: int) -> tuple[Term, ...]:
    """The terms that gave most, each as the proposal writes it and as the text does to which it gave most."""
    points = nearest.by_term.sum(axis=0)
    first = [at for at in np.argsort(-points, kind="stable")[:most].tolist() if points[at] > 0]
    here = spellings(ours, common.lexicon)
    there = [spellings(theirs[at], common.lexicon) for at in nearest.texts]
    return tuple(
        Term(here[code], there[int(nearest.by_term[:, at].argmax())][code], float(points[at]))
        for at, code in zip(first, nearest.codes[first].tolist(), strict=True)
    )


def _products(subject: Subject, candidate: Candidate, common: Counted) -> tuple[Floats, Ints]:
    """What each term of the proposal (a column) gives to its cosine with each text of the candidate (a row), and the
    terms."""
    ours = weighed(read([asked(subject)], common.lexicon), common)
    theirs = weighed(read(told(candidate), common.lexicon), common)
    columns = np.sort(ours.indices)
    return theirs[:, columns].toarray() * ours[:, columns].toarray(), common.codes[columns]


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
    alike = agreement([*map(tokens, subject.keywords)], keywords_of([candidate])).toarray()
    likest, likeness = alike.argmax(axis=1), alike.max(axis=1)
    best = [at for at in np.argsort(-likeness, kind="stable")[:BEST].tolist() if likeness[at] > 0]
    each = share / min(BEST, len(subject.keywords))
    return tuple(
        NearKeyword(
            subject.keywords[at], candidate.keywords[int(likest[at])], float(likeness[at]), float(each * likeness[at])
        )
        for at in best
    )
