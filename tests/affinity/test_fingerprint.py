"""When scores are made anew."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from intake.affinity import fingerprint as fingerprints
from intake.affinity.blend import Weights
from intake.affinity.fingerprint import fingerprint
from intake.affinity.texts import Candidate, Source, Subject
from tests.affinity.made import people, proposals

pytestmark = pytest.mark.once
SUBJECT = Subject(1, "title", "abstract", frozenset({1, 2}), ("one", "two"))
CANDIDATE = Candidate(1, (Source("a", "title", "text"), Source("b", "other")), {1: 2}, ("one",))
BEFORE = fingerprint([SUBJECT], [CANDIDATE], Weights())


def test_the_order_of_rows_makes_no_other_fingerprint() -> None:
    chance = random.Random(1)
    subjects, candidates = proposals(chance), people(chance)
    before = fingerprint(subjects, candidates, Weights())
    assert fingerprint(subjects[::-1], candidates[::-1], Weights()) == before
    turned = replace(CANDIDATE, sources=CANDIDATE.sources[::-1])
    assert fingerprint([SUBJECT], [turned], Weights()) == BEFORE


@pytest.mark.parametrize(
    "changed",
    [
        replace(SUBJECT, id=2),
        replace(SUBJECT, id="1"),
        replace(SUBJECT, title="titl", abstract="eabstract"),
        replace(SUBJECT, abstract="abstract."),
        replace(SUBJECT, themes=frozenset({1})),
        replace(SUBJECT, keywords=("one two",)),
    ],
)
def test_a_change_of_the_proposal_makes_another(changed: Subject) -> None:
    assert fingerprint([changed], [CANDIDATE], Weights()) != BEFORE


@pytest.mark.parametrize(
    "changed",
    [
        replace(CANDIDATE, id=2),
        replace(CANDIDATE, sources=CANDIDATE.sources[:1]),
        replace(CANDIDATE, sources=(Source("a", "title", "text."), CANDIDATE.sources[1])),
        replace(CANDIDATE, themes={1: 3}),
        replace(CANDIDATE, themes={2: 2}),
        replace(CANDIDATE, keywords=()),
    ],
)
def test_a_change_of_the_candidate_makes_another(changed: Candidate) -> None:
    assert fingerprint([SUBJECT], [changed], Weights()) != BEFORE


def test_weights_the_model_and_the_edition_make_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fingerprint([SUBJECT], [CANDIDATE], Weights(50, 30, 20)) != BEFORE
    assert fingerprint([SUBJECT], [CANDIDATE], Weights(), "a model") != BEFORE
    monkeypatch.setattr(fingerprints, "EDITION", fingerprints.EDITION + 1)
    assert fingerprint([SUBJECT], [CANDIDATE], Weights()) != BEFORE
