"""The rules of a call: written, ordered, taken away unless a proposal was judged by them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from intake.call.arranging import enter, held, note, release
from intake.call.models import Call, Rule
from intake.call.queries import CODE
from intake.call.setup import OF_RULE, row
from intake.errors import Incomplete
from intake.extensions import db
from intake.policy import Actor
from intake.vocabulary import Limit, RuleLevel, Words, say

MOST_RULES = 100
_NO_CODE = re.compile(r"[^a-z0-9]+")
WORDS_OF_A_CODE = 4
JUDGED = "judge"
"""The check of a rule that the office judges itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as the office writes it. ``facts`` are what its check asks for, read by whoever knows the checks."""

    text: str
    source: str = ""
    level: RuleLevel = RuleLevel.STOP
    check_name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def add_rule(call: Call, written: Written, *, version: int, by: Actor) -> Rule:
    """Put one more rule at the end.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete. Returns: the rule.
    """
    enter(call, version, by=by)
    _demand_text(written)
    if len(call.rules) >= MOST_RULES:
        raise Incomplete(say("At most %(most)s rules.", most=MOST_RULES))
    before = rows_of(call)
    rule = Rule(call_id=call.id, code=_new_code(call, written), position=len(call.rules))
    _write(rule, written)
    call.rules.append(rule)
    _note(call, before, by=by)
    return rule


def change_rule(call: Call, code: str, written: Written, *, version: int, by: Actor) -> None:
    """Change a rule; its code stays, so that proposals judged by it keep their reason.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete.
    """
    enter(call, version, by=by)
    _demand_text(written)
    before = rows_of(call)
    _write(_one(call, code), written)
    _note(call, before, by=by)


def move_rule(call: Call, code: str, by_places: int, *, version: int, by: Actor) -> None:
    """Put a rule ``by_places`` further down (up, where negative), at most to an end.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete.
    """
    enter(call, version, by=by)
    before, rule = rows_of(call), _one(call, code)
    place = call.rules.index(rule)
    call.rules.insert(max(0, min(place + by_places, len(call.rules) - 1)), call.rules.pop(place))
    _note(call, before, by=by)


def remove_rule(call: Call, code: str, *, version: int, by: Actor) -> None:
    """Take a rule away.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete where proposals were
    judged by it.
    """
    enter(call, version, by=by)
    before, rule = rows_of(call), _one(call, code)
    release(call, "rule", what=code)
    call.rules.remove(rule)
    db.session.delete(rule)
    _note(call, before, by=by)


def set_rules(call: Call, rows: Sequence[dict[str, Any]]) -> None:
    """Make the rules what ``rows`` of a setup say, in their order, each with its code; one that proposals were judged
    by and that they do not name stays, at the end. Nothing is noted: whoever sets several parts notes them together."""
    known = {rule.code: rule for rule in call.rules}
    named = {each["code"] for each in rows}
    stay = [rule for rule in call.rules if rule.code not in named and held(call, "rule", rule.code)]
    for rule in [each for each in call.rules if each.code not in named and each not in stay]:
        call.rules.remove(rule)
        db.session.delete(rule)
    db.session.flush()
    wanted = []
    for each in rows:
        rule = known.get(each["code"]) or Rule(call_id=call.id, code=each["code"])
        _write(rule, Written(**{name: value for name, value in each.items() if name != "code"}))
        wanted.append(rule)
    call.rules[:] = [*wanted, *stay]
    _number(call)


def rows_of(call: Call) -> list[dict[str, Any]]:
    """The rules as a setup has them."""
    return [row(each, OF_RULE) for each in call.rules]


def _write(rule: Rule, written: Written) -> None:
    rule.text, rule.source, rule.level = written.text, written.source, RuleLevel(written.level)
    rule.check_name, rule.facts = written.check_name, dict(written.facts)


def _note(call: Call, before: list[dict[str, Any]], *, by: Actor) -> None:
    _number(call)
    if (after := rows_of(call)) != before:
        note(call, {"rules": [before, after]}, by=by)


def _number(call: Call) -> None:
    for position, rule in enumerate(call.rules):
        rule.position = position


def _one(call: Call, code: str) -> Rule:
    for rule in call.rules:
        if rule.code == code:
            return rule
    raise Incomplete(say("Somebody took this rule away meanwhile."))


def _demand_text(written: Written) -> None:
    wrong: dict[str, Words] = {}
    if not written.text.strip():
        wrong["text"] = say("Say what the rule asks for.")
    if wrong:
        raise Incomplete(say("The rule was not saved."), wrong)


def _new_code(call: Call, written: Written) -> str:
    """The check's own name, or the first words of the text, with a number where the call has that already."""
    first = written.check_name if written.check_name != JUDGED and CODE.fullmatch(written.check_name) else ""
    words = first or "-".join(_NO_CODE.sub(" ", written.text.lower()).split()[:WORDS_OF_A_CODE]) or "rule"
    base, taken = words[: Limit.CODE - 4], {"new", *(rule.code for rule in call.rules)}
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
