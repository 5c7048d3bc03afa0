"""What each kind of conflict does in a call: the usual level of each rule, and what a call sets instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.vocabulary import ConflictLevel, ConflictRule, Words, say

USUAL: dict[ConflictRule, ConflictLevel] = {
    ConflictRule.TEAM: ConflictLevel.BLOCK,
    ConflictRule.DEPARTMENT: ConflictLevel.WARN,
    ConflictRule.LABORATORY: ConflictLevel.WARN,
    ConflictRule.SUPERVISION: ConflictLevel.BLOCK,
    ConflictRule.JOINT_WORK: ConflictLevel.WARN,
    ConflictRule.DECLARED: ConflictLevel.BLOCK,
    ConflictRule.OBJECTION: ConflictLevel.WARN,
    ConflictRule.DOMAIN: ConflictLevel.WARN,
    ConflictRule.EMPLOYMENT: ConflictLevel.BLOCK,
    ConflictRule.STANDS_IN: ConflictLevel.BLOCK,
}
FIXED = (ConflictRule.TEAM, ConflictRule.DECLARED, ConflictRule.STANDS_IN)
"""Always a block: nobody judges what they are on the team of, declared a conflict with, or handle as a stand-in."""
SETTABLE = tuple(rule for rule in ConflictRule if rule not in FIXED)

RULES: dict[ConflictRule, Words] = {
    ConflictRule.TEAM: say("On the team"),
    ConflictRule.DEPARTMENT: say("Same department"),
    ConflictRule.LABORATORY: say("Same laboratory"),
    ConflictRule.SUPERVISION: say("Supervisor or student"),
    ConflictRule.JOINT_WORK: say("Joint proposals or awards"),
    ConflictRule.DECLARED: say("Declared"),
    ConflictRule.OBJECTION: say("The applicants object"),
    ConflictRule.DOMAIN: say("Same organisation by e-mail address"),
    ConflictRule.EMPLOYMENT: say("Works or worked for the sponsor"),
    ConflictRule.STANDS_IN: say("Stands in for the office"),
}
LEVELS: dict[ConflictLevel, Words] = {
    ConflictLevel.BLOCK: say("Blocks"),
    ConflictLevel.WARN: say("Warns"),
    ConflictLevel.NOTE: say("Only noted"),
    ConflictLevel.OFF: say("Not looked for"),
}
_SOFTER = {ConflictLevel.BLOCK: ConflictLevel.WARN, ConflictLevel.WARN: ConflictLevel.NOTE}
WEIGHT = {level: place for place, level in enumerate(reversed(ConflictLevel))}
"""How much a level weighs: a block most."""


def levels_of(kept: Mapping[str, Any]) -> dict[ConflictRule, ConflictLevel]:
    """The level of every rule in a call that keeps ``kept`` (``call.conflict_levels``): the usual one where it says
    nothing, or nothing that is known here."""
    words = {level.value: level for level in ConflictLevel}
    set_here = {rule: words[str(kept[rule.value])] for rule in SETTABLE if str(kept.get(rule.value)) in words}
    return {**USUAL, **set_here}


def kept_of(levels: Mapping[ConflictRule, ConflictLevel]) -> dict[str, str]:
    """What a call keeps of these levels: those that are not usual."""
    return {rule.value: levels[rule].value for rule in SETTABLE if rule in levels and levels[rule] is not USUAL[rule]}


def softer(level: ConflictLevel) -> ConflictLevel:
    """The level of something past where the same is at ``level`` now: a block warns, a warning is only noted."""
    return _SOFTER.get(level, level)
