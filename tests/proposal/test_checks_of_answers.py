"""Rules that are made of answers: a declaration, a number between bounds, one among options."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.people import draft, faculty_member
from tests.proposal.ruled import a_rule, an_option, answered, one, reasons, ruled, told


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    from tests.factories.people import load_catalogue

    load_catalogue()


ETHICS = {"key": "ethics", "kind": "declaration", "label": {"en": "Ethics is cleared"}}
SIZE = {"key": "size", "kind": "number", "label": {"en": "Samples"}, "number": {"decimals": 1}}
PRICE = {"key": "price", "kind": "money", "label": {"en": "Price"}}
FIELD = {
    "key": "field",
    "kind": "choice",
    "label": {"en": "Field"},
    "options": [an_option("optics"), an_option("radio"), an_option("other")],
}
FIELDS = {**FIELD, "key": "fields", "kind": "choices"}
PARTNERS = {"key": "partners", "kind": "people", "label": {"en": "Partners"}}


def _judged(check: str, facts: dict[str, Any], *asks: dict[str, Any], **answers: Any) -> Any:
    return one(answered(draft(ruled(a_rule(check, **facts), asks=asks), faculty_member()), **answers))


@pytest.mark.parametrize(
    ("answers", "found"),
    [({"ethics": True}, False), ({"ethics": False}, True), ({}, True), ({"ethics": "yes"}, True)],
)
def test_a_required_declaration(answers: dict[str, Any], found: bool) -> None:
    judged = _judged("declared", {"question": "ethics"}, ETHICS, **answers)
    assert told(judged) == ([("details", "ethics", "stop")] if found else [])
    assert ("Ethics is cleared" in reasons(judged)) is found


def test_a_declaration_that_does_not_apply_is_not_required() -> None:
    more = {"key": "animals", "kind": "yes_no", "label": {"en": "Animals?"}}
    shown = {**ETHICS, "show_if": {"all": [{"question": "animals", "is": "equals", "value": True}]}}
    assert told(_judged("declared", {"question": "ethics"}, more, shown, animals=False)) == []
    proposal = draft(
        ruled(a_rule("declared", question="ethics"), of="AIR-2021", asks=(more, shown)), faculty_member("Y")
    )
    assert told(one(answered(proposal, animals=True))) == [("details", "ethics", "stop")]


@pytest.mark.parametrize("facts", [{}, {"question": "nothing"}, {"question": "size"}, {"question": 7}])
@pytest.mark.parametrize("check", ["declared", "answer-between", "answer-among"])
def test_a_rule_whose_question_is_not_there_is_for_the_office(check: str, facts: dict[str, Any]) -> None:
    assert _judged(check, facts, ETHICS, SIZE, size="9").standing == "judged"


@pytest.mark.parametrize(
    ("ask", "facts", "answer", "found"),
    [
        (SIZE, {"least": 3, "most": 9}, "3.0", ""),
        (SIZE, {"least": 3, "most": 9}, "9.0", ""),
        (SIZE, {"least": 3, "most": 9}, "2.9", "at least 3"),
        (SIZE, {"least": 3, "most": 9}, "9.1", "at most 9"),
        (SIZE, {"most": 9}, "-5.0", ""),
        (SIZE, {"least": -4}, "-5.0", "at least -4"),
        (SIZE, {"least": 3}, None, ""),
        (SIZE, {"least": 3}, "many", ""),
        (PRICE, {"most": 1_000}, 100_000, ""),
        (PRICE, {"most": 1_000}, 100_001, "at most 1,000"),
        (PARTNERS, {"least": 2}, [{"name": "Otto"}], "at least 2"),
        (PARTNERS, {"least": 2}, [{"name": "Otto"}, {"name": "Pia"}], ""),
        (FIELDS, {"most": 1}, ["optics", "radio"], "at most 1"),
    ],
)
def test_an_answer_between_bounds(ask: dict[str, Any], facts: dict[str, Any], answer: Any, found: str) -> None:
    answers = {} if answer is None else {ask["key"]: answer}
    judged = _judged("answer-between", {"question": ask["key"], **facts}, ask, **answers)
    assert told(judged) == ([("details", ask["key"], "stop")] if found else [])
    assert found in reasons(judged)


@pytest.mark.parametrize(
    ("ask", "answer", "met"),
    [
        (FIELD, "optics", True),
        (FIELD, "other", False),
        (FIELD, "gone", True),
        (FIELD, None, True),
        (FIELDS, ["optics", "radio"], True),
        (FIELDS, ["optics", "other"], False),
        (FIELDS, [], True),
    ],
)
def test_an_answer_among_options(ask: dict[str, Any], answer: Any, met: bool) -> None:
    answers = {} if answer is None else {ask["key"]: answer}
    judged = _judged("answer-among", {"question": ask["key"], "options": ["optics", "radio"]}, ask, **answers)
    assert told(judged) == ([] if met else [("details", ask["key"], "stop")])


def test_own_work_and_what_is_for_the_office() -> None:
    call = ruled(a_rule("not-for-students"), a_rule("judge"), a_rule("no-such-check"))
    from intake.proposal.rulebook import judged

    rows = judged(draft(call, faculty_member(), own_work=False))
    assert [each.standing.value for each in rows] == ["unmet", "judged", "judged"]
    assert told(rows[0]) == [("declarations", "own_work", "stop")]


@pytest.mark.parametrize("check", ["not-for-students", "nothing-confidential", "one-university"])
def test_a_declaration_that_a_form_does_not_ask_for_is_for_the_office(check: str) -> None:
    assert one(draft(ruled(a_rule(check), asks=(SIZE,)), faculty_member())).standing == "judged"
