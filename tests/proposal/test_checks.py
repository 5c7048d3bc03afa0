"""The catalogue of checks; those of amounts and months."""

from __future__ import annotations

from typing import Any

import pytest

from intake.proposal.checks import CATALOGUE
from tests.factories.people import draft, faculty_member
from tests.proposal.ruled import a_rule, an_option, one, reasons, ruled, told


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    from tests.factories.people import load_catalogue

    load_catalogue()


def test_the_catalogue_is_this() -> None:
    assert set(CATALOGUE) == {
        "appointment", "full-time", "research-scholar", "phd-student", "proposals-per-person",
        "proposals-per-department", "running-projects", "one-university", "award-cap", "duration", "page-limit",
        "language", "nothing-confidential", "not-for-students", "declared", "answer-between", "answer-among", "judge",
    } | {name for name in CATALOGUE if name.startswith("supervisor")}  # fmt: skip
    for name, kind in CATALOGUE.items():
        assert kind.name == name
        assert str(kind.label)
        assert str(kind.explains)


@pytest.mark.parametrize(
    ("facts", "cap", "asked", "met"),
    [
        ({}, 7_000_000, 7_000_000, True),
        ({}, 7_000_000, 7_000_001, False),
        ({}, None, 999_999_999, True),
        ({"cap": 5_000_000}, 7_000_000, 5_000_001, False),
        ({"cap": 5_000_000}, None, 5_000_000, True),
        ({"cap": 8_000_000}, 7_000_000, 7_500_000, True),
        ({"cap": "5,000"}, 7_000_000, 6_000_000, True),
        ({"cap": 0}, 7_000_000, 7_000_001, False),
        ({}, 7_000_000, None, True),
    ],
)
def test_the_award_cap(facts: dict[str, Any], cap: int | None, asked: int | None, met: bool) -> None:
    call = ruled(a_rule("award-cap", **facts), max_award_minor=cap)
    found = one(draft(call, faculty_member(), amount_minor=asked))
    assert told(found) == ([] if met else [("budget", "amount_minor", "stop")])


def test_where_a_form_asks_for_a_budget_the_cap_points_there() -> None:
    plan = {"key": "plan", "kind": "budget", "label": {"en": "Budget"}, "budget": {"categories": [an_option("staff")]}}
    call = ruled(a_rule("award-cap"), asks=(plan,), max_award_minor=1_000)
    proposal = draft(call, faculty_member())
    proposal.amount_minor = 1_001  # the total, as writing keeps it
    assert told(one(proposal)) == [("details", "plan", "stop")]
    proposal.amount_minor = 1_000
    assert told(one(proposal)) == []


@pytest.mark.parametrize(
    ("facts", "bounds", "months", "found"),
    [
        ({}, (12, 24), 12, ""),
        ({}, (12, 24), 24, ""),
        ({}, (12, 24), 11, "12 to 24"),
        ({}, (12, 24), 25, "12 to 24"),
        ({}, (12, 12), 13, "funds 12 months"),
        ({"most": 18}, (12, 24), 6, ""),
        ({"most": 18}, (12, 24), 19, "at most 18"),
        ({"least": 18}, (12, 24), 17, "at least 18"),
        ({"least": 6, "most": 36}, (12, 24), 36, ""),
        ({"least": 0, "most": 999}, (12, 24), 25, "12 to 24"),
        ({}, (12, 24), None, ""),
    ],
)
def test_the_duration(facts: dict[str, Any], bounds: tuple[int, int], months: int | None, found: str) -> None:
    call = ruled(a_rule("duration", **facts), duration_least=bounds[0], duration_most=bounds[1])
    judged = one(draft(call, faculty_member(), duration_months=months))
    assert told(judged) == ([("budget", "duration_months", "stop")] if found else [])
    assert found in reasons(judged)


def test_a_duration_without_bounds_is_for_the_office() -> None:
    call = ruled(a_rule("duration"), duration_least=None, duration_most=None)
    assert one(draft(call, faculty_member())).standing == "judged"
