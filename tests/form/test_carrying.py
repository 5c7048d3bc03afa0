"""Answers are carried to another form whole, or stay out and are reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.carrying import Carried, carry, compatible, field_map, left_out
from intake.form.definition import Form, Kind, Label
from intake.form.showing import counting
from intake.form.values import answered, standing
from intake.vocabulary import say
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once

BY_HAND = say("Chosen by hand.")


def carried(source: dict[str, Any], target: dict[str, Any], answer: Any) -> Any:
    """What becomes of an answer in a form that asks ``target`` under the same key; the reason where it stays out."""
    old, new = form_of(source | {"key": "it"}), form_of(target | {"key": "it"})
    mapping = [Carried("it", "it", BY_HAND)]
    answers = {"it": answer}
    found = carry(answers, old, new, mapping)
    out = left_out(answers, old, new, mapping)
    assert bool(found) != bool(out)
    return found["it"] if found else str(out[0].why)


@pytest.mark.parametrize(
    ("source", "target", "answer", "expected"),
    [
        (ask("short_text"), ask("long_text"), "One line", "One line"),
        (ask("long_text"), ask("short_text"), "One line", "One line"),
        (ask("long_text"), ask("short_text"), "a\nb", "It has several lines, and this question takes one."),
        (ask("long_text"), ask("short_text"), "x" * 501, "At most 500 characters; this has 501, 1 too many."),
        (ask("rich_text"), ask("long_text"), "# A\n* b", "# A\n* b"),
        (ask("number", number={"decimals": 1}), ask("number", number={"decimals": 2}), "1.5", "1.50"),
        (ask("number", number={"decimals": 1}), ask("number"), "2.0", "2"),
        (ask("number", number={"decimals": 1}), ask("number"), "1.5", "Write a whole number."),
        (ask("money"), ask("money"), 7_000_050, 7_000_050),
        (ask("money"), ask("number"), 7_000_050, "This question asks for something else."),
        (ask("choice", options=options("a", "b")), ask("choice", options=options("b", "c")), "b", "b"),
        (
            ask("choice", options=options("a", "b")),
            ask("choice", options=options("b", "c")),
            "a",
            "Choose one from the list.",
        ),
        (ask("choice", options=options("a")), ask("choices", options=options("a")), "a", ["a"]),
        (
            ask("choices", options=options("a", "b")),
            ask("choices", options=options("a")),
            ["a", "b"],
            "Choose one from the list.",
        ),
        (ask("declaration"), ask("declaration"), True, "A declaration is made anew for each proposal."),
        (ask("date"), ask("yes_no"), "2026-03-31", "This question asks for something else."),
    ],
)
def test_what_fits_is_carried_and_the_rest_reported(source: Any, target: Any, answer: Any, expected: Any) -> None:
    assert carried(source, target, answer) == expected


def test_a_budget_is_carried_whole_or_not() -> None:
    lines = [{"category": "staff", "year": 2, "amount_minor": 5, "justification": ""}]
    of = [ask("budget", budget={"categories": options(*keys), "years": years}) for keys, years in (
        (("staff", "travel"), 3), (("staff",), 2), (("travel",), 3), (("staff",), 1))]  # fmt: skip
    assert carried(of[0], of[1], {"lines": lines}) == {"lines": lines}
    assert carried(of[0], of[2], {"lines": lines}) == "Row 1, category: Choose one from the list."
    assert carried(of[0], of[3], {"lines": lines}) == "Row 1, year: Write a whole number from 1 to 1."


def test_the_map_goes_by_key_then_by_label() -> None:
    same = {"label": {"en": "Why this matters"}}
    source = form_of(
        ask("long_text", "impact", **same),
        ask("short_text", "kept"),
        ask("date", "start"),
        ask("declaration", "own_work"),
        ask("theme", "theme_id"),
    )
    target = form_of(
        ask("rich_text", "significance", label={"en": "WHY THIS MATTERS"}),
        ask("short_text", "again", **same),
        ask("long_text", "kept"),
        ask("money", "start"),
        ask("declaration", "own_work"),
        ask("theme", "theme_id"),
        ask("attachment", "letter"),
    )
    assert [(each.source_key, each.target_key, str(each.why)) for each in field_map(source, target)] == [
        ("title", "title", "It is the same question."),
        ("abstract", "abstract", "It is the same question."),
        ("impact", "significance", "A question there has the same label."),
        (None, "again", "There is no question like this one."),
        ("kept", "kept", "It is the same question."),
        (None, "start", "There is no question like this one."),
        (None, "own_work", "A declaration is made anew for each proposal."),
        (None, "theme_id", "Each call has its own themes."),
        (None, "letter", "Files are not carried over: attach them again."),
    ]


def test_everything_left_out_is_reported_once() -> None:
    rule = {"all": [{"question": "asked", "is": "equals", "value": True}]}
    source = form_of(
        ask("yes_no", "asked"), ask("date", "hidden", show_if=rule), ask("date", "gone"), ask("declaration", "own_work")
    )
    answers = {"title": "T", "asked": False, "hidden": "2026-01-01", "gone": "2026-01-02", "own_work": True}
    target = form_of(ask("yes_no", "asked"))
    mapping = field_map(source, target)
    assert carry(answers, source, target, mapping) == {"title": "T", "asked": False}
    assert [
        (each.source_key, each.target_key, str(each.why)) for each in left_out(answers, source, target, mapping)
    ] == [
        ("gone", None, "There is no question like this one."),
        ("own_work", None, "A declaration is made anew for each proposal."),
    ]


def test_a_map_made_by_hand_may_be_wrong() -> None:
    source, target = form_of(ask("date", "start")), form_of(ask("date", "end"))
    wrong = [Carried("nothing", "end", BY_HAND), Carried("start", "nowhere", BY_HAND), Carried(None, "end", BY_HAND)]
    answers = {"start": "2026-01-01"}
    assert carry(answers, source, target, wrong) == {}
    twice = [Carried("start", "end", BY_HAND), Carried("title", "end", BY_HAND)]
    assert carry({**answers, "title": "T"}, source, target, twice) == {"end": "2026-01-01"}


@strategies.quick
@given(st.data())
def test_carrying_never_cuts_and_never_fails(data: st.DataObject) -> None:
    source: Form = data.draw(strategies.forms())
    target: Form = data.draw(strategies.forms())
    answers = data.draw(st.one_of(strategies.answers_to(source), strategies.damaged_answers_to(source)))
    keys = [None, *(each.key for each in source.questions)]
    by_hand = [Carried(data.draw(st.sampled_from(keys)), each.key, BY_HAND) for each in target.questions]
    counted = counting(source, answers)
    for mapping in (field_map(source, target), by_hand):
        found = carry(answers, source, target, mapping)
        of = {each.target_key: each.source_key for each in mapping}
        for key, value in found.items():
            question, origin = target.question(key), source.question(of[key] or "")
            assert standing(question, value) == value
            if isinstance(value, str) and question.kind is not Kind.NUMBER:
                assert value == counted[origin.key]
        out = {each.source_key for each in left_out(answers, source, target, mapping)}
        given_keys = {
            each.key for each in source.questions if answered(each, counted.get(each.key, standing(each, None)))
        }
        assert out | {key for key in of.values() if key} >= given_keys
        assert not out & {of[key] for key in found}


@strategies.quick
@given(st.data())
def test_into_the_same_form_everything_goes_but_declarations_and_themes(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    expected = {
        key: value
        for key, value in counting(form, answers).items()
        if form.question(key).kind not in (Kind.DECLARATION, Kind.THEME)
    }
    assert carry(answers, form, form, field_map(form, form)) == expected
    for each in form.questions:
        renamed = replace(each, label=Label("Another"))
        assert compatible(each, renamed) == (each.kind not in (Kind.DECLARATION, Kind.THEME, Kind.ATTACHMENT))
