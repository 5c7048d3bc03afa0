"""What texts mean, where vectors of them are at hand; and how the optional model makes them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from intake.affinity import meaning, model
from intake.affinity.blend import Weights
from intake.affinity.scoring import score
from intake.affinity.texts import Candidate, Source, Subject, asked, digest, told
from intake.affinity.weighing import weigh
from tests.affinity.made import explain, made_up, people, proposals

pytestmark = pytest.mark.once
needs_the_model = pytest.mark.skipif(
    not model.present(), reason="the optional extra of requirements-meaning.txt is not installed"
)


def test_with_meaning_the_reasons_of_every_pair_add_up_to_its_score() -> None:
    chance = random.Random(1)
    subjects, candidates = proposals(chance), [*people(chance), Candidate(99)]
    vectors = made_up(subjects, candidates)
    common = weigh(subjects, candidates).common
    for pair in score(subjects, candidates, Weights(), vectors=vectors):
        subject = next(each for each in subjects if each.id == pair.subject)
        candidate = next(each for each in candidates if each.id == pair.candidate)
        why = explain(subject, candidate, Weights(), common, vectors=vectors)
        assert why.score == pytest.approx(pair.score, abs=1e-12)
        assert why.points[0] == pytest.approx(0.6 * pair.text, abs=1e-12)
        by_terms = sum(each.points for each in why.terms) + why.other_terms
        assert by_terms + why.meaning == pytest.approx(why.points[0], abs=1e-12)
        assert sum(each.points for each in why.texts) == pytest.approx(why.points[0], abs=1e-12)


def test_texts_that_mean_the_same_are_like_without_a_word_in_common() -> None:
    subject = Subject(1, "Automobiles")
    candidates = [Candidate(1, (Source("a", "Poems"),)), Candidate(2, (Source("a", "Cars"),))]
    texts = [asked(subject), told(candidates[0])[0], told(candidates[1])[0]]
    vectors = dict(zip(map(digest, texts), np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32), strict=True))
    found = list(score([subject], candidates, Weights(100, 0, 0), vectors=vectors))
    assert [(pair.candidate, pair.score > 0) for pair in found] == [(2, True), (1, False)]


def test_candidates_of_whom_nothing_is_written_are_like_nothing() -> None:
    subject, candidates = Subject(1, "Automobiles"), [Candidate(1), Candidate(2)]
    found = score([subject], candidates, Weights(100, 0, 0), vectors=made_up([subject], candidates))
    assert [pair.score for pair in found] == [0, 0]


def test_a_text_without_its_vector_is_refused_at_once() -> None:
    subject = Subject(1, "One")
    with pytest.raises(KeyError):
        score([subject], [Candidate(1, (Source("a", "Two"),))], Weights(), vectors={digest(asked(subject)): np.ones(2)})


def test_without_the_packages_the_model_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (meaning, model):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
    meaning.weights_of.cache_clear()
    assert (model.present(), model.name()) == (False, "")
    with pytest.raises(ModuleNotFoundError, match="requirements-meaning"):
        next(meaning.vectors(["text"]))


@needs_the_model
def test_the_model_puts_near_what_means_the_same() -> None:
    car, automobile, poem, nothing = meaning.vectors(["A fast car", "A quick automobile", "A poem on autumn", " "])
    assert {each.shape for each in (car, automobile, poem, nothing)} == {(meaning.WIDTH,)}
    assert np.linalg.norm(car) == pytest.approx(1, abs=1e-5)
    assert car @ automobile > 0.7 > 0.3 > car @ poem
    assert not nothing.any()


@needs_the_model
def test_the_model_reads_the_beginning_of_a_long_text() -> None:
    long, longer = meaning.vectors(["word " * 1_000, "word " * 2_000])
    assert np.array_equal(long, longer)
