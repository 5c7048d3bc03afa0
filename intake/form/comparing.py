"""What changed between two versions of a form, and whose answers it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from intake.form.faults import reasons
from intake.form.kinds import TEXTS
from intake.form.shape import Form, Question, Section, label_in
from intake.form.showing import counting
from intake.form.values import UNANSWERED, answered
from intake.vocabulary import Words, say


class Change(StrEnum):
    """What became of a section or a question."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, by the keys of its section and its question (None: the section itself), in words."""

    what: Change
    section: str
    question: str | None
    words: Words


_FACTS = {
    "label": say("its label"),
    "help": say("its help"),
    "page": say("what stands on its page"),
    "limit": say("its limit"),
    "unit": say("what its limit counts"),
    "number": say("its bounds"),
    "rows": say("how many rows it has"),
    "budget": say("the rules of its budget"),
    "files": say("what files it takes"),
    "show_if": say("when it is asked"),
}
_FLAGS = {
    "required": (say("“%(name)s” must be answered now."), say("“%(name)s” need not be answered any more.")),
    "blind": (say("“%(name)s” is hidden under blind review now."), say("“%(name)s” is shown under blind review now.")),
    "leaves": (say("“%(name)s” goes to the sponsor now."), say("“%(name)s” does not go to the sponsor any more.")),
    "listed": (say("“%(name)s” stands in lists now."), say("“%(name)s” does not stand in lists any more.")),
}


def differences(old: Form, new: Form) -> list[Difference]:
    """Every difference: what was removed, then the new form's sections and questions in their order."""
    return [*_removed(old, new), *(each for section in new.sections for each in _of_section(section, old, new))]


def affected(old: Form, new: Form, answers: Mapping[str, Any]) -> list[str]:
    """The keys of the questions, in the old form's order, whose given answers the new form would leave without a
    question, hide, read otherwise, or find faulty where they were not."""
    before, after = counting(old, answers), counting(new, answers)
    questions = {each.key: each for each in new.questions}
    return [
        each.key
        for each in old.questions
        if answered(each, before.get(each.key, UNANSWERED))
        and (after.get(each.key) != before[each.key] or _worse(each, questions[each.key], before[each.key]))
    ]


def _worse(old: Question, new: Question, value: Any) -> bool:
    """Whether the same value means something else in the new form, or has a fault that it had not in the old one."""
    if old.kind is not new.kind and not {old.kind, new.kind} <= TEXTS:
        return True
    return any(True for _ in reasons(new, value, (), ())) and not any(True for _ in reasons(old, value, (), ()))


def _name(thing: Section | Question) -> str:
    return label_in(thing.label, "en")


def _removed(old: Form, new: Form) -> Iterator[Difference]:
    kept = {each.key for each in new.questions}
    for section in old.sections:
        for each in section.questions:
            if each.key not in kept:
                words = say("The question “%(name)s” was removed.", name=_name(each))
                yield Difference(Change.REMOVED, section.key, each.key, words)
        if section.key not in {each.key for each in new.sections}:
            words = say("The section “%(name)s” was removed.", name=_name(section))
            yield Difference(Change.REMOVED, section.key, None, words)


def _of_section(section: Section, old: Form, new: Form) -> Iterator[Difference]:
    before = {each.key: each for each in old.sections}
    if section.key not in before:
        yield Difference(Change.ADDED, section.key, None, say("The section “%(name)s” was added.", name=_name(section)))
    else:
        if section.key in _moved([each.key for each in old.sections], [each.key for each in new.sections]):
            words = say("The section “%(name)s” stands elsewhere.", name=_name(section))
            yield Difference(Change.MOVED, section.key, None, words)
        for words in _changes(before[section.key], section):
            yield Difference(Change.CHANGED, section.key, None, words)
    yield from _of_questions(section, old)


def _of_questions(section: Section, old: Form) -> Iterator[Difference]:
    before = {each.key: each for each in old.questions}
    here = [each.key for former in old.sections if former.key == section.key for each in former.questions]
    stayed = set(here) - _moved(here, [each.key for each in section.questions])
    for question in section.questions:
        key, name = question.key, _name(question)
        if key not in before:
            yield Difference(Change.ADDED, section.key, key, say("The question “%(name)s” was added.", name=name))
            continue
        if key not in stayed:
            yield Difference(
                Change.MOVED, section.key, key, say("The question “%(name)s” stands elsewhere.", name=name)
            )
        for words in _changes(before[key], question):
            yield Difference(Change.CHANGED, section.key, key, words)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys in both whose order among these changed; as few as possible, near enough."""
    one, other = [key for key in old if key in new], [key for key in new if key in old]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    still = {key for block in blocks for key in one[block.a : block.a + block.size]}
    return set(one) - still


def _changes(old: Any, new: Any) -> Iterator[Words]:
    """Each fact that changed, in words."""
    for name in (each.name for each in fields(new)):
        before, after = getattr(old, name), getattr(new, name)
        if name != "questions" and before != after:
            yield from _CHANGED.get(name, _fact)(name, old, new)


def _fact(name: str, old: Any, new: Any) -> Iterator[Words]:
    yield say("Of “%(name)s”, %(fact)s changed.", name=_name(new), fact=_FACTS[name])


def _flag(name: str, old: Any, new: Any) -> Iterator[Words]:
    words = _FLAGS[name][0 if getattr(new, name) else 1]
    yield say(words.text, name=_name(new))


def _label(name: str, old: Any, new: Any) -> Iterator[Words]:
    if _name(old) == _name(new):
        yield from _fact(name, old, new)
    else:
        yield say("“%(old)s” is called “%(name)s” now.", old=_name(old), name=_name(new))


def _limit(name: str, old: Question, new: Question) -> Iterator[Words]:
    if new.limit is None:
        yield say("“%(name)s” has no limit of its own any more.", name=_name(new))
    else:
        yield say("The limit of “%(name)s” is %(limit)s now.", name=_name(new), limit=f"{new.limit:,}")


def _kind(name: str, old: Question, new: Question) -> Iterator[Words]:
    yield say("“%(name)s” is a question of another kind now.", name=_name(new))


def _seen_by(name: str, old: Question, new: Question) -> Iterator[Words]:
    to_reviewers = say("Reviewers see “%(name)s” now.", name=_name(new))
    yield (
        to_reviewers
        if new.seen_by.value == "reviewers"
        else say("Only the office sees “%(name)s” now.", name=_name(new))
    )


def _options(name: str, old: Question, new: Question) -> Iterator[Words]:
    before, after = ({each.key: label_in(each.label, "en") for each in form.options} for form in (old, new))
    for key in (each for each in before if each not in after):
        yield say("“%(name)s” has no option “%(option)s” any more.", name=_name(new), option=before[key])
    for key in (each for each in after if each not in before):
        yield say("“%(name)s” has a new option, “%(option)s”.", name=_name(new), option=after[key])
    if before.keys() == after.keys():
        yield say("The options of “%(name)s” are worded or ordered otherwise.", name=_name(new))


_CHANGED: dict[str, Callable[[str, Any, Any], Iterator[Words]]] = {
    **dict.fromkeys(_FLAGS, _flag),
    "label": _label,
    "limit": _limit,
    "kind": _kind,
    "seen_by": _seen_by,
    "options": _options,
}
