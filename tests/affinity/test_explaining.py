"""Why a score is what it is: the reasons add up to it."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.affinity.blend import Weights
from intake.affinity.explaining import explainer
from intake.affinity.reasons import Explanation
from intake.affinity.scoring import score
from intake.affinity.texts import Candidate, Source, Subject
from intake.affinity.weighing import weigh
from tests.affinity.made import explain, made_up, people, proposals

pytestmark = pytest.mark.once


def adds_up(why: Explanation) -> bool:
    """Whether every list gives what the whole says."""
    texts, themes, keywords = why.points
    return (
        sum(each.points for each in why.terms) + why.other_terms == pytest.approx(texts, abs=1e-12)
        and sum(each.points for each in why.texts) == pytest.approx(texts, abs=1e-12)
        and sum(each.points for each in why.themes) == pytest.approx(themes, abs=1e-12)
        and sum(each.points for each in why.keywords) == pytest.approx(keywords, abs=1e-12)
        and sum(why.points) == pytest.approx(why.score, abs=1e-12)
    )


@pytest.mark.parametrize("weights", [Weights(), Weights(100, 0, 0), Weights(0, 50, 50), Weights(20, 0, 80)])
def test_the_reasons_of_every_pair_add_up_to_its_score(weights: Weights) -> None:
    chance = random.Random(1)
    subjects, candidates = proposals(chance), people(chance)
    common = weigh(subjects, candidates).common
    asked, told = {each.id: each for each in subjects}, {each.id: each for each in candidates}
    for pair in score(subjects, candidates, weights):
        why = explain(asked[pair.subject], told[pair.candidate], weights, common)
        assert why.score == pytest.approx(pair.score, abs=1e-12)
        parts = [share * part for share, part in zip(why.shares, pair[3:], strict=True)]
        assert why.points == pytest.approx(parts, abs=1e-12)
        assert adds_up(why)


WORDS = st.sampled_from(
    ["battery", "Batteries", "of", "5G", "网络", "网络优化", "naïve", "r", "-", "2024", "deep learning"]
)
TEXT = st.lists(WORDS, max_size=8).map(" ".join)
KEYWORDS = st.lists(TEXT, max_size=5).map(tuple)
LEVELS = st.dictionaries(st.integers(1, 4), st.integers(1, 3), max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    st.builds(Subject, st.just(1), TEXT, TEXT, st.frozensets(st.integers(1, 4), max_size=3), KEYWORDS),
    st.lists(st.tuples(TEXT, TEXT), max_size=5),
    LEVELS,
    KEYWORDS,
    st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_whatever_is_compared_the_reasons_add_up(
    subject: Subject,
    texts: list[tuple[str, str]],
    themes: dict[int, int],
    keywords: tuple[str, ...],
    cuts: tuple[int, int],
) -> None:
    sources = tuple(Source(f"publication {n}", *each) for n, each in enumerate(texts))
    candidate = Candidate(1, sources, themes, keywords)
    low, high = sorted(cuts)
    weights = Weights(low, high - low, 100 - high)
    (pair,) = score([subject], [candidate], weights)
    why = explain(subject, candidate, weights, weigh([subject], [candidate]).common)
    assert 0 <= pair.score <= 1 + 1e-12
    assert why.score == pytest.approx(pair.score, abs=1e-12)
    assert adds_up(why)


CANDIDATES = st.lists(
    st.tuples(st.lists(st.tuples(TEXT, TEXT), max_size=5), LEVELS, KEYWORDS), min_size=1, max_size=4
).map(
    lambda each: [
        Candidate(at, tuple(Source(f"publication {n}", *text) for n, text in enumerate(texts)), themes, keywords)
        for at, (texts, themes, keywords) in enumerate(each)
    ]
)
SUBJECTS = st.lists(st.tuples(TEXT, TEXT, st.frozensets(st.integers(1, 4), max_size=3), KEYWORDS), max_size=3).map(
    lambda each: [Subject(at, *facts) for at, facts in enumerate(each)]
)


@settings(max_examples=150, deadline=None)
@given(SUBJECTS, CANDIDATES, st.integers(0, 4), st.booleans())
def test_what_is_told_of_many_is_to_the_last_digit_what_is_told_of_each(
    subjects: list[Subject], candidates: list[Candidate], terms: int, meant: bool
) -> None:
    vectors = made_up(subjects, candidates) if meant else None
    weighed = weigh(subjects[::-1], candidates)
    tell = explainer(subjects, candidates[::-1], Weights(), weighed, terms=terms, vectors=vectors)
    for one, other in product(subjects, candidates):
        alone = explain(one, other, Weights(), weighed.common, terms=terms, vectors=vectors)
        assert tell(one.id, other.id) == alone


def test_who_is_not_among_those_read_is_refused() -> None:
    subject, candidate = Subject(1, "One"), Candidate(2, (Source("a", "Two"),))
    tell = explainer([subject], [candidate], Weights(), weigh([subject], [candidate]))
    for pair in ((2, 2), (1, 1)):
        with pytest.raises(KeyError):
            tell(*pair)


def reasons() -> Explanation:
    subject = Subject(
        1, "Solid-State Batteries", "Ageing of 电池 in cars", frozenset({5, 6}), ("Energy storage", "Poetry")
    )
    candidate = Candidate(
        1,
        (
            Source("publication 1", "A solid state battery", "电池"),
            Source("publication 2", "Wireless antennas"),
            Source("statement", "", "I study ageing."),
        ),
        {6: 2, 7: 3},
        ("energy storages",),
    )
    weights = Weights(50, 30, 20)
    return explain(subject, candidate, weights, weigh([subject], [candidate]).common)


def test_terms_are_told_as_both_wrote_them() -> None:
    assert {(each.asked, each.told) for each in reasons().terms} == {
        ("Solid", "solid"),
        ("State", "state"),
        ("Batteries", "battery"),
        ("Solid-State", "solid state"),
        ("State Batteries", "state battery"),
        ("电池", "电池"),
        ("Ageing", "ageing"),
    }


def test_only_texts_that_gave_something_are_told_the_nearest_first() -> None:
    why = reasons()
    assert [each.key for each in why.texts] == ["publication 1", "statement"]
    assert why.texts[0].points > why.texts[1].points


def test_themes_and_keywords_are_told_with_what_they_gave() -> None:
    why = reasons()
    assert [(each.theme, each.level, round(each.points, 12)) for each in why.themes] == [(6, 2, 0.1)]
    assert [(each.asked, each.told, each.likeness, each.points) for each in why.keywords] == [
        ("Energy storage", "energy storages", 1.0, 0.1)
    ]


def test_terms_beyond_those_listed_are_told_together() -> None:
    subject = Subject(1, "lithium battery electrolyte cathode")
    candidate = Candidate(1, (Source("publication", "lithium battery electrolyte cathode"),))
    why = explain(subject, candidate, Weights(100, 0, 0), weigh([subject], [candidate]).common, terms=2)
    assert len(why.terms) == 2
    assert why.other_terms == pytest.approx(5 / 7)
    assert adds_up(why)


def test_words_of_grammar_are_not_named_as_what_both_have_and_their_points_stay() -> None:
    """“Two” and “whose” count in the score as any word does; listed, they would tell nothing."""
    subject = Subject(1, "Two racks whose fibres bend", "Across two racks", frozenset(), ())
    candidate = Candidate(1, (Source("p", "Two fibres across racks", "whose two racks bend"),), {}, ())
    common = weigh([subject], [candidate]).common
    why = explain(subject, candidate, Weights(100, 0, 0), common)
    assert {each.asked.lower() for each in why.terms} == {"racks", "fibres", "bend"}
    assert why.other_terms > 0
    assert adds_up(why)


def test_what_is_not_named_makes_room_for_the_next() -> None:
    subject = Subject(1, "two two two three three racks", "", frozenset(), ())
    candidate = Candidate(1, (Source("p", "two two two, three three, racks", ""),), {}, ())
    why = explain(subject, candidate, Weights(100, 0, 0), weigh([subject], [candidate]).common, terms=1)
    assert [each.asked for each in why.terms] == ["racks"]
