"""The parts of a setup as text, line by line, for reading two of them beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext

from intake import money
from intake.call.letters import LETTERS
from intake.form.definition import BadForm, parse
from intake.proposal.checks import FactKind
from intake.proposal.rulebook import CATALOGUE
from intake.views.coordinator.form_builder_words import UNITS, badges, kind_of, rule_words
from intake.views.display import tr
from intake.vocabulary import ReadsOthers, RuleLevel

CHANGED, SAME = "changed", ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both texts: ``ours`` or ``theirs`` is None where only the other has it."""

    ours: str | None
    theirs: str | None
    mark: str = SAME


def beside(ours: list[str], theirs: list[str]) -> list[Line]:
    """The two texts, line by line, with what differs marked."""
    made: list[Line] = []
    for what, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        left, right = ours[a:b], theirs[c:d]
        for place in range(max(len(left), len(right))):
            one = left[place] if place < len(left) else None
            other = right[place] if place < len(right) else None
            made.append(Line(one, other, SAME if what == "equal" else CHANGED))
    return made


def as_text(part: str, value: Any) -> list[str]:
    """The part of a setup, as people read it."""
    return list(_TEXT[part](value))


def _form(definition: Mapping[str, Any] | None) -> Iterator[str]:
    if definition is None:
        yield gettext("The standard form")
        return
    try:
        form = parse(definition)
    except BadForm as error:
        yield tr(error.reason)
        return
    for section in form.sections:
        yield "— " + (section.label.en or section.label.zh)
        for question in section.questions:
            said = [kind_of(question), gettext("required") if question.required else gettext("optional")]
            if question.limit:
                said.append(gettext("at most %(limit)s %(unit)s", limit=question.limit, unit=UNITS[question.unit]))
            said += [words for _desk, words in badges(question)]
            yield f"{question.label.en or question.label.zh} ({', '.join(said)})"
            if rule := rule_words(question.show_if, form, ""):
                yield "   " + gettext("Asked only if %(rule)s", rule=rule)
            yield from (f"   · {option.label.en or option.label.zh}" for option in question.options)


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    if not rules:
        yield gettext("No rules")
    for rule in rules:
        yield f"{rule['code']}: {rule['text']}"
        if rule["source"]:
            yield "   " + gettext("Source: %(source)s", source=rule["source"])
        kind = CATALOGUE.get(rule["check_name"] or rule["code"])
        level = gettext("warns") if rule["level"] == RuleLevel.WARN.value else gettext("stops")
        yield "   " + (f"{tr(kind.label)}, {level}" if kind and kind.test else gettext("judged by the office"))
        known = {fact.name: fact for fact in kind.facts} if kind else {}
        yield from (f"   {_fact(known.get(name), name, value)}" for name, value in sorted(rule["facts"].items()))


def _fact(fact: FactKind | None, name: str, value: Any) -> str:
    """One setting of a check, named as the page of the rule names it."""
    options = dict(fact.options) if fact else {}
    values = value if isinstance(value, list) else [value]
    said = [tr(options[each]) if each in options else str(each) for each in values]
    if fact and fact.kind == "money" and isinstance(value, int):
        said = [money.shown(value, "").strip()]
    return f"{tr(fact.label) if fact else name}: {', '.join(said)}"


def _rubric(criteria: list[dict[str, Any]]) -> Iterator[str]:
    if not criteria:
        yield gettext("No criteria")
    for each in criteria:
        yield f"{each['name']}, {each['weight']} %, {each['least']}–{each['most']}"
        if each["question"]:
            yield "   " + each["question"]
        yield from (f"   {value}  {each['anchors'][value]}" for value in sorted(each["anchors"], key=int))


def _phases(phases: Mapping[str, Any]) -> Iterator[str]:
    yes = lambda name: gettext("yes") if phases[name] else gettext("no")  # noqa: E731
    yield gettext("A panel judges: %(yes)s", yes=yes("panel"))
    yield gettext("Reviews needed: %(number)s", number=phases["reviews_needed"])
    after = phases["reads_others"] == ReadsOthers.AFTER_OWN.value
    yield gettext(
        "A reviewer reads the other reviews: %(when)s", when=gettext("after their own") if after else gettext("never")
    )
    yield gettext("Reviewers see who applies: %(yes)s", yes=yes("applicants_named"))
    yield gettext("Reviewers see who else reviews: %(yes)s", yes=yes("reviewers_named"))
    yield gettext("The sponsor decides: %(yes)s", yes=yes("sponsor_decides"))


def _letters(letters: Mapping[str, str]) -> Iterator[str]:
    if not letters:
        yield gettext("The standard letters")
    for kind, words in LETTERS.items():
        if text := letters.get(kind):
            yield tr(words) + ":"
            yield from (f"   {line}" for line in text.splitlines())


_TEXT: dict[str, Callable[[Any], Iterator[str]]] = {
    "form": _form,
    "rules": _rules,
    "rubric": _rubric,
    "phases": _phases,
    "letters": _letters,
}
