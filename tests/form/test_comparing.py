"""What changed between two versions is said in words, and whose answers it touches is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.comparing import affected, differences
from intake.form.definition import Form, as_data, parse
from intake.form.faults import faults
from intake.form.showing import counting
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once


def told(old: Form, new: Form) -> list[tuple[str, str, str | None, str]]:
    return [(each.what.value, each.section, each.question, str(each.words)) for each in differences(old, new)]


def test_added_removed_and_moved_questions() -> None:
    old = form_of(ask("date", "a"), ask("date", "b"), ask("date", "c"), ask("date", "d"))
    new = form_of(ask("date", "d"), ask("date", "a"), ask("date", "c"), ask("date", "e"))
    assert told(old, new) == [
        ("removed", "main", "b", "The question “B” was removed."),
        ("moved", "main", "d", "The question “D” stands elsewhere."),
        ("added", "main", "e", "The question “E” was added."),
    ]


def test_sections() -> None:
    def with_sections(*keys: str, more: Any = None) -> Form:
        data = as_data(form_of())
        for key in keys:
            asked = [ask("date", "when")] if key == more else []
            data["sections"].append({"key": key, "label": {"en": key.capitalize()}, "questions": asked})
        return parse(data)

    assert told(with_sections("x", "y", "z", more="x"), with_sections("z", "x", "w", more="w")) == [
        ("removed", "y", None, "The section “Y” was removed."),
        ("moved", "z", None, "The section “Z” stands elsewhere."),
        ("added", "w", None, "The section “W” was added."),
        ("moved", "w", "when", "The question “When” stands elsewhere."),
    ]
    renamed = as_data(form_of())
    renamed["sections"][0] |= {"label": {"en": "Start"}, "help": {"en": "Begin here."}}
    assert told(form_of(), parse(renamed)) == [
        ("changed", "main", None, "“Main” is called “Start” now."),
        ("changed", "main", None, "Of “Start”, its help changed."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ask("date"), ask("date", label={"en": "When"}), ["“It” is called “When” now."]),
        (ask("date"), ask("date", label={"en": "It", "zh": "何時"}), ["Of “It”, its label changed."]),
        (ask("date"), ask("date", help={"en": "H"}), ["Of “It”, its help changed."]),
        (ask("date"), ask("date", required=True), ["“It” must be answered now."]),
        (ask("date", required=True), ask("date"), ["“It” need not be answered any more."]),
        (ask("long_text"), ask("long_text", limit=1_500), ["The limit of “It” is 1,500 now."]),
        (ask("long_text", limit=9), ask("long_text"), ["“It” has no limit of its own any more."]),
        (ask("long_text"), ask("long_text", unit="words"), ["Of “It”, what its limit counts changed."]),
        (ask("long_text"), ask("short_text"), ["“It” is a question of another kind now."]),
        (ask("date"), ask("date", seen_by="reviewers"), ["Reviewers see “It” now."]),
        (ask("date", seen_by="reviewers"), ask("date"), ["Only the office sees “It” now."]),
        (ask("date"), ask("date", blind=True), ["“It” is hidden under blind review now."]),
        (ask("date", listed=True), ask("date"), ["“It” does not stand in lists any more."]),
        (ask("number"), ask("number", number={"least": 1}), ["Of “It”, its bounds changed."]),
        (ask("people"), ask("people", rows={"least": 1}), ["Of “It”, how many rows it has changed."]),
        (
            ask("choice", options=options("a", "b")),
            ask("choice", options=options("b", "c")),
            ["“It” has no option “A” any more.", "“It” has a new option, “C”."],
        ),
        (
            ask("choice", options=options("a", "b")),
            ask("choice", options=options("b", "a")),
            ["The options of “It” are worded or ordered otherwise."],
        ),
        (
            ask("date"),
            ask("date", show_if={"all": [{"question": "title", "is": "answered"}]}),
            ["Of “It”, when it is asked changed."],
        ),
        (ask("attachment"), ask("attachment", files={"most": 2}), ["Of “It”, what files it takes changed."]),
    ],
)
def test_what_changed_of_a_question(before: Any, after: Any, words: list[str]) -> None:
    found = told(form_of(before), form_of(after))
    assert [each[3] for each in found] == words
    assert {each[:3] for each in found} == {("changed", "main", "it")}


@pytest.mark.parametrize(
    ("before", "after", "answer", "touched"),
    [
        (ask("date"), None, "2026-01-01", True),
        (ask("date"), None, None, False),
        (ask("long_text"), ask("long_text", limit=3), "abcd", True),
        (ask("long_text"), ask("long_text", limit=3), "abc", False),
        (ask("long_text", limit=2), ask("long_text", limit=3), "abcd", False),  # it was too long before
        (ask("long_text"), ask("rich_text"), "abc", False),
        (ask("choice", options=options("a")), ask("short_text"), "a", True),
        (ask("choice", options=options("a", "b")), ask("choice", options=options("b")), "a", True),
        (ask("choices", options=options("a", "b")), ask("choices", options=options("b")), ["a", "b"], True),
        (ask("number"), ask("money"), "5", True),
        (ask("date"), ask("date", required=True, listed=True), "2026-01-01", False),
        (ask("date"), ask("date", required=True), None, False),
        (ask("declaration"), None, False, False),
        (ask("declaration"), None, True, True),
        (
            ask("date"),
            ask("date", show_if={"all": [{"question": "title", "is": "answered"}]}),
            "2026-01-01",
            True,
        ),
        (
            ask("budget", budget={"categories": options("a", "b")}),
            ask("budget", budget={"categories": options("a")}),
            {"lines": [{"category": "b", "year": 1, "amount_minor": 5, "justification": ""}]},
            True,
        ),
    ],
)
def test_whose_answers_are_touched(before: Any, after: Any, answer: Any, touched: bool) -> None:
    old, new = form_of(before), form_of(after) if after else form_of()
    assert affected(old, new, {"it": answer}) == (["it"] if touched else [])


@strategies.quick
@given(st.data())
def test_the_same_form_differs_in_nothing(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms())
    answers = data.draw(st.one_of(strategies.answers_to(form), strategies.damaged_answers_to(form)))
    assert differences(form, form) == []
    assert affected(form, form, answers) == []


@strategies.quick
@given(st.data())
def test_any_two_forms_can_be_compared(data: st.DataObject) -> None:
    old: Form = data.draw(strategies.forms(5))
    new: Form = data.draw(strategies.forms(5))
    found = differences(old, new)
    assert bool(found) == (old != new)
    assert all(str(each.words) and "%(" not in str(each.words) for each in found)
    answers = data.draw(strategies.answers_to(old))
    touched = set(affected(old, new, answers))
    counted, now = counting(old, answers), counting(new, answers)
    assert touched <= set(counted)
    for key in set(counted) - touched:
        assert counted[key] is False or now[key] == counted[key]
    worse = {each.question for each in faults(new, answers, files={}, themes=())} & set(counted)
    worse -= {each.question for each in faults(old, answers, files={}, themes=())}
    assert {key for key in worse if counted[key] is not False} <= touched
