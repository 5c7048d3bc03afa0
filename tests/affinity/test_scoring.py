"""Scores: many with many, in any order, within bounds."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from intake.affinity import scoring
from intake.affinity.blend import Weights
from intake.affinity.nearest import mean_of_best, shelved
from intake.affinity.scoring import Pair, score
from intake.affinity.texts import Candidate, Source, Subject, keyword_list, person
from tests.affinity.made import people, proposals, topic_of

pytestmark = pytest.mark.once
TEXT_ONLY = Weights(100, 0, 0)


def one(subject: Subject, candidate: Candidate, weights: Weights = TEXT_ONLY) -> Pair:
    (pair,) = score([subject], [candidate], weights)
    return pair


def test_the_people_of_a_topic_come_first_by_text_alone() -> None:
    chance = random.Random(1)
    subjects, candidates = proposals(chance), people(chance)
    topics = {each.id: topic_of(each) for each in candidates}
    first = {each.id: [] for each in subjects}
    for pair in score(subjects, candidates, TEXT_ONLY):
        first[pair.subject].append(topics[pair.candidate])
    assert {each.id: first[each.id][:3] for each in subjects} == {each.id: [topic_of(each)] * 3 for each in subjects}


def test_the_order_of_rows_changes_nothing() -> None:
    chance = random.Random(2)
    subjects, candidates = proposals(chance), people(chance)
    before = list(score(subjects, candidates, Weights()))
    for _ in range(5):
        chance.shuffle(subjects)
        turned = [
            replace(each, sources=tuple(chance.sample(each.sources, len(each.sources))))
            for each in chance.sample(candidates, len(candidates))
        ]
        assert list(score(subjects, turned, Weights())) == before


def test_how_many_are_compared_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    subjects, candidates = proposals(chance), people(chance)
    before = list(score(subjects, candidates, Weights()))
    monkeypatch.setattr(scoring, "CELLS", 1)
    assert list(score(subjects, candidates, Weights())) == before


def test_only_the_best_are_kept_and_who_was_asked_for() -> None:
    chance = random.Random(4)
    subjects, candidates = proposals(chance), people(chance)
    whole = [pair for pair in score(subjects, candidates, Weights()) if pair.subject == 0]
    assert len(whole) == len(candidates)
    last = whole[-1].candidate
    kept = [pair for pair in score(subjects, candidates, Weights(), most=2, always={0: {last}}) if pair.subject == 0]
    assert kept == [*whole[:2], whole[-1]]


def test_equals_come_by_their_ids() -> None:
    twins = [Candidate(number, (Source("statement", "battery storage"),)) for number in (3, 1, 2)]
    found = score([Subject(1, "battery storage")], twins, TEXT_ONLY, most=2)
    assert [pair.candidate for pair in found] == [1, 2]


def test_the_same_text_is_one_and_another_is_nothing() -> None:
    same = one(Subject(1, "Solid state batteries"), Candidate(1, (Source("publication", "Solid state batteries"),)))
    other = one(Subject(1, "Solid state batteries"), Candidate(1, (Source("publication", "Wireless networks"),)))
    assert (round(same.score, 12), other.score) == (1.0, 0.0)


def test_nothing_written_is_no_likeness_and_no_failure() -> None:
    empty, nobody = Subject(1, "", ""), Candidate(1)
    assert one(empty, nobody) == Pair(1, 1, 0, 0, 0, 0)
    assert one(Subject(1, "of the", "2024"), Candidate(1, (Source("statement", ""),))).score == 0
    assert list(score([], [nobody], TEXT_ONLY)) == list(score([empty], [], TEXT_ONLY)) == []


def test_the_three_nearest_publications_count() -> None:
    near = tuple(Source(f"near {n}", "battery storage") for n in range(3))
    far = tuple(Source(f"far {n}", "wireless antenna") for n in range(20))
    subject = Subject(1, "battery storage")
    pairs = score([subject], [Candidate(1, near), Candidate(2, near + far)], TEXT_ONLY)
    assert len({pair.text for pair in pairs}) == 1


def test_a_theme_is_found_by_its_chinese_name_as_well() -> None:
    themes = [
        Candidate(1, (Source("theme", "Wireless networks 无线网络"),)),
        Candidate(2, (Source("theme", "Energy storage 储能电池", "Safe cells."),)),
    ]
    found = list(score([Subject(1, "固態儲能電池的界面")], themes, TEXT_ONLY))
    assert [(pair.candidate, pair.score > 0) for pair in found] == [(2, True), (1, False)]


def test_themes_count_by_their_level() -> None:
    asks = Subject(1, "any", themes=frozenset({"a", "b"}))
    weights = Weights(0, 100, 0)
    assert one(asks, Candidate(1, themes={"a": 3, "b": 3}), weights).score == 1
    assert one(asks, Candidate(1, themes={"a": 3}), weights).score == 0.5
    assert one(asks, Candidate(1, themes={"b": 1, "c": 3}), weights).score == pytest.approx(1 / 6)


def test_three_keywords_that_agree_are_all_that_is_asked() -> None:
    asks = Subject(1, "any", keywords=("Graph neural networks", "Batteries", "5G", "Robots", "R"))
    weights = Weights(0, 0, 100)
    all_three = Candidate(1, keywords=("battery", "5g", "r", "poetry"))
    in_part = Candidate(1, keywords=("neural network",))
    assert one(asks, all_three, weights).score == 1
    assert one(asks, in_part, weights).score == pytest.approx(0.8 / 3)
    assert one(asks, Candidate(1, keywords=("network theory",)), weights).score == 0


def test_a_part_of_which_the_proposal_says_nothing_gives_its_weight_away() -> None:
    weights = Weights(60, 25, 15)
    assert weights.shares(Subject(1, "t", "", frozenset({1}), ("k",))) == (0.6, 0.25, 0.15)
    assert weights.shares(Subject(1, "t", "", frozenset(), ("k",))) == (0.8, 0.0, 0.2)
    assert weights.shares(Subject(1, "t")) == (1.0, 0.0, 0.0)
    assert Weights(0, 100, 0).shares(Subject(1, "t")) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("wrong", [(60, 25, 16), (-1, 50, 51), (101, -1, 0), (0, 0, 0)])
def test_weights_that_do_not_add_up_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="100 together"):
        Weights(*wrong)


def test_two_of_one_id_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="same id"):
        score([Subject(1, "a"), Subject(1, "b")], [Candidate(1)], TEXT_ONLY)


def test_the_best_three_are_found_for_owners_of_any_size() -> None:
    chance = np.random.default_rng(5)
    sizes = [0, 7, 1, 3, 2, 0, 4]
    values = chance.random((sum(sizes), 5))
    begins = np.cumsum([0, *sizes])
    shelf = shelved(sizes)
    expected = [
        np.sort(values[begin : begin + size], axis=0)[::-1][:3].mean(axis=0) if size else np.zeros(5)
        for begin, size in zip(begins, sizes, strict=False)
    ]
    assert np.allclose(mean_of_best(values[shelf.rows], shelf), expected)


def test_typed_keywords_are_parted_in_both_languages() -> None:
    assert keyword_list("5G, edge computing；机器学习、 5G\n") == ("5G", "edge computing", "机器学习")


def test_a_person_is_told_of_by_what_they_typed_and_what_they_published() -> None:
    publication = Source("publication 1", "A title", "An abstract")
    found = person(7, [publication], statement="I study cells.", keywords="5G; 电池", themes={3: 2})
    typed = (Source("statement", "", "I study cells."), Source("keywords", "", "5G; 电池"))
    assert found == Candidate(7, (publication, *typed), {3: 2}, ("5G", "电池"))
    assert person(7, [], statement=" ") == Candidate(7)
