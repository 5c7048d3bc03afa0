"""The rows of a call's affinities, made from its texts. Loads numpy and scipy: only the worker imports it, and late."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from intake.affinity.blend import Weights
from intake.affinity.explaining import explainer
from intake.affinity.fingerprint import fingerprint
from intake.affinity.meant import Vectors
from intake.affinity.reasons import Explanation
from intake.affinity.scoring import Pair, score
from intake.affinity.texts import Candidate, Subject
from intake.affinity.weighing import weigh
from intake.match.texts import PUBLICATION, Inputs
from intake.vocabulary import PairingKind

BEST_REVIEWERS = 50
"""Kept of each proposal. Of themes and contacts, which are few, all are kept."""
EXPLAINED_LEAST = 5
EXPLAINED_PAIRS = 10_000
"""The reasons of a pair take some KB, so only about so many of a call are explained: the best of each proposal, five at
the least. A call of two hundred proposals has all its pairs explained."""
DIGITS = 6
"""Behind the point, of every number that is kept."""

Kept = dict[str, Any]


def name_of(inputs: Inputs, model: str = "") -> str:
    """The fingerprint of all that the scores are made from, the language model's name too where one is used: 64
    hexadecimal signs."""
    weights = Weights(**inputs.weights)
    parts = [
        fingerprint(inputs.subjects, inputs.kinds[kind], weights, f"{kind.value} {model}".strip())
        for kind in PairingKind
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def rows_of(inputs: Inputs, vectors: Vectors | None = None) -> Iterator[tuple[int, Kept]]:
    """Every row to keep, with how many proposals are done by then: they count once their reviewers are scored, which
    come last. ``vectors`` are those of all texts, where the language model is used."""
    weights = Weights(**inputs.weights)
    for kind in (PairingKind.THEME, PairingKind.CONTACT, PairingKind.REVIEWER):
        yield from _of_kind(kind, inputs.subjects, inputs.kinds[kind], weights, vectors)


def _of_kind(
    kind: PairingKind,
    subjects: list[Subject],
    candidates: list[Candidate],
    weights: Weights,
    vectors: Vectors | None,
) -> Iterator[tuple[int, Kept]]:
    if not subjects or not candidates:
        return
    most = BEST_REVIEWERS if kind is PairingKind.REVIEWER else len(candidates)
    explained = max(EXPLAINED_LEAST, EXPLAINED_PAIRS // len(subjects))
    subject_of = {each.id: each for each in subjects}
    weighed = weigh(subjects, candidates)
    tell = explainer(subjects, candidates, weights, weighed, vectors=vectors)
    done, rank, before = -1, 0, None
    for pair in score(subjects, candidates, weights, most=most, vectors=vectors, weighed=weighed):
        rank = rank + 1 if pair.subject == before else 0
        done += pair.subject != before
        before = pair.subject
        known = rank < explained and pair.score > 0
        why = _kept(tell(pair.subject, pair.candidate)) if known else {}
        yield (done if kind is PairingKind.REVIEWER else 0), _row(kind, pair, subject_of[pair.subject], weights, why)


def _row(kind: PairingKind, pair: Pair, subject: Subject, weights: Weights, why: Kept) -> Kept:
    shares = weights.shares(subject)
    parts = zip(("text", "themes", "keywords"), shares, (pair.text, pair.themes, pair.keywords), strict=True)
    return {
        "proposal_id": pair.subject,
        "kind": kind.value,
        "theme_id": pair.candidate if kind is PairingKind.THEME else None,
        "person_id": None if kind is PairingKind.THEME else pair.candidate,
        "score": min(1.0, max(0.0, round(pair.score, DIGITS))),
        "parts": {name: _short(share * part) for name, share, part in parts},
        "why": why,
    }


def _kept(why: Explanation) -> Kept:
    """An explanation as it is kept: ``terms`` with ``other_terms`` and ``meaning`` add up to what the texts gave, and
    so do ``publications`` with ``own``, which are the statement, the keywords or the theme's words."""
    of_publications = [each for each in why.texts if each.key.startswith(PUBLICATION)]
    return {
        "shares": [_short(each) for each in why.shares],
        "terms": [{"term": each.asked, "told": each.told, "points": _short(each.points)} for each in why.terms],
        "other_terms": _short(why.other_terms),
        "meaning": _short(why.meaning),
        "publications": [{"title": each.title, "points": _short(each.points)} for each in of_publications],
        "own": [{"key": each.key, "points": _short(each.points)} for each in why.texts if each not in of_publications],
        "themes": [{"theme": each.theme, "level": each.level, "points": _short(each.points)} for each in why.themes],
        "keywords": [{"asked": each.asked, "told": each.told, "points": _short(each.points)} for each in why.keywords],
    }


def _short(number: float) -> float:
    return round(float(number), DIGITS)
