"""Answers that hold in the call that they were given in and not in another: an amount is in its call's currency, and a
duration may lie beyond what another call funds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from intake.call.models import Call
from intake.form.budget import totals
from intake.form.carrying import Carried, field_map
from intake.form.definition import Form, Kind, Question
from intake.form.showing import counting
from intake.form.values import UNANSWERED
from intake.money import shown
from intake.policy import Actor, may
from intake.proposal.answers import answers_of, form_of
from intake.proposal.checks_bounds import funded
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.vocabulary import Action, Words, say


def to_give_anew(
    source: Proposal, call: Call, forms: tuple[Form, Form], mapping: Iterable[Carried]
) -> dict[str, tuple[str, Words]]:
    """The answers of ``source`` that ``call`` cannot take as they are, by the key of the question there: the key of the
    question they answer, and what it was with what the call asks for. ``forms`` are the earlier one and the call's;
    both have ``call`` loaded."""
    old, new = ({each.key: each for each in form.questions} for form in forms)
    given = counting(forms[0], answers_of(source))
    found = {}
    for pair in mapping:
        value = given.get(pair.source_key or "", UNANSWERED)
        if pair.source_key and value is not UNANSWERED:
            words = _of_money(old[pair.source_key], value, source.call, call) or _of_months(
                new[pair.target_key], value, call
            )
            if words:
                found[pair.target_key] = (pair.source_key, words)
    return found


def _of_money(question: Question, value: Any, one: Call, other: Call) -> Words | None:
    """What an amount was in the one call, where the other is in another currency."""
    if question.kind not in (Kind.MONEY, Kind.BUDGET) or one.currency is other.currency:
        return None
    minor = value if question.kind is Kind.MONEY else totals(question, value).total
    return say(
        "It was %(was)s, and this call is in %(currency)s: give the amount in %(currency)s.",
        was=shown(minor, one.currency),
        currency=other.currency.value,
    )


def _of_months(question: Question, value: Any, call: Call) -> Words | None:
    """What a duration was, where the call does not fund so much or so little."""
    least, most = call.duration_least, call.duration_most
    if question.key != "duration_months" or (least is None and most is None):
        return None
    months = Decimal(str(value))  # the earlier form may have asked for parts of a month
    if (least is None or months >= least) and (most is None or months <= most):
        return None
    return say("It was %(months)s months. %(funded)s", months=months, funded=funded(least, most))


def still_to_give(draft: Proposal, actor: Actor) -> dict[str, Words]:
    """What to tell beside the questions of a draft that began from an earlier proposal: what those answers were that
    this call cannot take as they are, by key, while the question is unanswered. Nothing for who may not read the
    earlier one, or once it is submitted. ``draft`` whole. Statements: none, or 9 where it began from another."""
    if draft.carried_from_id is None or draft.submitted_at is not None:
        return {}
    source = whole(draft.carried_from_id)
    if source is None or not may(actor, Action.PROPOSAL_VIEW_AS_TEAM, source):
        return {}
    old, new = form_of(source), form_of(draft)
    given = answers_of(draft)
    found = to_give_anew(source, draft.call, (old, new), field_map(old, new))
    return {key: words for key, (_, words) in found.items() if given.get(key) is None}
