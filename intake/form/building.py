"""Building a form: each act makes a new form of one, or refuses with BadForm and leaves it as it was.

A new question is for the office only until somebody says otherwise. The key of a question never changes: its answers
hang on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from intake.form.canonical import as_data
from intake.form.facts import FACTS
from intake.form.keys import key_for, with_keys
from intake.form.kinds import ALWAYS, NAMES_OF_PAGES, Kind, Page
from intake.form.parsing import parse
from intake.form.shape import BadForm, Form, Label, Question, Section, label_in
from intake.vocabulary import say

_ANSWERS = [{"label": {"en": "First answer", "zh": "選項一"}}, {"label": {"en": "Second answer", "zh": "選項二"}}]
_CATEGORIES = [
    {"label": {"en": "Staff", "zh": "人員"}},
    {"label": {"en": "Equipment", "zh": "設備"}},
    {"label": {"en": "Other costs", "zh": "其他費用"}},
]
STARTING: dict[Kind, dict[str, Any]] = {
    Kind.CHOICE: {"options": _ANSWERS},
    Kind.CHOICES: {"options": _ANSWERS},
    Kind.BUDGET: {"budget": {"categories": _CATEGORIES}},
}
"""What a question of a kind begins with where the kind needs something."""


def add_section(form: Form, label: Label, *, page: Page = Page.QUESTIONS, position: int | None = None) -> Form:
    """A new section, at the end unless ``position`` (from 0) is told."""
    sections = list(form.sections)
    section = Section(key_for(label.en, {*_keys(form), *NAMES_OF_PAGES}, "section"), label, page=page)
    sections.insert(len(sections) if position is None else max(position, 0), section)
    return _checked(sections)


def rename_section(form: Form, key: str, label: Label, help: Label | None = None) -> Form:
    """Another label, and another help where one is told."""
    section = _section(form, key)
    named = replace(section, label=label, help=section.help if help is None else help)
    return _checked(named if each is section else each for each in form.sections)


def move_section(form: Form, key: str, position: int) -> Form:
    """The section at another place, counted from 0."""
    section = _section(form, key)
    sections = [each for each in form.sections if each is not section]
    sections.insert(max(position, 0), section)
    return _checked(sections)


def remove_section(form: Form, key: str) -> Form:
    """Without the section and its questions, unless a form needs one of them or another question depends on one."""
    section = _section(form, key)
    _removable(form, section.questions)
    return _checked(each for each in form.sections if each is not section)


def add_question(
    form: Form,
    section: str,
    kind: Kind,
    label: Label,
    *,
    key: str | None = None,
    position: int | None = None,
    taken: Collection[str] = (),
    **facts: Any,
) -> Form:
    """A new question in a section, at its end unless ``position`` is told. Its key is made of the label unless told (of
    a core question it must be); ``taken`` are keys that earlier versions used. ``facts`` as for ``change_question``."""
    if key is None:
        own = "theme_id" if kind is Kind.THEME else None
        key = own or key_for(label.en, {*_keys(form), *taken}, "question")
    question = with_keys({"key": key, "kind": kind.value, "label": _label(label), **STARTING.get(kind, {}), **facts})
    content = as_data(form)
    questions = _in(content, section).setdefault("questions", [])
    questions.insert(len(questions) if position is None else max(position, 0), question)
    return parse(content)


def change_question(form: Form, key: str, **facts: Any) -> Form:
    """Other facts of a question, named and written as in the definition; None takes one back to what holds anyway. An
    option or a category without a key gets one. A change of the kind drops the settings that the new kind lacks."""
    section = _home(form, key)
    content = as_data(form)
    question = next(each for each in _in(content, section.key)["questions"] if each["key"] == key)
    kind = str(facts.get("kind", question["kind"]))
    if kind != question["kind"] and kind in Kind.__members__.values():
        foreign = {name for names in FACTS.values() for name in names} - set(FACTS[Kind(kind)])
        for name in foreign:
            question.pop(name, None)
        facts = {**STARTING.get(Kind(kind), {}), **facts}
    question.update({name: _label(value) if isinstance(value, Label) else value for name, value in facts.items()})
    question.update(with_keys(question))
    return parse(content)


def move_question(form: Form, key: str, section: str, position: int) -> Form:
    """The question at another place, counted from 0, of that section. It stays behind what decides whether it is
    asked."""
    home, _ = _home(form, key), _section(form, section)
    question = next(each for each in home.questions if each.key == key)
    sections = []
    for each in form.sections:
        left = [one for one in each.questions if one is not question]
        if each.key == section:
            left.insert(max(position, 0), question)
        sections.append(replace(each, questions=tuple(left)))
    return _checked(sections)


def remove_question(form: Form, key: str) -> Form:
    """Without the question, unless every form has it or another question depends on it."""
    section = _home(form, key)
    _removable(form, [each for each in section.questions if each.key == key])
    left = replace(section, questions=tuple(each for each in section.questions if each.key != key))
    return _checked(left if each is section else each for each in form.sections)


def _removable(form: Form, questions: Iterable[Question]) -> None:
    """Raises BadForm, with what must be done before, for a question that must stay."""
    going = {each.key: each for each in questions}
    for key in ALWAYS:
        if key in going:
            raise BadForm(key, say("Every form asks for the title and the abstract, so “%(key)s” stays.", key=key))
    for other in form.questions:
        for condition in other.show_if.conditions if other.show_if and other.key not in going else ():
            if condition.question in going:
                raise BadForm(
                    condition.question,
                    say(
                        "Whether “%(other)s” is asked depends on “%(this)s”. Change that first.",
                        other=label_in(other.label, "en"),
                        this=label_in(going[condition.question].label, "en"),
                    ),
                )


def _checked(sections: Iterable[Section]) -> Form:
    form = Form(tuple(sections))
    _in_order(form)
    return parse(as_data(form))


def _in_order(form: Form) -> None:
    """Raises BadForm, with the labels of both, for a question before one that decides whether it is asked."""
    before: set[str] = set()
    for other in form.questions:
        for condition in other.show_if.conditions if other.show_if else ():
            if condition.question not in before:
                raise BadForm(
                    other.key,
                    say(
                        "Whether “%(other)s” is asked depends on “%(this)s”, which must come before it.",
                        other=label_in(other.label, "en"),
                        this=label_in(form.question(condition.question).label, "en"),
                    ),
                )
        before.add(other.key)


def _keys(form: Form) -> set[str]:
    """Every key in use. Sections and questions share none that is made here, as both name what may be revised."""
    return {each.key for each in form.sections} | {each.key for each in form.questions}


def _section(form: Form, key: str) -> Section:
    try:
        return form.section(key)
    except KeyError:
        raise BadForm(key, say("There is no section “%(key)s”.", key=key)) from None


def _home(form: Form, key: str) -> Section:
    try:
        return form.section_of(key)
    except KeyError:
        raise BadForm(key, say("There is no question “%(key)s”.", key=key)) from None


def _in(content: dict[str, Any], section: str) -> dict[str, Any]:
    """The section's part of a definition."""
    for each in content["sections"]:
        if each["key"] == section:
            found: dict[str, Any] = each
            return found
    raise BadForm(section, say("There is no section “%(key)s”.", key=section))


def _label(label: Label) -> dict[str, str]:
    return {"en": label.en, "zh": label.zh}
