"""What the form of a proposal still wants: answers that are missing or do not fit, in the form's order, and files that
are not clean."""

from __future__ import annotations

from intake.form.budget import totals
from intake.form.definition import Form, Kind
from intake.form.faults import faults
from intake.money import shown
from intake.proposal.answers import answers_of, form_of, part_of
from intake.proposal.attaching import file_faults
from intake.proposal.models import Proposal
from intake.proposal.telling import files_of
from intake.vocabulary import Words, say


def missing(proposal: Proposal) -> list[tuple[str, str, Words]]:
    """Part, field and reason of every answer that stands in the way of submitting.

    ``call`` with themes and rules, ``form`` and ``attachments`` must be loaded.
    """
    form = form_of(proposal)
    themes = {theme.id for theme in proposal.call.themes if theme.retired_at is None} | {proposal.theme_id or 0}
    found = faults(form, answers_of(proposal), files=files_of(proposal), themes=themes - {0})
    parts = {section.key: part_of(section) for section in form.sections}
    rows = [(parts[each.section], each.question, each.reason) for each in found]
    return [*rows, *_duration(proposal, form), *_budget(proposal, form), *file_faults(proposal)]


def _duration(proposal: Proposal, form: Form) -> list[tuple[str, str, Words]]:
    """The months that the call funds, where the form asks for months."""
    least, most, months = proposal.call.duration_least, proposal.call.duration_most, proposal.duration_months
    if months is None or least is None or most is None or least <= months <= most:
        return []
    where = _where(form, "duration_months")
    reason = say("The call funds %(least)s to %(most)s months.", least=least, most=most)
    if least == most:
        reason = say("The call funds %(least)s months.", least=least)
    return [(where, "duration_months", reason)] if where else []


def _budget(proposal: Proposal, form: Form) -> list[tuple[str, str, Words]]:
    """Where a form asks for an amount and for a budget, the budget adds up to the amount."""
    where = _where(form, "amount_minor")
    budget = next((each for each in form.questions if each.kind is Kind.BUDGET), None)
    answer = proposal.answers.get(budget.key) if budget else None
    if not where or budget is None or answer is None or proposal.amount_minor is None:
        return []
    total, currency = totals(budget, answer).total, proposal.call.currency
    if total == proposal.amount_minor:
        return []
    asked = shown(proposal.amount_minor, currency)
    reason = say("The budget adds up to %(total)s, you ask for %(asked)s.", total=shown(total, currency), asked=asked)
    return [(part_of(form.section_of(budget.key)), budget.key, reason)]


def _where(form: Form, key: str) -> str:
    """The part that asks a question, or nothing."""
    return next((part_of(section) for section in form.sections for each in section.questions if each.key == key), "")
