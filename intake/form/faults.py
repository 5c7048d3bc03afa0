"""What still stands in the way of a submission, question by question. A draft may be saved with all of it.

Only questions that are asked have faults. Whatever an old form or an accident left as an answer counts as unanswered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from intake import money
from intake.form.cells import too_long
from intake.form.counting import length
from intake.form.kinds import ROWS, TEXTS, Kind, Unit
from intake.form.reading_rows import PART_NAMES
from intake.form.shape import Bounds, FileLimits, Form, Question, RowLimits
from intake.form.showing import counting, shown
from intake.form.values import UNANSWERED, answered
from intake.vocabulary import Words, say

_OF_CORE = {
    "title": say("Give it a title."),
    "abstract": say("Write an abstract."),
    "keywords": say("Give some keywords."),
    "description": say("Describe the work."),
    "amount_minor": say("Say how much you ask for."),
    "duration_months": say("Say how many months it takes."),
}
_FILL_IN = say("Please fill this in.")
_MISSING = {
    Kind.YES_NO: say("Choose yes or no."),
    Kind.CHOICE: say("Choose one from the list."),
    Kind.CHOICES: say("Choose at least one."),
    Kind.THEME: say("Choose a theme of the call."),
    Kind.PEOPLE: say("Name at least one person."),
    Kind.ORGANISATION: say("Name the organisation."),
    Kind.BUDGET: say("Give at least one line."),
    Kind.MILESTONES: say("Give at least one milestone."),
    Kind.ATTACHMENT: say("Attach a file."),
    Kind.DECLARATION: say("Tick this, if it holds."),
}
_NEEDED = {
    Kind.PEOPLE: {"name": "name"},
    Kind.MILESTONES: {"title": "title", "due": "due"},
    Kind.BUDGET: {"category": "category", "year": "year", "amount_minor": "amount"},
}
"""The parts that a row needs, with the name of the input of each."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that answers a question. ``pages`` is None for what has none; ``size`` is in bytes."""

    pages: int | None
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong with an answer, by the keys of its section and its question."""

    section: str
    question: str
    reason: Words


def faults(
    form: Form,
    answers: Mapping[str, Any],
    *,
    files: Mapping[str, Sequence[FileFacts]],
    themes: Collection[int],
) -> list[FormFault]:
    """Every fault, in the form's order. ``files`` are the attachments by question, ``themes`` the ids of the call's."""
    asked, found = shown(form, answers), counting(form, answers)
    return [
        FormFault(section.key, question.key, reason)
        for section in form.sections
        for question in section.questions
        if question.key in asked
        for reason in reasons(question, found.get(question.key, UNANSWERED), files.get(question.key, ()), themes)
    ]


def reasons(question: Question, value: Any, files: Sequence[FileFacts], themes: Collection[int]) -> Iterator[Words]:
    """What is wrong with one standing value."""
    if question.kind is Kind.THEME:
        yield from _theme(question, value, themes)
    elif question.kind is Kind.ATTACHMENT and files:
        yield from _files(question.files or FileLimits(), files)
    elif not answered(question, value) or (question.key == "amount_minor" and value == 0):
        if question.required:
            yield _OF_CORE.get(question.key) or _MISSING.get(question.kind, _FILL_IN)
    else:
        yield from _CHECKED.get(question.kind, _nothing)(question, value)


def _nothing(_: Question, value: Any) -> Iterator[Words]:
    yield from ()


def _theme(question: Question, value: Any, themes: Collection[int]) -> Iterator[Words]:
    """Where the call has no themes, there is nothing to choose."""
    if themes and value not in themes and (question.required or value is not UNANSWERED):
        yield _MISSING[Kind.THEME]


def _text(question: Question, value: str) -> Iterator[Words]:
    has = length(value, question.unit)
    if question.limit is None or has <= question.limit:
        return
    if question.unit is Unit.CHARACTERS:
        yield too_long(question.limit, has)
    else:
        yield say(
            "At most %(limit)s words; this has %(length)s, %(over)s too many.",
            limit=f"{question.limit:,}",
            length=f"{has:,}",
            over=f"{has - question.limit:,}",
        )


def _number(question: Question, value: str) -> Iterator[Words]:
    bounds = question.number or Bounds()
    yield from _outside(bounds, Decimal(value), lambda bound: f"{bound:,f} {bounds.unit}".rstrip())


def _money(question: Question, value: int) -> Iterator[Words]:
    bounds = question.number or Bounds()
    yield from _outside(bounds, Decimal(value), lambda bound: money.shown(int(bound), "").strip())


def _outside(bounds: Bounds, value: Decimal, told: Callable[[Decimal], str]) -> Iterator[Words]:
    if bounds.least is not None and value < bounds.least:
        yield say("At least %(least)s.", least=told(bounds.least))
    if bounds.most is not None and value > bounds.most:
        yield say("At most %(most)s.", most=told(bounds.most))


def _organisation(_: Question, value: Mapping[str, str]) -> Iterator[Words]:
    if not value["name"]:
        yield _MISSING[Kind.ORGANISATION]


def _rows(question: Question, value: Any) -> Iterator[Words]:
    rows = value["lines"] if question.kind is Kind.BUDGET else value
    limits = question.rows or RowLimits()
    if len(rows) < limits.least:
        yield say("At least %(least)s rows; these are %(count)s.", least=limits.least, count=len(rows))
    if len(rows) > limits.most:
        yield say("At most %(most)s rows; these are %(count)s.", most=limits.most, count=len(rows))
    for at, row in enumerate(rows, 1):
        for part, name in _NEEDED[question.kind].items():
            if row[part] in ("", None):
                yield say("Row %(row)s: the %(part)s is missing.", row=at, part=PART_NAMES[name])


def _files(limits: FileLimits, files: Sequence[FileFacts]) -> Iterator[Words]:
    if len(files) > limits.most:
        yield say("At most %(most)s files; these are %(count)s.", most=limits.most, count=len(files))
    for each in files:
        if not each.name.lower().endswith(limits.endings):
            known = ", ".join(limits.endings)
            yield say("%(name)s does not end in one of: %(known)s.", name=each.name, known=known)
        if each.size > limits.max_bytes:
            most = f"{limits.max_bytes / 1024**2:.1f}".removesuffix(".0")
            yield say("%(name)s is larger than %(most)s MB.", name=each.name, most=most)
        if limits.max_pages is not None and each.pages is not None and each.pages > limits.max_pages:
            yield say(
                "%(name)s has %(pages)s pages; at most %(most)s.",
                name=each.name,
                pages=each.pages,
                most=limits.max_pages,
            )


_CHECKED: dict[Kind, Callable[[Question, Any], Iterator[Words]]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(ROWS, _rows),
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.ORGANISATION: _organisation,
}
