"""Reading what a browser sent for one question, and what stands in its inputs.

An error means that the answer cannot be kept as it was typed: it is told beside the field, the answer before stays, and
``typed_back`` keeps on the page what was typed. What merely is not enough yet is for ``faults``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake import typed
from intake.form import cells, reading_rows
from intake.form.cells import Unreadable
from intake.form.inputs import NO, YES, Inputs, Sent, inputs, names_of, rows_of, typed_back
from intake.form.kinds import Kind
from intake.form.shape import Bounds, Question, storage_limit
from intake.form.values import MOST_ID, UNANSWERED, Unanswered
from intake.vocabulary import Limit, Words, say

__all__ = ["UNANSWERED", "Inputs", "Read", "Sent", "Unanswered", "inputs", "read", "rows_of", "typed_back"]


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of it. ``value`` counts only where the question was ``present`` and there is no ``error``; it is
    UNANSWERED where the answer was emptied. ``cells`` says of rows what is wrong in which input, by its name."""

    value: Any = None
    error: Words | None = None
    present: bool = True
    cells: Mapping[str, Words] = field(default_factory=dict)


def read(question: Question, sent: Sent) -> Read:
    """The answer to the question among what was sent. Never raises, whatever was sent."""
    if not names_of(question, sent):
        return Read(present=False)
    try:
        return Read(_READ[question.kind](question, sent))
    except reading_rows.WrongCells as wrong:
        return Read(error=wrong.reason, cells=wrong.cells)
    except Unreadable as wrong:
        return Read(error=wrong.reason)


def _first(question: Question, sent: Sent) -> str:
    texts = sent.getlist(question.key)
    return texts[0] if texts else ""


def _text(question: Question, sent: Sent) -> Any:
    lines = question.kind is not Kind.SHORT_TEXT
    return cells.text(_first(question, sent), storage_limit(question), lines=lines) or UNANSWERED


def _number(question: Question, sent: Sent) -> str:
    found = cells.number(_first(question, sent), (question.number or Bounds()).decimals)
    if question.key == "duration_months" and not 1 <= int(found) <= Limit.DURATION_MONTHS:
        bounds = {"least": "1", "most": str(Limit.DURATION_MONTHS)}
        raise Unreadable(say("Write a whole number from %(least)s to %(most)s.", **bounds))
    return found


def _listed(question: Question, texts: list[str]) -> list[str]:
    """The options that were chosen, in the form's order. Raises Unreadable for one that is none."""
    keys = [each.key for each in question.options]
    if not set(texts) <= set(keys):
        raise Unreadable(say("Choose one from the list."))
    return [key for key in keys if key in texts]


def _choices(question: Question, sent: Sent) -> Any:
    return _listed(question, [each for each in sent.getlist(question.key) if each]) or UNANSWERED


def _yes_no(question: Question, sent: Sent) -> bool:
    text = _first(question, sent)
    if text not in (YES, NO):
        raise Unreadable(say("Choose yes or no."))
    return text == YES


def _declaration(question: Question, sent: Sent) -> bool:
    return any(each not in ("", NO, "false") for each in sent.getlist(question.key))


def _theme(question: Question, sent: Sent) -> int:
    text = _first(question, sent).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ID)) and 0 < int(text) <= MOST_ID):
        raise Unreadable(say("Choose one from the list."))
    return int(text)


def _filled(reading: Callable[[Question, Sent], Any]) -> Callable[[Question, Sent], Any]:
    """The reading of a single text, where there is one."""

    def of_filled(question: Question, sent: Sent) -> Any:
        return UNANSWERED if typed.blank(_first(question, sent)) else reading(question, sent)

    return of_filled


_READ: dict[Kind, Callable[[Question, Sent], Any]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.RICH_TEXT: _text,
    Kind.NUMBER: _filled(_number),
    Kind.MONEY: _filled(lambda question, sent: cells.amount(_first(question, sent))),
    Kind.DATE: _filled(lambda question, sent: cells.day(_first(question, sent))),
    Kind.YES_NO: _filled(_yes_no),
    Kind.DECLARATION: _declaration,
    Kind.CHOICE: _filled(lambda question, sent: _listed(question, [_first(question, sent)])[0]),
    Kind.CHOICES: _choices,
    Kind.THEME: _filled(_theme),
    Kind.PEOPLE: reading_rows.people,
    Kind.ORGANISATION: reading_rows.organisation,
    Kind.BUDGET: reading_rows.budget,
    Kind.MILESTONES: reading_rows.milestones,
    Kind.ATTACHMENT: lambda question, sent: UNANSWERED,
}
