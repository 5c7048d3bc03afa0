"""Any text of a person is made fit for a page, and what no face can draw is found."""

from __future__ import annotations

import pytest

from intake.typesetting.characters import breakable, one_line, paragraphs, printable, undrawn

pytestmark = pytest.mark.once

DIGEST = "0123456789abcdef" * 4


def test_paragraphs_are_cut_at_blank_lines_and_know_their_script() -> None:
    assert paragraphs("\n\nOne\n two  \n \n\n本项目 uses AI\n") == [
        {"lines": ["One", " two"], "chinese": False},
        {"lines": ["本项目 uses AI"], "chinese": True},
    ]
    assert paragraphs(" \n ") == []


def test_line_ends_are_made_even_and_what_is_no_text_is_dropped() -> None:
    assert printable("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h") == "a\nb\nc\nd\ne\nf\ng\nh"
    assert printable("a\u202eb\u2066c\ufeff\x00\ud800\uffffd") == "abcd"
    assert one_line(" a \r\n\t b ") == "a b"


def test_only_a_run_without_blanks_is_made_breakable() -> None:
    assert breakable("x" * 40) == "x" * 40
    assert breakable("x" * 41) == "x" * 30 + "\u200b" + "x" * 11
    assert breakable("字" * 200) == "字" * 200
    assert breakable(DIGEST) == DIGEST[:32] + "\u200b" + DIGEST[32:]


def test_the_undrawn_are_found_by_halving_of_many_at_once() -> None:
    asked: list[str] = []

    def draws(group: str) -> bool:
        asked.append(group)
        return not set(group) & {letters[7], letters[40]}

    letters = "".join(chr(0x4E00 + n) for n in range(64))
    assert undrawn(letters + "ASCII is not asked about", draws) == {letters[7], letters[40]}
    assert len(asked) < 32
    assert not any(c.isascii() for group in asked for c in group)


def test_when_too_much_is_in_doubt_only_the_rare_planes_count_as_undrawn() -> None:
    assert undrawn("a字\U00020000", lambda group: False, asking_most=0) == {"\U00020000"}
