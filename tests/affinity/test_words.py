"""A text as words."""

from __future__ import annotations

import pytest

from intake.affinity.chinese import _PAIRS
from intake.affinity.terms import Lexicon, counted, read, spellings
from intake.affinity.words import bare, plainly, rooted, spelled

pytestmark = pytest.mark.once


def roots(text: str) -> list[str]:
    return [word for word, _, _ in spelled(text) if word]


def test_case_accents_and_endings_make_no_other_word() -> None:
    assert roots("Gödel’s NETWORKS, learned") == roots("godel network learning")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("learning", "learned"),
        ("processing", "process"),
        ("modelling", "models"),
        ("images", "imaging"),
        ("batteries", "battery"),
        ("Ｗｉｄｅ", "wide"),
        ("sensed", "sensing"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert rooted(one) == rooted(other)


@pytest.mark.parametrize(("one", "other"), [("analysis", "analyst"), ("string", "strong"), ("bus", "business")])
def test_other_words_stay_others(one: str, other: str) -> None:
    assert rooted(one) != rooted(other)


def test_words_of_grammar_numbers_and_single_letters_tell_nothing() -> None:
    assert roots("We use the 2024 method of A and B in 5G") == ["method", "5g"]


def test_chinese_is_read_in_pairs_of_signs() -> None:
    assert roots("5G网络的优化") == ["5g", "网络", "络的", "的优", "优化"]


def test_chinese_in_full_and_in_short_is_one() -> None:
    assert roots("機器學習與儲能電池") == roots("机器学习与储能电池")


def test_the_table_of_chinese_signs_goes_one_way_only() -> None:
    pairs = _PAIRS.split()
    assert {len(pair) for pair in pairs} == {2}
    assert len({pair[0] for pair in pairs}) == len(pairs)
    assert not {pair[0] for pair in pairs} & {pair[1] for pair in pairs}


def test_a_single_chinese_sign_is_a_word() -> None:
    assert roots("the 光 of") == ["光"]


def test_each_word_stands_where_it_is_said_to() -> None:
    text = "A naïve, e\u0301tude about 网络 x-ray"
    assert [text[starts:ends] for word, starts, ends in spelled(text) if word] == [
        "naïve",
        "e\u0301tude",
        "网络",
        "ray",
    ]


def test_the_quick_way_reads_the_same_words() -> None:
    text = "Deep learning: the sensors’ data, and plain ASCII-text 5G networks"
    assert [rooted(each) for each in plainly(text.replace("’", "'"))] == [word for word, _, _ in spelled(text)]


def test_titles_that_differ_in_signs_only_are_equal() -> None:
    assert bare("Deep-Learning:  for “Networks”.") == bare("deep learning for networks")


def terms(text: str) -> list[str]:
    """The terms of a text as it writes them, each once."""
    lexicon = Lexicon()
    codes = read([text], lexicon).codes.tolist()
    written = spellings(text, lexicon, codes)
    assert set(codes) == set(written)
    return sorted(written.values())


def test_neighbours_are_pairs_and_words_of_grammar_part_them() -> None:
    assert terms("Machine Learning of Graphs") == ["Graphs", "Learning", "Machine", "Machine Learning"]


def test_a_pair_is_written_with_what_stands_between() -> None:
    assert "deep-learning" in terms("On deep-learning")


def test_pairs_do_not_reach_from_one_text_into_the_next() -> None:
    lexicon = Lexicon()
    apart = read(["machine", "learning"], lexicon)
    assert (apart.codes.tolist(), apart.rows.tolist()) == ([0, 1], [0, 1])


def test_a_rarer_term_weighs_more() -> None:
    lexicon = Lexicon()
    common, _ = counted(lexicon, read(["battery storage", "battery"], lexicon), read(["battery"], lexicon))
    by_code = dict(zip(common.codes.tolist(), common.rarity.tolist(), strict=True))
    assert by_code[lexicon["battery"]] == 1.0
    assert by_code[lexicon["storage"]] == pytest.approx(1 + 0.6931471805599453)
