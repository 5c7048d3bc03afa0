"""What a rule of a call can be checked by: kinds of checks, each with its words and its settings.

A rule's ``check_name`` (where it is empty its ``code``) names the check, and ``facts`` are its settings. The checks
themselves stand in the modules ``checks_...`` beside this one; later rooms register theirs with ``check``. A rule whose
check is not in the catalogue, or has no test, is for the office to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from intake.call.models import Rule
from intake.form.definition import Form, Question
from intake.proposal.answers import part_of
from intake.proposal.models import Proposal
from intake.vocabulary import Limit, Words, say

WORDS_AT_MOST, WORD_AT_MOST = 100, 100
"""How many words a setting lists, and how long each is."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

FactType = Literal["whole", "words", "choices", "question", "money"]


@dataclass(frozen=True, slots=True)
class FactKind:
    """One setting of a check. ``default`` stands where it is missing or damaged.

    ``whole``: a number from ``least`` to ``most``; ``money``: minor units of the call's currency; ``words``: a list of
    texts; ``choices``: keys of ``options``, at least one; ``question``: the key of a question of the form.
    """

    name: str
    label: Words
    kind: FactType
    options: tuple[tuple[str, Words], ...] = ()
    least: int = 0
    most: int = 1_000
    default: Any = None

    def kept(self, value: Any) -> Any:
        """``value`` as a setting of this kind, or the default for what is none."""
        found = _KEPT[self.kind](self, value)
        return self.default if found is None else found


def _whole(fact: FactKind, value: Any) -> int | None:
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    return number if number is not None and fact.least <= number <= fact.most else None


def _money(fact: FactKind, value: Any) -> int | None:
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    return number if number is not None and 0 < number <= Limit.MONEY_MINOR else None


def _words(fact: FactKind, value: Any) -> list[str] | None:
    """An empty list is a setting too: nothing is listed."""
    if not isinstance(value, list):
        return None
    texts = [each.strip() for each in value if isinstance(each, str)]
    return [each for each in texts if 0 < len(each) <= WORD_AT_MOST][:WORDS_AT_MOST]


def _choices(fact: FactKind, value: Any) -> list[str] | None:
    chosen = value if isinstance(value, list) else []
    return [key for key, _ in fact.options if key in chosen] or None


def _question(fact: FactKind, value: Any) -> str | None:
    return value if isinstance(value, str) and _KEY.fullmatch(value) else None


_KEPT: dict[FactType, Callable[[FactKind, Any], Any]] = {
    "whole": _whole,
    "money": _money,
    "words": _words,
    "choices": _choices,
    "question": _question,
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that the rules of a call need to know of one proposal: its form, the answers that count, and what the
    database says beyond the proposal, by the name of the source (see ``known.SOURCES``)."""

    form: Form
    answers: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def count(self, source: str) -> int:
        """A number that a source told; 0 where it was not asked."""
        return int(self.facts.get(source) or 0)

    def question(self, key: str) -> Question | None:
        """The question of that key, where the form has it."""
        return next((each for each in self.form.questions if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a rule is not met and why. ``warns``: it only warns, whatever the level of the rule."""

    part: str
    field: str
    reason: Words
    warns: bool = False


def at(known: Known, key: str, reason: Words, *, warns: bool = False) -> Found:
    """What was found at the answer to a question of the form; at the beginning of a form that does not ask it."""
    asked = known.question(key) is not None
    section = known.form.section_of(key) if asked else known.form.sections[0]
    return Found(part_of(section), key, reason, warns)


Test = Callable[[Proposal, Rule, Known], "list[Found] | None"]
"""None: this proposal cannot be judged by it, so the office judges."""
Saw = Callable[[Proposal, Rule, Known], Words]


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A way to check a rule. ``asks`` names the sources that it reads; ``saw`` tells the office what it looked at."""

    name: str
    label: Words
    explains: Words
    facts: tuple[FactKind, ...] = ()
    test: Test | None = None
    asks: tuple[str, ...] = ()
    saw: Saw | None = None

    def settings(self, rule: Rule) -> dict[str, Any]:
        """The rule's settings by name, defaults in the place of what is missing or damaged."""
        facts: Any = rule.facts  # JSON, which could hold anything
        told = facts if isinstance(facts, Mapping) else {}
        return {fact.name: fact.kept(told.get(fact.name)) for fact in self.facts}


CATALOGUE: dict[str, CheckKind] = {}
"""Every check by its name, in the order in which an office is offered them."""


def check(
    name: str,
    label: Words,
    explains: Words,
    *facts: FactKind,
    asks: tuple[str, ...] = (),
    saw: Saw | None = None,
) -> Callable[[Test], Test]:
    """Register the function below it as the test of a check."""

    def register(test: Test) -> Test:
        CATALOGUE[name] = CheckKind(name, label, explains, facts, test, asks, saw)
        return test

    return register


def check_of(rule: Rule) -> CheckKind | None:
    """The check of a rule, or None where the office judges."""
    kind = CATALOGUE.get(rule.check_name or rule.code)
    return kind if kind is not None and kind.test is not None else None


def settings_of(rule: Rule) -> dict[str, Any]:
    """The settings of a rule whose check is in the catalogue."""
    return CATALOGUE[rule.check_name or rule.code].settings(rule)


CATALOGUE["judge"] = CheckKind(
    "judge",
    say("For the office to judge"),
    say("Nothing is checked by itself: a coordinator judges it at screening."),
)
