"""The inputs of a page by name: what a browser sent, or what is to stand in them.

A simple question has one input, named by its key. The parts of rows are ``<key>-<n>-<part>``, those of an organisation
``<key>-<part>``. A hidden ``<key>-sent`` says that the question was on the page, so that empty boxes are an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from intake import money, typed
from intake.form.kinds import ROWS, Kind
from intake.form.shape import Question
from intake.form.values import MILESTONE, ORGANISATION, PEOPLE, UNANSWERED, standing

YES, NO = "yes", "no"
PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.PEOPLE: PEOPLE,
    Kind.MILESTONES: MILESTONE,
    Kind.BUDGET: ("category", "year", "amount", "justification"),
    Kind.ORGANISATION: ORGANISATION,
}
"""The inputs of one row, or of an organisation, in their order."""

_ROW = re.compile(r"(0|[1-9]\d{0,5})-([a-z]+)", re.ASCII)


class Sent(Protocol):
    """What a browser sent: names, each with one or several texts. Flask's ``request.form`` is one."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, name: str, /) -> list[str]:
        """The texts of a name in the order sent; none where it was not sent."""
        ...


class Inputs(Mapping[str, str]):
    """Texts by the name of their input. ``inputs[name]`` is the first of a name's texts, ``getlist`` gives all."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self._texts = {name: list(each) for name, each in texts.items() if each}

    def __getitem__(self, name: str) -> str:
        return self._texts[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        return self._texts == other._texts if isinstance(other, Inputs) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Inputs({self._texts!r})"

    def getlist(self, name: str, /) -> list[str]:
        """The texts of a name; none where it has none."""
        return list(self._texts.get(name, ()))


def inputs(question: Question, value: Any) -> Inputs:
    """What stands in the inputs of the question for a value that is kept; nothing where it is unanswered."""
    key, found = question.key, standing(question, value)
    if found is UNANSWERED:
        return Inputs({})
    if question.kind in ROWS:
        rows = found["lines"] if question.kind is Kind.BUDGET else found
        return Inputs(
            {f"{key}-{at}-{part}": [text] for at, row in enumerate(rows) for part, text in _row(question, row).items()}
        )
    if question.kind is Kind.ORGANISATION:
        return Inputs({f"{key}-{part}": [text] for part, text in found.items()})
    return Inputs({key: _texts(question, found), **_marker(question)})


def _texts(question: Question, value: Any) -> list[str]:
    if question.kind is Kind.CHOICES:
        return list(value)
    if question.kind is Kind.DECLARATION:
        return [YES] if value else []
    if question.kind is Kind.YES_NO:
        return [YES if value else NO]
    return [money.plain(value) if question.kind is Kind.MONEY else str(value)]


def _marker(question: Question) -> dict[str, list[str]]:
    return {f"{question.key}-sent": ["1"]} if question.kind in (Kind.CHOICES, Kind.DECLARATION) else {}


def _row(question: Question, row: Mapping[str, Any]) -> dict[str, str]:
    if question.kind is not Kind.BUDGET:
        return dict(row)
    year, amount = row["year"], row["amount_minor"]
    return {
        "category": row["category"],
        "year": "" if year is None else str(year),
        "amount": "" if amount is None else money.plain(amount),
        "justification": row["justification"],
    }


def rows_of(question: Question, texts: Sent) -> list[int]:
    """The numbers of the rows that there are inputs of, in order: what a page with rows goes through."""
    return sorted({number for number, _ in _cells(question, texts)})


def names_of(question: Question, texts: Sent) -> list[str]:
    """The names among ``texts`` that belong to the question."""
    key, kind = question.key, question.kind
    if kind in ROWS:
        own = {f"{key}-{number}-{part}" for number, part in _cells(question, texts)}
    elif kind is Kind.ORGANISATION:
        own = {f"{key}-{part}" for part in PARTS[kind]}
    else:
        own = {key}
    return [name for name in texts if name in own or name == f"{key}-sent"]


def _cells(question: Question, texts: Sent) -> Iterator[tuple[int, str]]:
    parts = PARTS.get(question.kind, ())
    beginning = f"{question.key}-"
    for name in texts:
        found = _ROW.fullmatch(name.removeprefix(beginning)) if name.startswith(beginning) else None
        if found and found[2] in parts:
            yield int(found[1]), found[2]


def typed_back(question: Question, sent: Sent) -> Inputs:
    """What was typed, to show again: unchanged but for characters that no page can hold."""
    return Inputs(
        {
            name: [typed.without_unkeepable(typed.LINE_ENDS.sub("\n", text)) for text in sent.getlist(name)]
            for name in names_of(question, sent)
        }
    )
