"""Which questions are asked: the rules that show them, worked through in the form's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from intake.form.kinds import Is, Kind
from intake.form.shape import Condition, Form, Question, ShowIf
from intake.form.values import UNANSWERED, answered, given


def shown(form: Form, answers: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the questions that are asked. A hidden question counts as unanswered for what depends on it."""
    return frozenset(_asked(form, given(form, answers)))


def counting(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count, by key: those that stand and whose question is asked."""
    standing = given(form, answers)
    return {key: standing[key] for key in _asked(form, standing) if key in standing}


def deciders(form: Form) -> frozenset[str]:
    """The keys of the questions that decide whether others are asked."""
    return frozenset(
        condition.question for each in form.questions if each.show_if for condition in each.show_if.conditions
    )


def _asked(form: Form, standing: Mapping[str, Any]) -> list[str]:
    """As ``shown``, in the form's order. One pass is enough: a rule names earlier questions only."""
    questions: dict[str, Question] = {}
    for each in form.questions:
        if each.show_if is None or _holds(each.show_if, questions, standing):
            questions[each.key] = each
    return list(questions)


def _holds(rule: ShowIf, asked: Mapping[str, Question], standing: Mapping[str, Any]) -> bool:
    met = (_met(each, asked.get(each.question), standing.get(each.question, UNANSWERED)) for each in rule.conditions)
    return all(met) if rule.all else any(met)


def _met(condition: Condition, question: Question | None, value: Any) -> bool:
    if question is None or value is UNANSWERED:
        return False
    if condition.is_ is Is.ANSWERED:
        return answered(question, value)
    return _COMPARED[condition.is_](Decimal(value) if question.kind is Kind.NUMBER else value, condition.value)


_COMPARED: dict[Is, Callable[[Any, Any], bool]] = {
    Is.EQUALS: lambda value, other: bool(value == other),
    Is.NOT_EQUALS: lambda value, other: bool(value != other),
    Is.ONE_OF: lambda value, others: value in others,
    Is.AT_LEAST: lambda value, least: bool(value >= least),
    Is.AT_MOST: lambda value, most: bool(value <= most),
    Is.INCLUDES: lambda values, other: other in values,
}
