"""Reading answers that are rows or have parts: people, organisations, budgets, milestones.

A row where nothing was typed is left out. One that is filled in part is kept so: what it lacks is a fault, not an
error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intake import typed
from intake.errors import IntakeError
from intake.form import cells
from intake.form.inputs import PARTS, Sent, rows_of
from intake.form.kinds import MOST_ROWS, Kind
from intake.form.shape import BudgetRule, Question
from intake.form.values import UNANSWERED, empty_line
from intake.vocabulary import Limit, Words, say

Cell = Callable[[str], Any]
Columns = Mapping[str, Cell]
"""How each part of a row is read."""

PART_NAMES: dict[str, Words] = {
    "name": say("name"),
    "organisation": say("organisation"),
    "email": say("e-mail address"),
    "orcid": say("ORCID iD"),
    "ror": say("ROR identifier"),
    "category": say("category"),
    "year": say("year"),
    "amount": say("amount"),
    "justification": say("justification"),
    "title": say("title"),
    "due": say("date"),
    "deliverable": say("deliverable"),
}


class WrongCells(IntakeError):
    """Inputs that hold no answer of their kind: ``cells`` maps their names to what is wrong, ``reason`` tells the
    first."""

    def __init__(self, reason: Words, wrong: Mapping[str, Words]) -> None:
        super().__init__(reason)
        self.cells = dict(wrong)


def people(question: Question, sent: Sent) -> Any:
    """People with their organisations and identifiers."""
    columns = {"name": _line, "organisation": _line, "email": cells.email, "orcid": cells.orcid, "ror": cells.ror}
    return _some([row for row in _rows(question, sent, columns) if any(row.values())])


def milestones(question: Question, sent: Sent) -> Any:
    """Milestones, each with its date and what it delivers."""
    columns = {"title": _line, "due": cells.day, "deliverable": _paragraph}
    return _some([row for row in _rows(question, sent, columns) if any(row.values())])


def organisation(question: Question, sent: Sent) -> Any:
    """One organisation."""
    found, wrong = _row(f"{question.key}-", PARTS[Kind.ORGANISATION], {"name": _line, "ror": cells.ror}, sent)
    if wrong:
        raise WrongCells(next(iter(wrong.values())), wrong)
    return found if any(found.values()) else UNANSWERED


def budget(question: Question, sent: Sent) -> Any:
    """The lines of a budget. Where it has one year only, a line need not say it."""
    rule = question.budget or BudgetRule(())
    columns: Columns = {
        "category": lambda raw: _category(rule, raw),
        "year": lambda raw: _year(rule, raw),
        "amount": cells.amount,
        "justification": _paragraph,
    }
    lines = [_line_of(row, rule) for row in _rows(question, sent, columns)]
    found = _some([line for line in lines if not empty_line(line)])
    return found if found is UNANSWERED else {"lines": found}


def _line_of(row: Mapping[str, Any], rule: BudgetRule) -> dict[str, Any]:
    return {
        "category": row["category"],
        "year": row["year"] or (1 if rule.years == 1 else None),
        "amount_minor": None if row["amount"] == "" else row["amount"],
        "justification": row["justification"],
    }


def _category(rule: BudgetRule, raw: str) -> str:
    if raw not in {each.key for each in rule.categories}:
        raise cells.Unreadable(say("Choose one from the list."))
    return raw


def _year(rule: BudgetRule, raw: str) -> int:
    text = raw.strip()
    if text not in {str(year) for year in range(1, rule.years + 1)}:
        raise cells.Unreadable(say("Write a whole number from %(least)s to %(most)s.", least=1, most=rule.years))
    return int(text)


def _line(raw: str) -> str:
    return cells.text(raw, Limit.NAME, lines=False)


def _paragraph(raw: str) -> str:
    return cells.text(raw, Limit.REASON, lines=True)


def _rows(question: Question, sent: Sent, columns: Columns) -> list[dict[str, Any]]:
    """Every row with all its parts, ``""`` for those left empty. Raises WrongCells, which names the row of the first
    wrong one as a person counts them."""
    found: list[dict[str, Any]] = []
    wrong: dict[str, Words] = {}
    first: Words | None = None
    for at, number in enumerate(rows_of(question, sent), 1):
        row, bad = _row(f"{question.key}-{number}-", PARTS[question.kind], columns, sent)
        found.append(row)
        wrong |= bad
        if bad and first is None:
            name, reason = next(iter(bad.items()))
            part = PART_NAMES[name.rpartition("-")[2]]
            first = say("Row %(row)s, %(part)s: %(reason)s", row=at, part=part, reason=reason)
    if first is not None:
        raise WrongCells(first, wrong)
    return found


def _row(
    beginning: str, parts: tuple[str, ...], columns: Columns, sent: Sent
) -> tuple[dict[str, Any], dict[str, Words]]:
    """One row, and what is wrong in which input of it."""
    found: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    for part in parts:
        raw = (sent.getlist(beginning + part) or [""])[0]
        try:
            found[part] = "" if typed.blank(raw) else columns[part](raw)
        except cells.Unreadable as error:
            found[part], wrong[beginning + part] = "", error.reason
    return found, wrong


def _some(rows: list[dict[str, Any]]) -> Any:
    """The rows, or UNANSWERED where there are none. Raises Unreadable for more than are kept."""
    if len(rows) > MOST_ROWS:
        over = len(rows) - MOST_ROWS
        raise cells.Unreadable(
            say(
                "At most %(most)s rows; these are %(count)s, %(over)s too many.",
                most=MOST_ROWS,
                count=len(rows),
                over=over,
            )
        )
    return rows or UNANSWERED
