"""How words and characters are counted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.counting import length, words
from intake.form.definition import Unit
from tests.form import strategies

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n ", 0),
        ("One two\nthree", 3),
        ("state-of-the-art don't 3.5 e.g. 70,000", 5),
        ("– — … * #", 0),
        ("word – word", 2),
        ("你好，世界。", 4),
        ("5G 网络", 3),
        ("用AI做研究", 5),
        ("“Quoted” (words)", 2),
        ("ＡＢ１２，ＣＤ", 2),
        ("かな", 2),
        ("연구 계획", 2),
        ("𠮷野", 2),
        ("naïve Café", 2),
        ("~~~~", 0),
    ],
)
def test_words(text: str, count: int) -> None:
    assert words(text) == length(text, Unit.WORDS) == count


def test_characters_are_code_points() -> None:
    assert length("a\n題😀", Unit.CHARACTERS) == 4


def test_a_long_row_of_signs_is_counted_at_once() -> None:
    began = time.perf_counter()
    assert words("-" * 60_000 + "a") == 1
    assert words("-" * 60_000) == 0
    assert time.perf_counter() - began < 1


@strategies.quick
@given(st.text(), st.text())
def test_texts_that_are_parted_count_for_themselves(one: str, other: str) -> None:
    assert words(f"{one}\n{other}") == words(one) + words(other)
    assert words(one) <= len(one)
