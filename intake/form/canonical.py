"""A form as JSON: what is said of it and nothing that holds anyway, so that equal forms are equal documents."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from intake.form.kinds import ALWAYS, ENDINGS, MOST_ROWS, Kind, Page, SeenBy, Unit, always_open
from intake.form.shape import Bounds, BudgetRule, Condition, FileLimits, Form, Label, Option, Question, Section, ShowIf
from intake.vocabulary import Limit


def as_data(form: Form) -> dict[str, Any]:
    """The definition that ``parse`` makes the same form of."""
    return {"sections": [_section(section) for section in form.sections]}


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "label": _label(section.label),
        **_said(
            help=(_label(section.help), {}),
            page=(section.page.value, Page.QUESTIONS.value),
            questions=([_question(each) for each in section.questions], []),
        ),
    }


def _question(question: Question) -> dict[str, Any]:
    everybody = always_open(question.key)
    return {
        "key": question.key,
        "kind": question.kind.value,
        "label": _label(question.label),
        **_said(
            help=(_label(question.help), {}),
            required=(question.required, question.key in ALWAYS),
            limit=(question.limit, None),
            unit=(question.unit.value, Unit.CHARACTERS.value),
            number=(_bounds(question.number, question.kind), {}),
            options=(_options(question.options), []),
            rows=(_said(least=(question.rows.least, 0), most=(question.rows.most, MOST_ROWS)), {})
            if question.rows
            else (None, None),
            budget=(_budget(question.budget), None),
            files=(_files(question.files), {}),
            seen_by=(question.seen_by.value, (SeenBy.REVIEWERS if everybody else SeenBy.OFFICE).value),
            blind=(question.blind, False),
            leaves=(question.leaves, everybody),
            listed=(question.listed, False),
            show_if=(_show_if(question.show_if), None),
        ),
    }


def _said(**pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Of each name with its value and what holds anyway, the values that differ."""
    return {name: value for name, (value, anyway) in pairs.items() if value != anyway}


def _label(label: Label) -> dict[str, str]:
    return _said(en=(label.en, ""), zh=(label.zh, ""))


def _options(options: Iterable[Option]) -> list[dict[str, Any]]:
    return [{"key": each.key, "label": _label(each.label)} for each in options]


def _bounds(bounds: Bounds | None, kind: Kind) -> dict[str, Any]:
    if bounds is None:
        return {}
    written = int if kind is Kind.MONEY else plain
    return _said(
        least=(None if bounds.least is None else written(bounds.least), None),
        most=(None if bounds.most is None else written(bounds.most), None),
        decimals=(bounds.decimals, 0),
        unit=(bounds.unit, ""),
    )


def _budget(budget: BudgetRule | None) -> dict[str, Any] | None:
    if budget is None:
        return None
    return {
        "categories": _options(budget.categories),
        **_said(
            years=(budget.years, 1),
            overhead_percent=(plain(budget.overhead_percent), "0"),
            overhead_on=(list(budget.overhead_on), []),
        ),
    }


def _files(files: FileLimits | None) -> dict[str, Any]:
    if files is None:
        return {}
    return _said(
        endings=(list(files.endings), list(ENDINGS)),
        most=(files.most, 1),
        max_bytes=(files.max_bytes, Limit.FILE_BYTES),
        max_pages=(files.max_pages, None),
    )


def _show_if(rule: ShowIf | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {"all" if rule.all else "any": [_condition(each) for each in rule.conditions]}


def _condition(condition: Condition) -> dict[str, Any]:
    value: Any = condition.value
    if isinstance(value, Decimal):
        value = plain(value)
    elif isinstance(value, tuple):
        value = list(value)
    return {"question": condition.question, "is": condition.is_.value, **_said(value=(value, None))}


def plain(number: Decimal) -> str:
    """``12``, ``12.5``: the shortest text of an exact number."""
    return f"{number.normalize():f}" if number else "0"
