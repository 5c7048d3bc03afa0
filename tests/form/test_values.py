"""Whether two kept values answer a question differently."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.definition import Kind
from intake.form.values import UNANSWERED, answered, differ, standing
from tests.form.asking import options, question
from tests.form.strategies import damaged, quick

pytestmark = pytest.mark.once

PICK = {"options": options("a", "b")}


@pytest.mark.parametrize(
    ("kind", "facts", "one", "other", "expected"),
    [
        ("yes_no", {}, None, False, True),
        ("yes_no", {}, False, True, True),
        ("yes_no", {}, False, False, False),
        ("money", {}, UNANSWERED, 0, True),
        ("number", {}, None, "0", True),
        ("declaration", {}, None, False, False),
        ("declaration", {}, False, True, True),
        ("short_text", {}, None, "", False),
        ("short_text", {}, "A", "a", True),
        ("choices", PICK, None, [], False),
        ("choices", PICK, ["b", "a"], ["a", "b"], False),
        ("people", {}, None, [{"name": "", "email": ""}], False),
    ],
)
def test_no_and_nought_are_answers_and_nothing_is_nothing(
    kind: str, facts: dict[str, Any], one: Any, other: Any, expected: bool
) -> None:
    asked = question(kind, **facts)
    assert (differ(asked, one, other), differ(asked, other, one)) == (expected, expected)


@quick
@given(st.sampled_from([kind for kind in Kind if kind not in (Kind.THEME, Kind.BUDGET)]), damaged())
def test_what_answers_differs_from_nothing_and_never_from_itself(kind: Kind, value: Any) -> None:
    asked = question(kind.value, **(PICK if kind in (Kind.CHOICE, Kind.CHOICES) else {}))
    assert differ(asked, None, value) == answered(asked, standing(asked, value))
    assert not differ(asked, value, value)
