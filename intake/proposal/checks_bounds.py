"""Checks of the amount asked for and of the duration, against the call's bounds or the rule's own."""

from __future__ import annotations

from intake.call.models import Rule
from intake.money import shown
from intake.proposal.answers import budgets
from intake.proposal.checks import FactKind, Found, Known, at, check, settings_of
from intake.proposal.models import Proposal
from intake.vocabulary import Limit, Words, say


def _asked(proposal: Proposal, known: Known) -> tuple[str, int | None]:
    """The question that asks for the amount, and the amount: a budget's total where the form asks for none itself."""
    of_budget = budgets(known.form)
    if of_budget:
        return of_budget[0].key, proposal.amount_minor
    if known.question("amount_minor") is None:
        return "amount_minor", proposal.amount_minor
    return "amount_minor", known.answers.get("amount_minor")


def _cap(proposal: Proposal, rule: Rule) -> int | None:
    own: int | None = settings_of(rule)["cap"]
    return proposal.call.max_award_minor if own is None else own


def _saw_amount(proposal: Proposal, rule: Rule, known: Known) -> Words:
    amount, cap, currency = _asked(proposal, known)[1], _cap(proposal, rule), proposal.call.currency
    if amount is None:
        return say("No amount is asked for.")
    if cap is None:
        return say("%(asked)s; the call has no cap.", asked=shown(amount, currency))
    return say("%(asked)s of at most %(cap)s.", asked=shown(amount, currency), cap=shown(cap, currency))


@check(
    "award-cap",
    say("Award cap"),
    say("The amount asked for is not above the cap of the call."),
    FactKind("cap", say("A cap of its own"), "money"),
    saw=_saw_amount,
)
def _award_cap(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    (key, asked), cap = _asked(proposal, known), _cap(proposal, rule)
    if cap is None or asked is None or asked <= cap:
        return []
    currency = proposal.call.currency
    words = say("%(asked)s is above the cap of %(cap)s.", asked=shown(asked, currency), cap=shown(cap, currency))
    return [at(known, key, words)]


def _bounds(proposal: Proposal, rule: Rule) -> tuple[int | None, int | None]:
    told = settings_of(rule)
    if told["least"] is None and told["most"] is None:
        return proposal.call.duration_least, proposal.call.duration_most
    return told["least"], told["most"]


def _months(known: Known) -> int | None:
    value = known.answers.get("duration_months")
    return int(value) if value is not None and str(value).isdecimal() else None


@check(
    "duration",
    say("Duration"),
    say("The duration lies between the shortest and the longest of the call."),
    FactKind("least", say("At least, in months"), "whole", least=1, most=Limit.DURATION_MONTHS),
    FactKind("most", say("At most, in months"), "whole", least=1, most=Limit.DURATION_MONTHS),
    saw=lambda proposal, rule, known: (
        say("No duration is given.") if _months(known) is None else say("%(months)s months.", months=_months(known))
    ),
)
def _duration(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    (least, most), months = _bounds(proposal, rule), _months(known)
    if least is None and most is None:
        return None
    if months is None or (least or 0) <= months <= (most or Limit.DURATION_MONTHS):
        return []
    return [at(known, "duration_months", funded(least, most))]


def funded(least: int | None, most: int | None) -> Words:
    """How long a call funds, in words; one of the bounds is there."""
    if least == most:
        return say("The call funds %(least)s months.", least=least)
    if least is None:
        return say("The call funds at most %(most)s months.", most=most)
    if most is None:
        return say("The call funds at least %(least)s months.", least=least)
    return say("The call funds %(least)s to %(most)s months.", least=least, most=most)
