"""The rows of a call's affinities, made from its texts. Loads numpy and scipy: only the worker imports it, and late."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from intake.affinity.blend import Weights
from intake.affinity.explaining import Explanation, explain
from intake.affinity.fingerprint import fingerprint
from intake.affinity.scoring import Pair, common_terms, score
from intake.affinity.terms import Counted, Ints, read
from intake.affinity.texts import Candidate, Id, Subject, asked, told
from intake.match.texts import PUBLICATION, Inputs
from intake.vocabulary import PairingKind

BEST_REVIEWERS = 50
"""Kept of each proposal. Of themes and contacts, which are few, all are kept."""
EXPLAINED_LEAST = 5
EXPLAINED_PAIRS = 10_000
"""Explaining a pair takes some milliseconds, so only about so many of a call are explained: the best of each proposal,
five at the least. A call of two hundred proposals has all its pairs explained."""
DIGITS = 6
"""Behind the point, of every number that is kept."""

Kept = dict[str, Any]


def name_of(inputs: Inputs) -> str:
    """The fingerprint of all that the scores are made from: 64 hexadecimal signs."""
    weights = Weights(**inputs.weights)
    parts = [fingerprint(inputs.subjects, inputs.kinds[kind], weights, kind.value) for kind in PairingKind]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def rows_of(inputs: Inputs) -> Iterator[tuple[int, Kept]]:
    """Every row to keep, with how many proposals are done by then: they count once their reviewers are scored, which
    come last."""
    weights = Weights(**inputs.weights)
    for kind in (PairingKind.THEME, PairingKind.CONTACT, PairingKind.REVIEWER):
        yield from _of_kind(kind, inputs.subjects, inputs.kinds[kind], weights)


def _of_kind(
    kind: PairingKind, subjects: list[Subject], candidates: list[Candidate], weights: Weights
) -> Iterator[tuple[int, Kept]]:
    if not subjects or not candidates:
        return
    most = BEST_REVIEWERS if kind is PairingKind.REVIEWER else len(candidates)
    explained = max(EXPLAINED_LEAST, EXPLAINED_PAIRS // len(subjects))
    subject_of = {each.id: each for each in subjects}
    candidate_of = {each.id: each for each in candidates}
    near = Near(common_terms(subjects, candidates))
    done, rank, before = -1, 0, None
    for pair in score(subjects, candidates, weights, most=most):
        rank = rank + 1 if pair.subject == before else 0
        done += pair.subject != before
        before = pair.subject
        why: Kept = {}
        if rank < explained and pair.score > 0:
            one, other = subject_of[pair.subject], candidate_of[pair.candidate]
            why = _kept(explain(one, other, weights, near.of(one, other)))
        yield (done if kind is PairingKind.REVIEWER else 0), _row(kind, pair, subject_of[pair.subject], weights, why)


class Near:
    """How common the terms of one pair are: a small part of all terms, so that explaining a pair takes no longer where
    there are millions. It keeps the terms of each candidate, and of the proposal at hand."""

    def __init__(self, common: Counted) -> None:
        self.common = common
        self._told: dict[Id, Ints] = {}
        self._asked: tuple[Id, Ints] | None = None

    def of(self, subject: Subject, candidate: Candidate) -> Counted:
        """What ``explain`` needs to tell of this pair what it would tell with all terms."""
        if self._asked is None or self._asked[0] != subject.id:
            self._asked = subject.id, self._terms([asked(subject)])
        if candidate.id not in self._told:
            self._told[candidate.id] = self._terms(told(candidate))
        codes = np.union1d(self._asked[1], self._told[candidate.id])
        rarity = self.common.rarity[np.searchsorted(self.common.codes, codes)]
        return Counted(self.common.lexicon, codes, rarity)

    def _terms(self, texts: list[str]) -> Ints:
        return np.unique(read(texts, self.common.lexicon).codes)


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
    """An explanation as it is kept: ``terms`` with ``other_terms`` add up to what the texts gave, and so do
    ``publications`` with ``own``, which are the statement, the keywords or the theme's words."""
    of_publications = [each for each in why.texts if each.key.startswith(PUBLICATION)]
    return {
        "shares": [_short(each) for each in why.shares],
        "terms": [{"term": each.asked, "told": each.told, "points": _short(each.points)} for each in why.terms],
        "other_terms": _short(why.other_terms),
        "publications": [{"title": each.title, "points": _short(each.points)} for each in of_publications],
        "own": [{"key": each.key, "points": _short(each.points)} for each in why.texts if each not in of_publications],
        "themes": [{"theme": each.theme, "level": each.level, "points": _short(each.points)} for each in why.themes],
        "keywords": [{"asked": each.asked, "told": each.told, "points": _short(each.points)} for each in why.keywords],
    }


def _short(number: float) -> float:
    return round(float(number), DIGITS)
