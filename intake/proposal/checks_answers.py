"""Checks of single answers: what must be declared, what lies between bounds, what is one of several.

Rules made of these are data: they need no code of their own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from intake.call.models import Rule
from intake.form.definition import Kind, Question, label_in
from intake.money import MINOR_PER_UNIT
from intake.proposal.checks import FactKind, Found, Known, at, check, settings_of
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say

QUESTION = FactKind("question", say("Question of the form"), "question", default="")
_BOUND = 1_000_000_000_000


def label_of(known: Known, key: str) -> Words:
    """What a question is called, or its key where the form does not have it."""
    question = known.question(key)
    return Words(label_in(question.label, "en") if question else key)


def undeclared(known: Known, key: str, reason: Words) -> list[Found] | None:
    """What is found where a declaration must be made. None where the form does not ask for it: then people judge; one
    that does not apply to this proposal is not asked."""
    if known.question(key) is None:
        return None
    if key not in known.answers or known.answers[key] is True:
        return []
    return [at(known, key, reason)]


@check(
    "not-for-students",
    say("Own work"),
    say("The applicant declares not to apply on behalf of somebody who may not apply."),
)
def _own_work(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    reason = say("Confirm that you do not apply on behalf of somebody who may not apply.")
    return undeclared(known, "own_work", reason)


@check(
    "declared",
    say("A required declaration"),
    say("The declaration of the form that is named here is ticked."),
    QUESTION,
)
def _declared(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    key = settings_of(rule)["question"]
    question = known.question(key)
    if question is None or question.kind not in (Kind.DECLARATION, Kind.YES_NO):
        return None
    if question.kind is Kind.YES_NO and key not in known.answers:
        return []  # the form says itself where a required answer is missing
    return undeclared(known, key, say("This must be confirmed: %(question)s", question=label_of(known, key)))


@check(
    "answer-between",
    say("An answer between bounds"),
    say(
        "The number, the amount (in whole units of the currency) or the count of rows or choices that answers the "
        "question lies between the bounds; either may be empty."
    ),
    QUESTION,
    FactKind("least", say("At least"), "whole", least=-_BOUND, most=_BOUND),
    FactKind("most", say("At most"), "whole", least=-_BOUND, most=_BOUND),
    saw=lambda proposal, rule, known: _saw_amount(rule, known),
)
def _between(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    told = settings_of(rule)
    question, least, most = known.question(told["question"]), told["least"], told["most"]
    if question is None or question.kind not in _MEASURED or (least is None and most is None):
        return None
    amount = _amount(question, known.answers.get(question.key))
    if amount is None:
        return []
    name = label_of(known, question.key)
    if least is not None and amount < least:
        return [at(known, question.key, say("%(question)s: at least %(least)s.", question=name, least=f"{least:,}"))]
    if most is not None and amount > most:
        return [at(known, question.key, say("%(question)s: at most %(most)s.", question=name, most=f"{most:,}"))]
    return []


_MEASURED = (Kind.NUMBER, Kind.MONEY, Kind.PEOPLE, Kind.MILESTONES, Kind.CHOICES)


def _amount(question: Question, value: Any) -> Decimal | None:
    """How much an answer is; None where there is none."""
    if value is None:
        return None
    if question.kind in (Kind.PEOPLE, Kind.MILESTONES, Kind.CHOICES):
        return Decimal(len(value))
    return Decimal(value) / (MINOR_PER_UNIT if question.kind is Kind.MONEY else 1)


def _saw_amount(rule: Rule, known: Known) -> Words:
    question = known.question(settings_of(rule)["question"])
    amount = _amount(question, known.answers.get(question.key)) if question and question.kind in _MEASURED else None
    if question is None or amount is None:
        return say("It is not answered.")
    return say("%(question)s: %(amount)s.", question=label_of(known, question.key), amount=f"{amount:,f}")


@check(
    "answer-among",
    say("An answer among options"),
    say("The option chosen, or every one of them, is among those named here by their keys."),
    QUESTION,
    FactKind("options", say("Options that are allowed, by key"), "words", default=[]),
)
def _among(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    told = settings_of(rule)
    question, allowed = known.question(told["question"]), told["options"]
    if question is None or question.kind not in (Kind.CHOICE, Kind.CHOICES) or not allowed:
        return None
    value = known.answers.get(question.key)
    chosen = value if isinstance(value, list) else [value] if value else []
    if all(each in allowed for each in chosen):
        return []
    names = [Words(label_in(each.label, "en")) for each in question.options if each.key in allowed]
    name = label_of(known, question.key)
    return [at(known, question.key, say("%(question)s: only %(names)s.", question=name, names=names))]
