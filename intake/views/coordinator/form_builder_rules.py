"""The conditions under which a question is asked, as rows of its page. Each row has an earlier question, how its answer
is compared, and with what; the inputs fit the kind of that question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from intake.form.canonical import plain
from intake.form.definition import OPERATORS, Condition, Form, Is, Kind, Question, ShowIf, label_in
from intake.form.kinds import MOST_CONDITIONS
from intake.views.coordinator.form_builder_fields import MOST_OF_A_NUMBER, Exact
from intake.views.coordinator.form_builder_words import operator
from intake.views.fields import Chosen, Line, Money, Picked, Several
from intake.views.language import language

ALL, ANY = "all", "any"
YES, NO = "yes", "no"


def earlier(form: Form, key: str) -> list[Question]:
    """The questions before that one whose answers can decide whether it is asked."""
    keys = [each.key for each in form.questions]
    return [each for each in form.questions[: keys.index(key)] if OPERATORS[each.kind]]


def fields(asked: Sequence[Question]) -> dict[str, Callable[[], Any]]:
    """The fields of the conditions on these questions, in their order, and whether all of them must hold."""
    made: dict[str, Callable[[], Any]] = {}
    if asked:
        both = [(ALL, lazy_gettext("all of these hold")), (ANY, lazy_gettext("any of these holds"))]
        made["conditions"] = lambda: Picked(lazy_gettext("Ask it only if"), choices=both)
    for number, question in enumerate(asked):
        made[f"cond-question-{number}"] = HiddenField
        made[f"cond-is-{number}"] = _how(question)
        if set(OPERATORS[question.kind]) != {Is.ANSWERED}:
            made[f"cond-value-{number}"] = _value(question)
    return made


def _how(question: Question) -> Callable[[], Any]:
    choices = [(each.value, operator(question, each)) for each in _operators(question)]
    return lambda: Chosen(label_in(question.label, language()), choices=choices)


def _operators(question: Question) -> list[Is]:
    """How the question's answer can be compared, what is wanted most often first."""
    usual = {Kind.CHOICE: Is.ONE_OF}.get(question.kind)
    known = OPERATORS[question.kind]
    return sorted(known, key=lambda each: (each is not usual, each is Is.ANSWERED, known.index(each)))


def _value(question: Question) -> Callable[[], Any]:
    """What an answer to the question is compared with."""
    label = gettext("what “%(name)s” is compared with", name=label_in(question.label, language()))
    options = [(each.key, label_in(each.label, language())) for each in question.options]
    match question.kind:
        case Kind.CHOICE:
            return lambda: Several(label, choices=options, required=False)
        case Kind.CHOICES:
            return lambda: Chosen(label, choices=options, required=False, blank=gettext("Choose one"))
        case Kind.YES_NO | Kind.DECLARATION:
            both = [(YES, gettext("yes")), (NO, gettext("no"))]
            return lambda: Chosen(label, choices=both, required=False, blank=gettext("Choose one"))
        case Kind.MONEY:
            return lambda: Money(label, required=False)
        case Kind.DATE:
            return lambda: Line(label, limit=MOST_OF_A_NUMBER, required=False, render_kw={"type": "date"})
    return lambda: Exact(label, limit=MOST_OF_A_NUMBER, required=False)


def values(rule: ShowIf | None, form: Form) -> dict[str, Any]:
    """What stands in the fields of a rule as it is."""
    found: dict[str, Any] = {"conditions": ANY if rule is not None and not rule.all else ALL}
    for number, each in enumerate(rule.conditions if rule else ()):
        found[f"cond-question-{number}"] = each.question
        found[f"cond-is-{number}"] = each.is_.value
        found[f"cond-value-{number}"] = _typed(each, form.question(each.question).kind)
    return found


def _typed(condition: Condition, kind: Kind) -> Any:
    value = condition.value
    if kind is Kind.CHOICE:
        return list(value) if isinstance(value, tuple) else [value] if value else []
    if isinstance(value, Decimal):
        return plain(value)
    return (YES if value else NO) if isinstance(value, bool) else value


def said(form: Any, asked: Sequence[Question]) -> dict[str, Any] | None:
    """The rule that the fields say, as the definition has it; None for no conditions. Where one lacks what it compares
    with, its field says so and has errors."""
    if not asked:
        return None
    rows = []
    for number, question in enumerate(asked):
        how = Is(form[f"cond-is-{number}"].data)
        row: dict[str, Any] = {"question": question.key, "is": how.value}
        value = f"cond-value-{number}"
        if how is not Is.ANSWERED:
            row["value"] = _compared(form[value], question, how)
        elif value in form and form[value].data not in (None, "", []):
            form[value].errors = [gettext("“is answered” compares with nothing: leave this empty.")]
        rows.append(row)
    return {form["conditions"].data: rows}


def _compared(field: Any, question: Question, how: Is) -> Any:
    value = field.exact if isinstance(field, Exact) else field.data
    if value in (None, "", []):
        field.errors = [gettext("Say what to compare with.")]
        return None
    if question.kind is Kind.CHOICE and how is not Is.ONE_OF:
        if len(value) > 1:
            field.errors = [gettext("Tick one, or compare with “is one of”.")]
        return value[0]
    return value == YES if question.kind in (Kind.YES_NO, Kind.DECLARATION) else value


__all__ = ["MOST_CONDITIONS", "earlier", "fields", "said", "values"]
