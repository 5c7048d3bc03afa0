"""What a proposal is asked and what it answers: its form, and its answers whether in columns of their own or not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from intake.call.forms import read as read_form
from intake.call.forms import standard_form
from intake.errors import Refused
from intake.form.budget import totals
from intake.form.definition import CORE, Form, Kind, Page, Question, Section, label_in
from intake.form.values import UNANSWERED, answered
from intake.proposal.models import Proposal
from intake.vocabulary import State, say

QUESTION = "question:"
"""Stands before the key of a single question in ``returned_parts``; without it the key is a section's."""


def form_of(proposal: Proposal) -> Form:
    """The form that the proposal answers: the version it was begun with, or the standard form.

    ``form`` and ``call`` with themes and rules must be loaded.
    """
    return standard_form(proposal.call) if proposal.form is None else read_form(proposal.form)


def answers_of(proposal: Proposal) -> dict[str, Any]:
    """Every answer by the key of its question: those in ``answers``, and the core ones from their columns. One that was
    not given is not there."""
    core = {key: _from_column(key, getattr(proposal, key)) for key in CORE}
    given = {key: value for key, value in core.items() if value not in ("", None) and value is not False}
    return proposal.answers | given


def _from_column(key: str, value: Any) -> Any:
    return str(value) if CORE[key] is Kind.NUMBER and value is not None else value


def put(proposal: Proposal, form: Form, answers: Mapping[str, Any]) -> None:
    """Keep ``answers`` (UNANSWERED takes one away, as does a tick taken away), each where it belongs. Where a form asks
    for a budget and for no amount, the amount asked for is the budget's total."""
    others = dict(proposal.answers)
    for key, value in answers.items():
        if key in CORE:
            setattr(proposal, key, _to_column(key, value))
        elif not answered(form.question(key), value):
            others.pop(key, None)
        else:
            others[key] = value
    if others != proposal.answers:
        proposal.answers = others
    for question in budgets(form):
        proposal.amount_minor = totals(question, others.get(question.key)).total or None


def _to_column(key: str, value: Any) -> Any:
    none = value is UNANSWERED or value is None
    match CORE[key]:
        case Kind.NUMBER:
            return None if none else int(Decimal(value))
        case Kind.MONEY | Kind.THEME:
            return None if none else value
        case Kind.DECLARATION:
            return value is True
    return "" if none else value


def budgets(form: Form) -> list[Question]:
    """The budget whose total is the amount asked for: the form's first, where it does not ask for an amount itself."""
    questions = form.questions
    if any(each.key == "amount_minor" for each in questions):
        return []
    return [each for each in questions if each.kind is Kind.BUDGET][:1]


def asked_sections(form: Form) -> list[Section]:
    """The sections that ask something, and those of the team and of files: one without questions is nobody's work."""
    return [each for each in form.sections if each.page is not Page.QUESTIONS or each.questions]


def part_of(section: Section) -> str:
    """The name of a section in addresses and in what a return lets change."""
    return {Page.TEAM: "team", Page.FILES: "attachments"}.get(section.page, section.key)


def section_of(form: Form, part: str) -> Section | None:
    """The section of that name, or None."""
    return next((section for section in asked_sections(form) if part_of(section) == part), None)


def may_change(proposal: Proposal, section: Section, question: Question | None = None) -> bool:
    """Whether a section, or one question of it, may change as far as a return for revision goes."""
    if proposal.state is not State.RETURNED or part_of(section) in proposal.returned_parts:
        return True
    if question is not None:
        return QUESTION + question.key in proposal.returned_parts
    return any(QUESTION + each.key in proposal.returned_parts for each in section.questions)


def demand_change(proposal: Proposal, section: Section, question: Question | None = None) -> None:
    """Go on only if the section, or one question of it, may change. Raises Refused with its name."""
    if not may_change(proposal, section, question):
        label = label_in((question or section).label, "en")
        raise Refused(say("The office returned the proposal for other parts; “%(part)s” stays as it is.", part=label))


def changeable(proposal: Proposal) -> dict[str, str]:
    """What a return for revision may let change, each with its label: every section, and behind it its questions."""
    found: dict[str, str] = {}
    for section in asked_sections(form_of(proposal)):
        label = label_in(section.label, "en")
        found[part_of(section)] = label
        if len(section.questions) > 1:
            found |= {QUESTION + each.key: f"{label}: {label_in(each.label, 'en')}" for each in section.questions}
    return found


def part_asking(proposal: Proposal, key: str) -> str:
    """The name of the section that asks a question, or nothing where the form does not ask it."""
    sections = form_of(proposal).sections
    return next((part_of(section) for section in sections for each in section.questions if each.key == key), "")
