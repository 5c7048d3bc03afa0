"""What changed between two submissions: both texts can be read back out of the pieces, whatever they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.proposal.changes import changes, pieces

pytestmark = pytest.mark.once

TEXTS = st.text(st.sampled_from("ab 機櫃.\n"), max_size=60)


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_the_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(each.text for each in found if each.what != "added") == old
    assert "".join(each.text for each in found if each.what != "removed") == new


def test_a_changed_word_is_told_within_its_line() -> None:
    found = pieces("Light in copper.\nThe second line.\n", "Light in glass.\nThe second line.\n")
    assert [(each.what, each.text) for each in found] == [
        ("same", "Light in "),
        ("removed", "copper"),
        ("added", "glass"),
        ("same", ".\nThe second line.\n"),
    ]


def test_chinese_changes_by_the_character() -> None:
    assert [(each.what, each.text) for each in pieces("光互連", "光網連")] == [
        ("same", "光"),
        ("removed", "互"),
        ("added", "網"),
        ("same", "連"),
    ]


def receipt(title: str, files: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    """What a receipt holds, as far as it is compared."""
    answers = [{"key": key, "label": key.capitalize(), "text": text} for key, text in {"title": title, **more}.items()]
    return {"sections": [{"key": "s", "label": "S", "answers": answers}], "team": [], "attachments": files}


def test_what_is_the_same_is_not_told_and_what_went_or_came_is() -> None:
    before = receipt("Same", [{"name": "a.pdf", "sha256": "1" * 64}], gone="Old words")
    after = receipt("Same", [{"name": "a.pdf", "sha256": "2" * 64}], come="New words")
    told = {each.label: [(piece.what, piece.text) for piece in each.pieces] for each in changes(before, after)}
    assert set(told) == {"Come", "Gone", "Files"}
    assert told["Come"] == [("added", "New words")]
    assert told["Gone"] == [("removed", "Old words")]
    assert ("removed", "111111111111") in told["Files"]
