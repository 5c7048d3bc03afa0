"""Which questions are asked follows from the answers before them, the same way every time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.definition import Form
from intake.form.showing import counting, deciders, shown
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once


def asked(kind: str, is_: str, value: Any, answer: Any, **facts: Any) -> bool:
    """Whether a question is asked that depends on ``answer`` to a question of that kind."""
    rule = {"all": [{"question": "first", "is": is_, "value": value}]}
    form = form_of(ask(kind, "first", **facts), ask("date", "then", show_if=rule))
    return "then" in shown(form, {"first": answer})


CHOICE = {"options": options("a", "b", "c")}


@pytest.mark.parametrize(
    ("kind", "is_", "value", "yes", "no", "facts"),
    [
        ("short_text", "answered", None, ["x"], ["", " ", None, 3], {}),
        ("number", "answered", None, ["0", 0], ["", "x", None], {}),
        ("declaration", "answered", None, [True], [False, None], {}),
        ("yes_no", "answered", None, [True, False], [None, "yes"], {}),
        ("people", "answered", None, [[{"name": "A"}]], [[], [{}], [{"name": ""}]], {}),
        ("number", "equals", "1.50", ["1.5", "1.50"], ["1.51", None], {"number": {"decimals": 2}}),
        ("number", "at_least", 3, ["3", "10", 4], ["2", "-5", None], {}),
        ("number", "at_most", 3, ["3", "-5"], ["10", None], {}),
        ("money", "at_least", 500, [500, 501], [499, "500", None], {}),
        ("date", "at_least", "2026-03-31", ["2026-03-31", "2026-12-01"], ["2026-03-30", "soon", None], {}),
        ("date", "not_equals", "2026-03-31", ["2026-04-01"], ["2026-03-31", None], {}),
        ("yes_no", "equals", False, [False], [True, None], {}),
        ("declaration", "equals", False, [False, None], [True], {}),
        ("choice", "equals", "a", ["a"], ["b", "z", None, ["a"]], CHOICE),
        ("choice", "not_equals", "a", ["b"], ["a", "z", None], CHOICE),
        ("choice", "one_of", ["a", "b"], ["a", "b"], ["c", None], CHOICE),
        ("choices", "includes", "b", [["a", "b"]], [["a"], [], "b", None], CHOICE),
    ],
)
def test_every_comparison(kind: str, is_: str, value: Any, yes: list[Any], no: list[Any], facts: Any) -> None:
    assert [answer for answer in yes if not asked(kind, is_, value, answer, **facts)] == []
    assert [answer for answer in no if asked(kind, is_, value, answer, **facts)] == []


def test_all_or_any() -> None:
    both = [{"question": "a", "is": "equals", "value": True}, {"question": "b", "is": "equals", "value": True}]
    for name, expected in (("all", {(True, True)}), ("any", {(True, True), (True, False), (False, True)})):
        form = form_of(ask("yes_no", "a"), ask("yes_no", "b"), ask("date", "then", show_if={name: both}))
        pairs = [(a, b) for a in (True, False) for b in (True, False)]
        assert {(a, b) for a, b in pairs if "then" in shown(form, {"a": a, "b": b})} == expected


def test_a_hidden_question_counts_as_unanswered_for_what_depends_on_it() -> None:
    form = form_of(
        ask("yes_no", "a"),
        ask("yes_no", "b", show_if={"all": [{"question": "a", "is": "equals", "value": True}]}),
        ask("date", "c", show_if={"all": [{"question": "b", "is": "equals", "value": True}]}),
        ask("declaration", "d", show_if={"all": [{"question": "a", "is": "equals", "value": True}]}),
        ask("date", "e", show_if={"all": [{"question": "d", "is": "equals", "value": False}]}),
    )
    asked_of_all = {"title", "abstract", "a"}
    given_all = {"b": True, "c": "2026-03-31", "e": "2026-03-31"}
    assert shown(form, {"a": True, **given_all}) == asked_of_all | {"b", "c", "d", "e"}
    assert shown(form, {"a": False, **given_all}) == asked_of_all
    assert shown(form, given_all) == asked_of_all
    assert counting(form, {"a": False, **given_all}) == {"a": False}
    assert deciders(form) == {"a", "b", "d"}


@strategies.quick
@given(st.data())
def test_what_is_shown_is_a_fixpoint(data: st.DataObject) -> None:
    """Dropping what is hidden changes nothing more, and a decider alone moves the rest."""
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    asked_now = shown(form, answers)
    assert shown(form, {key: value for key, value in answers.items() if key in asked_now}) == asked_now
    assert shown(form, counting(form, answers)) == asked_now
    assert {each.key for each in form.questions if each.show_if is None} <= asked_now
    assert shown(form, {key: value for key, value in answers.items() if key in deciders(form)}) == asked_now
    assert set(counting(form, answers)) <= asked_now
