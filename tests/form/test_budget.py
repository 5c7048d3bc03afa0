"""What a budget comes to: whole minor units, rounded once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.budget import Totals, totals
from intake.form.definition import Question
from tests.form import strategies
from tests.form.asking import options, question

pytestmark = pytest.mark.once


def budget(percent: str = "0", on: tuple[str, ...] = (), years: int = 2) -> Question:
    rule = {"categories": options("staff", "travel"), "years": years, "overhead_percent": percent, "overhead_on": [*on]}
    return question("budget", budget=rule)


def line(category: str, year: int | None, amount: int | None) -> dict[str, Any]:
    return {"category": category, "year": year, "amount_minor": amount, "justification": ""}


LINES = {
    "lines": [line("staff", 1, 100_000), line("staff", 2, 50_000), line("travel", 1, 7_005), line("travel", 2, None)]
}


def test_sums_by_category_and_year() -> None:
    assert totals(budget(), LINES) == Totals(
        {"staff": 150_000, "travel": 7_005}, {1: 107_005, 2: 50_000}, 157_005, 0, 157_005
    )


def test_overhead_on_all_and_on_some() -> None:
    assert (totals(budget("15"), LINES).overhead, totals(budget("15"), LINES).total) == (23_551, 180_556)  # 23550.75
    assert totals(budget("15", on=("staff",)), LINES).overhead == 22_500
    assert totals(budget("15", on=("travel",)), LINES).overhead == 1_051  # 1050.75


@pytest.mark.parametrize(("amount", "percent", "overhead"), [(1, "50", 1), (3, "50", 2), (5, "10", 1), (4, "10", 0)])
def test_halves_are_rounded_up(amount: int, percent: str, overhead: int) -> None:
    assert totals(budget(percent), {"lines": [line("staff", 1, amount)]}).overhead == overhead


def test_the_largest_amounts_stay_exact() -> None:
    most = {"lines": [line("staff", 1, 10**12 - 1)] * 100}
    assert totals(budget("99.99"), most).overhead == 99_989_999_999_900  # 99,990,000,000,000 less 99.99, rounded
    assert totals(budget("99.99"), most).direct == 99_999_999_999_900


def test_unfinished_lines_count_where_they_can() -> None:
    found = totals(budget(), {"lines": [line("", 1, 5), line("staff", None, 7), line("cake", 9, 11)]})
    assert found == Totals({"staff": 7, "travel": 0}, {1: 5, 2: 0}, 23, 0, 23)


def test_nothing_comes_to_nothing() -> None:
    for nothing in (None, [], {}, {"lines": []}, {"lines": [None, 3]}, "x"):
        assert totals(budget("15"), nothing) == Totals({"staff": 0, "travel": 0}, {1: 0, 2: 0}, 0, 0, 0)


@strategies.quick
@given(st.data())
def test_sums_agree(data: st.DataObject) -> None:
    asked = data.draw(strategies.questions("it", strategies.Kind.BUDGET))
    value = data.draw(strategies.values(asked))
    found = totals(asked, value)
    assert found.direct == sum(each["amount_minor"] or 0 for each in value["lines"])
    assert found.total == found.direct + found.overhead
    assert 0 <= found.overhead <= found.direct
    assert sum(found.by_category.values()) <= found.direct and sum(found.by_year.values()) <= found.direct
