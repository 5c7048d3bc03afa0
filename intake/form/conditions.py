"""Reading the rule that shows a question. It may name questions before it only, so no two can wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.form.kinds import MOST_CONDITIONS, MOST_OPTIONS, OPERATORS, Is, Kind
from intake.form.shape import Bounds, Condition, Question, ShowIf
from intake.form.taking import Part, bad, exact, excerpt
from intake.form.values import UNANSWERED, standing
from intake.vocabulary import say


def show_if(value: Any, place: str, earlier: Mapping[str, Question]) -> ShowIf | None:
    """The rule, or None where there is none. ``earlier`` has the questions before, by key. Raises BadForm."""
    if value is None:
        return None
    part = Part.of(value, place, ("all", "any"))
    if (part.get("all") is None) == (part.get("any") is None):
        bad(place, say("Show it when all of the conditions hold, or any of them."))
    name = "any" if part.get("all") is None else "all"
    rows = part.rows(name, MOST_CONDITIONS)
    if not rows:
        bad(part.at(name), say("Give at least one condition."))
    return ShowIf(name == "all", tuple(_condition(each, at, earlier) for at, each in rows))


def _condition(value: Any, place: str, earlier: Mapping[str, Question]) -> Condition:
    part = Part.of(value, place, ("question", "is", "value"))
    key = part.get("question")
    if not isinstance(key, str) or key not in earlier:
        bad(part.at("question"), say("There is no question “%(key)s” before this one.", key=excerpt(key)))
    question, operator = earlier[key], part.word("is", Is)
    if operator not in OPERATORS[question.kind]:
        bad(part.at("is"), say("An answer to “%(key)s” cannot be compared so.", key=key))
    return Condition(key, operator, _compared(question, operator, part))


def _compared(question: Question, operator: Is, part: Part) -> Any:
    """What the answer is compared with."""
    value, place = part.get("value"), part.at("value")
    if operator is Is.ANSWERED:
        if value is not None:
            bad(place, say("This needs nothing to compare with."))
        return None
    if operator is Is.ONE_OF:
        rows = part.rows("value", MOST_OPTIONS)
        found = tuple(dict.fromkeys(_alike(question, each, at) for at, each in rows))
        return found or bad(place, say("Say what to compare with."))
    return _alike(question, value, place)


def _alike(question: Question, value: Any, place: str) -> Any:
    """``value`` as an answer to the question would be."""
    if question.kind is Kind.NUMBER:
        return exact(value, place, (question.number or Bounds()).decimals)
    taken = [value] if question.kind is Kind.CHOICES else value
    found = standing(question, taken)
    if found is UNANSWERED or found != taken or type(found) is not type(taken):
        bad(place, say("This is no answer to “%(key)s”.", key=question.key))
    return value
