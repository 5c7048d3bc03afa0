"""What is kept as an answer of each kind, and how it is taken up again.

Answers are JSON that an older form, or an accident, may have left: whatever does not fit its question counts as
unanswered, and of rows what does not fit is empty. Nothing in here raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import partial
from typing import Any, Final

from intake import typed
from intake.form.kinds import FIRST_YEAR, LAST_YEAR, MOST_DECIMALS, MOST_DIGITS, Kind
from intake.form.shape import Form, Question
from intake.vocabulary import Limit


class Unanswered(Enum):
    """The type of ``UNANSWERED``, which is false and takes the place of a value."""

    UNANSWERED = "unanswered"

    def __bool__(self) -> bool:
        return False


UNANSWERED: Final = Unanswered.UNANSWERED

MOST_ID = 2**31 - 1
"""The largest number that a column of ids holds."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}(\.\d{{1,{MOST_DECIMALS}}})?", re.ASCII)

PEOPLE = ("name", "organisation", "email", "orcid", "ror")
MILESTONE = ("title", "due", "deliverable")
ORGANISATION = ("name", "ror")


def standing(question: Question, value: Any) -> Any:
    """``value`` as an answer to the question, or UNANSWERED."""
    return _TAKEN[question.kind](question, value)


def given(form: Form, answers: Any) -> dict[str, Any]:
    """The answers that stand, by key, of all questions whether shown or not. A declaration that was never made is not
    ticked."""
    if not isinstance(answers, Mapping):
        answers = {}
    found = {each.key: standing(each, answers.get(each.key)) for each in form.questions}
    return {key: value for key, value in found.items() if value is not UNANSWERED}


def answered(question: Question, value: Any) -> bool:
    """Whether a standing value answers the question; a declaration only when it is ticked."""
    return value is not UNANSWERED and not (question.kind is Kind.DECLARATION and value is False)


def differ(question: Question, one: Any, other: Any) -> bool:
    """Whether two kept values answer the question differently. No and nought are answers; whatever does not stand is
    unanswered, and so is a declaration that is not ticked."""
    first, second = (
        each if answered(question, each) else UNANSWERED for each in map(partial(standing, question), (one, other))
    )
    return bool(first != second)


def is_day(value: Any) -> bool:
    """Whether this is a date as it is kept, such as ``2026-03-31``."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return False
    try:
        return FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False


def _text(_: Question, value: Any) -> Any:
    return _string(value) or UNANSWERED


def _number(_: Question, value: Any) -> Any:
    if _whole(value) and abs(value) < 10**MOST_DIGITS:  # a column of whole numbers keeps it so
        value = str(value)
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else UNANSWERED


def _money(_: Question, value: Any) -> Any:
    return value if _whole(value) and 0 <= value <= Limit.MONEY_MINOR else UNANSWERED


def _date(_: Question, value: Any) -> Any:
    return value if is_day(value) else UNANSWERED


def _yes_no(_: Question, value: Any) -> Any:
    return value if isinstance(value, bool) else UNANSWERED


def _declaration(_: Question, value: Any) -> Any:
    return value is True


def _choice(question: Question, value: Any) -> Any:
    return value if isinstance(value, str) and any(each.key == value for each in question.options) else UNANSWERED


def _choices(question: Question, value: Any) -> Any:
    chosen = value if isinstance(value, list) else []
    return [each.key for each in question.options if each.key in chosen] or UNANSWERED


def _theme(_: Question, value: Any) -> Any:
    return value if _whole(value) and 0 < value <= MOST_ID else UNANSWERED


def _organisation(_: Question, value: Any) -> Any:
    found = _cells(value, ORGANISATION)
    return found if any(found.values()) else UNANSWERED


def _people(_: Question, value: Any) -> Any:
    return _filled([_cells(row, PEOPLE) for row in _list(value)]) or UNANSWERED


def _milestones(_: Question, value: Any) -> Any:
    rows = [_cells(row, MILESTONE) for row in _list(value)]
    return _filled([{**row, "due": row["due"] if is_day(row["due"]) else ""} for row in rows]) or UNANSWERED


def _budget(question: Question, value: Any) -> Any:
    lines = [_line(question, row) for row in _list(value.get("lines") if isinstance(value, dict) else None)]
    return {"lines": lines} if (lines := [each for each in lines if not empty_line(each)]) else UNANSWERED


def _line(question: Question, row: Any) -> dict[str, Any]:
    rule, row = question.budget, row if isinstance(row, dict) else {}
    category, year, amount = row.get("category"), row.get("year"), row.get("amount_minor")
    known = rule is not None and any(each.key == category for each in rule.categories)
    in_time = rule is not None and _whole(year) and 1 <= year <= rule.years
    return {
        "category": category if known else "",
        "year": year if in_time else None,
        "amount_minor": amount if _whole(amount) and 0 <= amount <= Limit.MONEY_MINOR else None,
        "justification": _string(row.get("justification")),
    }


def empty_line(line: Mapping[str, Any]) -> bool:
    """Whether nothing was said in a line of a budget; a year alone says nothing."""
    return not line["category"] and line["amount_minor"] is None and not line["justification"]


def _filled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if any(row.values())]


def _cells(row: Any, parts: tuple[str, ...]) -> dict[str, str]:
    return {part: _string(row.get(part)) if isinstance(row, dict) else "" for part in parts}


def _string(value: Any) -> str:
    return value if isinstance(value, str) and not typed.blank(value) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_TAKEN: dict[Kind, Callable[[Question, Any], Any]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.RICH_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.DECLARATION: _declaration,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.THEME: _theme,
    Kind.ORGANISATION: _organisation,
    Kind.PEOPLE: _people,
    Kind.MILESTONES: _milestones,
    Kind.BUDGET: _budget,
    Kind.ATTACHMENT: lambda _, value: UNANSWERED,
}
