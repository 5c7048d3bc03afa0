"""What the lines of a budget come to. Whole minor units; the overhead is exact and rounded once, half up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from intake.form.shape import BudgetRule, Question
from intake.form.values import UNANSWERED, standing

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums in minor units: of every category by its key, of every year from 1, of all lines (``direct``), the overhead,
    and ``total`` of these two. A line without category or year counts in the direct costs all the same."""

    by_category: Mapping[str, int]
    by_year: Mapping[int, int]
    direct: int
    overhead: int
    total: int


def totals(question: Question, value: Any) -> Totals:
    """The sums of a budget's answer; all are 0 where there is none."""
    rule, found = question.budget or BudgetRule(()), standing(question, value)
    lines = [] if found is UNANSWERED else [line for line in found["lines"] if line["amount_minor"] is not None]
    by_category = {each.key: _sum(lines, "category", each.key) for each in rule.categories}
    by_year = {year: _sum(lines, "year", year) for year in range(1, rule.years + 1)}
    direct = sum(line["amount_minor"] for line in lines)
    bearing = sum(by_category[key] for key in rule.overhead_on) if rule.overhead_on else direct
    overhead = int((bearing * rule.overhead_percent / PERCENT).quantize(Decimal(1), ROUND_HALF_UP))
    return Totals(by_category, by_year, direct, overhead, direct + overhead)


def _sum(lines: list[dict[str, Any]], name: str, value: Any) -> int:
    return sum(line["amount_minor"] for line in lines if line[name] == value)
