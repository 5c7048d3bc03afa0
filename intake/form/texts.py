"""An answer as a text in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from intake import money
from intake.form.kinds import TEXTS, Kind
from intake.form.shape import Bounds, Label, Option, Question, label_in
from intake.form.values import UNANSWERED

YES, NO, DECLARED = Label("Yes", "是"), Label("No", "否"), Label("Declared", "已聲明")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their language, the names of the call's themes by id, and the currency of the call (may be empty)."""

    language: str
    theme_names: Mapping[int, str]
    currency: str

    def say(self, label: Label) -> str:
        """A label in their language."""
        return label_in(label, self.language)

    def option(self, options: tuple[Option, ...], key: str) -> str:
        """The label of an option; nothing for a key that is none."""
        return next((self.say(each.label) for each in options if each.key == key), "")

    def amount(self, minor: int | None) -> str:
        """``USD 70,000``; nothing for None."""
        return "" if minor is None else money.shown(minor, self.currency).strip()

    def day(self, iso: str) -> str:
        """``31 Mar 2026``; nothing for nothing."""
        if not iso:
            return ""
        day = date.fromisoformat(iso)
        if self.language.lower().startswith("zh"):
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def text(question: Question, value: Any, reader: Reader) -> str:
    """The standing value of a question without rows; empty where it is unanswered."""
    if value is UNANSWERED or question.kind not in _TEXTS:
        return ""
    return _TEXTS[question.kind](question, value, reader)


def _number(question: Question, value: str, _: Reader) -> str:
    """With its thousands parted and its unit."""
    return f"{Decimal(value):,f} {(question.number or Bounds()).unit}".rstrip()


def _organisation(_: Question, value: Mapping[str, str], __: Reader) -> str:
    return " · ".join(each for each in (value["name"], value["ror"]) if each)


_TEXTS: dict[Kind, Callable[[Question, Any, Reader], str]] = {
    **dict.fromkeys(TEXTS, lambda question, value, reader: str(value)),
    Kind.NUMBER: _number,
    Kind.MONEY: lambda question, value, reader: reader.amount(value),
    Kind.DATE: lambda question, value, reader: reader.day(value),
    Kind.YES_NO: lambda question, value, reader: reader.say(YES if value else NO),
    Kind.DECLARATION: lambda question, value, reader: reader.say(DECLARED) if value else "",
    Kind.CHOICE: lambda question, value, reader: reader.option(question.options, value),
    Kind.CHOICES: lambda question, value, reader: "; ".join(reader.option(question.options, each) for each in value),
    Kind.THEME: lambda question, value, reader: reader.theme_names.get(value, ""),
    Kind.ORGANISATION: _organisation,
}
