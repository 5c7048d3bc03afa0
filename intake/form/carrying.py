"""Carrying answers over to another form: to the next stage, or from an earlier proposal.

An answer is carried as it is or not at all; what stays out is reported with the reason. Declarations are made anew, and
themes belong to one call, so neither is carried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from intake.form.kinds import TEXTS, Kind
from intake.form.reading import inputs, read
from intake.form.shape import Form, Question
from intake.form.showing import counting
from intake.form.values import UNANSWERED, answered
from intake.vocabulary import Words, say

_STAYS = {
    Kind.DECLARATION: say("A declaration is made anew for each proposal."),
    Kind.THEME: say("Each call has its own themes."),
    Kind.ATTACHMENT: say("Files are not carried over: attach them again."),
}
_SAME_KEY, _SAME_LABEL = say("It is the same question."), say("A question there has the same label.")
_NONE_LIKE_IT = say("There is no question like this one.")


@dataclass(frozen=True, slots=True)
class Carried:
    """Where the answer to a question of the target comes from; ``source_key`` None: from nowhere. ``why`` says so."""

    source_key: str | None
    target_key: str
    why: Words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An answer that is not carried. ``target_key`` is the question that cannot take it, None where there is none."""

    source_key: str
    target_key: str | None
    why: Words


def compatible(source: Question, target: Question) -> bool:
    """Whether an answer to the one can be an answer to the other, if its own text or options fit."""
    if source.kind in _STAYS or target.kind in _STAYS:
        return False
    texts = source.kind in TEXTS and target.kind in TEXTS
    return source.kind is target.kind or texts or (source.kind, target.kind) == (Kind.CHOICE, Kind.CHOICES)


def field_map(source: Form, target: Form) -> list[Carried]:
    """For every question of the target, in its order, where its answer comes from: the question with the same key, or
    else one with the same label that nothing else takes."""
    keys = {each.key: each for each in source.questions}
    taken = {each.key for each in target.questions if each.key in keys and compatible(keys[each.key], each)}
    found = []
    for question in target.questions:
        carried = _source_of(question, keys, taken)
        if carried.source_key is not None:
            taken.add(carried.source_key)
        found.append(carried)
    return found


def _source_of(target: Question, keys: Mapping[str, Question], taken: set[str]) -> Carried:
    if target.kind in _STAYS:
        return Carried(None, target.key, _STAYS[target.kind])
    if target.key in keys and compatible(keys[target.key], target):
        return Carried(target.key, target.key, _SAME_KEY)
    for source in keys.values():
        if source.key not in taken and compatible(source, target) and _labels(source) & _labels(target):
            return Carried(source.key, target.key, _SAME_LABEL)
    return Carried(None, target.key, _NONE_LIKE_IT)


def _labels(question: Question) -> set[str]:
    return {each.casefold() for each in (question.label.en, question.label.zh) if each}


def carry(answers: Mapping[str, Any], source: Form, target: Form, mapping: Iterable[Carried]) -> dict[str, Any]:
    """The answers of the target, by key. What does not fit without a change stays out; ``left_out`` tells of it."""
    return {target_key: value for _, target_key, value in _moved(answers, source, target, mapping) if _fits(value)}


def left_out(answers: Mapping[str, Any], source: Form, target: Form, mapping: Iterable[Carried]) -> list[LeftOut]:
    """The given answers of the source that are not carried, in its order."""
    moved = list(_moved(answers, source, target, mapping))
    kept = {key for key, _, value in moved if _fits(value)}
    refused = {key: LeftOut(key, target_key, value) for key, target_key, value in moved if not _fits(value)}
    found = counting(source, answers)
    return [
        refused.get(each.key) or LeftOut(each.key, None, _STAYS.get(each.kind, _NONE_LIKE_IT))
        for each in source.questions
        if answered(each, found.get(each.key, UNANSWERED)) and each.key not in kept
    ]


def _moved(
    answers: Mapping[str, Any], source: Form, target: Form, mapping: Iterable[Carried]
) -> Iterator[tuple[str, str, Any]]:
    """For each pair that has an answer: both keys, and the answer as the target keeps it or Words on why it cannot."""
    sources, targets = ({each.key: each for each in form.questions} for form in (source, target))
    found, filled = counting(source, answers), set()
    for pair in mapping:
        one, other = sources.get(pair.source_key or ""), targets.get(pair.target_key)
        if one is None or other is None or other.key in filled or not answered(one, found.get(one.key, UNANSWERED)):
            continue
        filled.add(other.key)
        yield one.key, other.key, _taken(one, other, found[one.key])


def _fits(value: Any) -> bool:
    return not isinstance(value, Words)


def _taken(source: Question, target: Question, value: Any) -> Any:
    """The answer as it would be if a person typed it again, or Words on why they could not."""
    if not compatible(source, target):
        return _STAYS.get(target.kind, say("This question asks for something else."))
    again = read(target, inputs(replace(source, key=target.key), value))
    if again.error:
        return again.error
    if source.kind in TEXTS and again.value != value:
        return say("It has several lines, and this question takes one.")
    return again.value if again.value is not UNANSWERED else say("This question asks for something else.")
