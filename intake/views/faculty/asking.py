"""One section of a form as its page shows it: each question with its words, its inputs, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from intake.call.forms import DECLARED
from intake.form.budget import Totals, totals
from intake.form.definition import CORE, MOST_ROWS, Kind, Question, Section, label_in, storage_limit
from intake.form.inputs import PARTS, Inputs, Sent, inputs, rows_of, typed_back
from intake.form.kinds import ROWS
from intake.form.reading import Read, read
from intake.form.showing import deciders, shown
from intake.form.texts import Reader
from intake.form.values import UNANSWERED, standing
from intake.money import shown as money_shown
from intake.policy import Actor, may
from intake.proposal.answers import answers_of, form_of, may_change
from intake.proposal.checks_text import pages
from intake.proposal.models import Proposal
from intake.proposal.rulebook import Fault
from intake.views.display import tr
from intake.views.language import language
from intake.vocabulary import Action, Words, say

BLANK_ROWS = 1
"""Empty rows below those that are filled, where the page asks for no more."""
FIRST_ROWS = {Kind.BUDGET: 3, Kind.MILESTONES: 3}
LONG_TEXT_ROWS = {"abstract": 12, "description": 24}
FEW_OPTIONS = 6
"""So many options stand open beside each other; more drop down."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on its page. ``texts`` are what stands in its inputs, ``rows`` the numbers of its rows, ``cells``
    what is wrong in single inputs of them. ``open`` says that it may change now, ``shown`` that it is asked at all, and
    ``decides`` that others depend on its answer."""

    question: Question
    label: str
    help: str
    texts: Inputs
    shown: bool
    open: bool
    decides: bool
    options: Sequence[tuple[str, str]] = ()
    rows: Sequence[int] = ()
    error: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    value: Any = UNANSWERED

    @property
    def key(self) -> str:
        """The key of the question, which names its input and stands in the address."""
        return self.question.key

    @property
    def kind(self) -> str:
        """The kind of the question."""
        return self.question.kind.value

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the inputs in one row."""
        return PARTS.get(self.question.kind, ())

    @property
    def followed(self) -> bool:
        """Whether something is drawn or added up from its answer."""
        return self.question.kind in (Kind.BUDGET, Kind.MILESTONES)

    @property
    def budget(self) -> list[tuple[str, list[int], int]]:
        """The budget's sums: a line for each category with its years and its total, all in minor units."""
        sums = totals(self.question, self.value)
        years = range(1, (self.question.budget.years if self.question.budget else 1) + 1)
        answer = standing(self.question, self.value)
        lines = [] if answer is UNANSWERED else answer["lines"]

        def of(key: str, year: int) -> int:
            return sum(each["amount_minor"] or 0 for each in lines if each["category"] == key and each["year"] == year)

        return [(label, [of(key, year) for year in years], sums.by_category.get(key, 0)) for key, label in self.options]

    @property
    def sums(self) -> Totals:
        """What the budget comes to, in minor units."""
        return totals(self.question, self.value)

    @property
    def milestones(self) -> list[dict[str, Any]]:
        """The dated milestones, the first first: title, due, the day in words, and where between the first (0) and the
        last (1) it lies."""
        answer = standing(self.question, self.value)
        dated = [] if answer is UNANSWERED else [row for row in answer if row["due"]]
        days = sorted((date.fromisoformat(row["due"]), row["title"]) for row in dated)
        span = (days[-1][0] - days[0][0]).days or 1 if days else 1
        return [
            {"due": at.isoformat(), "title": title, "day": _day(at), "at": (at - days[0][0]).days / span}
            for at, title in days
        ]

    @property
    def described(self) -> str:
        """The ids of what is said about it beside its input."""
        said = {"help": self.help, "error": self.error, "fault": self.fault, "count": self.counted}
        return " ".join(f"{self.key}-{name}" for name, there in said.items() if there)

    @property
    def attributes(self) -> dict[str, str | None]:
        """What its input tells browsers and scripts beside its value."""
        return {
            "aria-describedby": self.described or None,
            "aria-invalid": "true" if self.error else None,
            "aria-required": "true" if self.question.required else None,
            "disabled": None if self.open else "disabled",
            "data-decides": "" if self.decides else None,
        }

    @property
    def counted(self) -> bool:
        """Whether a counter stands below its text: where the form sets a limit, and under the long core texts."""
        return self.question.limit is not None or (self.key in CORE and self.question.kind is Kind.LONG_TEXT)

    @property
    def attached(self) -> bool:
        """Whether files answer it, which have their own place below the questions."""
        return self.question.kind is Kind.ATTACHMENT

    @property
    def storage(self) -> int:
        """The most characters that are kept of its text."""
        return storage_limit(self.question)

    @property
    def unit(self) -> str:
        """What its number counts, in words."""
        return self.question.number.unit if self.question.number else ""

    @property
    def few(self) -> bool:
        """Whether its options are few enough to stand open."""
        return len(self.options) <= FEW_OPTIONS

    @property
    def height(self) -> int:
        """Lines of its text area."""
        return LONG_TEXT_ROWS.get(self.key, 8)

    def text(self, name: str) -> str:
        """What stands in one input."""
        return self.texts.get(name, "")

    def chosen(self, option: str) -> bool:
        """Whether an option is chosen."""
        return option in self.texts.getlist(self.key)


def read_all(proposal: Proposal, section: Section, sent: Sent) -> dict[str, Read]:
    """What was sent for the questions of the section, by key; what was not on the page is left out."""
    found = {each.key: read(each, sent) for each in section.questions}
    known = {theme.id for theme in proposal.call.themes}
    for key, one in found.items():
        if key == "theme_id" and one.error is None and one.value and one.value not in known:
            found[key] = Read(error=say("Choose one from the list."))
    return {key: one for key, one in found.items() if one.present}


def ask(
    proposal: Proposal,
    section: Section,
    who: Actor,
    *,
    sent: Sent | None = None,
    reads: Mapping[str, Read] | None = None,
    faults: Sequence[Fault] = (),
    missing_too: bool = False,
    more: int = 0,
    earlier: Mapping[str, Words] | None = None,
) -> list[Asked]:
    """The questions of a section with what stands, or what was sent. ``faults`` stand beside what was answered, and
    beside what is missing where ``missing_too``; ``more`` is how many empty rows to add; ``earlier`` says by key what
    an earlier proposal answered that could not be carried over."""
    form, answers = form_of(proposal), answers_of(proposal)
    seen, deciding = shown(form, answers), deciders(form)
    editing = bool(may(who, Action.PROPOSAL_EDIT, proposal))
    said = {fault.field: tr(fault.reason) for fault in reversed(faults)}
    rows: list[Asked] = []
    for each in section.questions:
        texts = inputs(each, answers.get(each.key)) if sent is None else typed_back(each, sent)
        one = (reads or {}).get(each.key)
        fault = said.get(each.key, "") if missing_too or answers.get(each.key) else ""
        rows.append(
            Asked(
                question=each,
                label=label_in(each.label, language()),
                help=_help(each, proposal, (earlier or {}).get(each.key)),
                texts=texts,
                shown=each.key in seen,
                open=editing and may_change(proposal, section, each),
                decides=each.key in deciding,
                options=_options(each, proposal, texts),
                rows=_rows(each, texts, more),
                error=tr(one.error) if one and one.error else "",
                cells={name: tr(words) for name, words in one.cells.items()} if one else {},
                fault=fault,
                value=answers.get(each.key, UNANSWERED),
            )
        )
    return rows


def _day(at: date) -> str:
    return Reader(language(), {}, "").day(at.isoformat())


def _options(question: Question, proposal: Proposal, texts: Inputs) -> list[tuple[str, str]]:
    if question.kind is Kind.THEME:
        mine = texts.get(question.key, "")
        in_use = [each for each in proposal.call.themes if each.retired_at is None or str(each.id) == mine]
        return [(str(each.id), label_of_theme(each)) for each in in_use]
    chosen_from = question.budget.categories if question.budget else question.options
    return [(each.key, label_in(each.label, language())) for each in chosen_from]


def label_of_theme(theme: Any) -> str:
    """The name of a theme in the reader's language, where it has one."""
    return str(theme.name_zh) if theme.name_zh and language().startswith("zh") else str(theme.name)


def _rows(question: Question, texts: Inputs, more: int) -> list[int]:
    if question.kind not in ROWS:
        return []
    there = rows_of(question, texts)
    following = there[-1] + 1 if there else 0
    wanted = more or (BLANK_ROWS if there else FIRST_ROWS.get(question.kind, BLANK_ROWS))
    most = min(question.rows.most if question.rows else MOST_ROWS, MOST_ROWS)
    return [*there, *range(following, following + max(0, min(wanted, most - len(there))))]


def _help(question: Question, proposal: Proposal, earlier: Words | None) -> str:
    """The form's words beside a question, what the call says about it, and what an earlier proposal answered."""
    before = gettext("From the earlier proposal: %(words)s", words=tr(earlier)) if earlier else ""
    words = ["" if question.files else label_in(question.help, language()), _of_call(question, proposal), before]
    return " ".join(each for each in words if each)


def _of_call(question: Question, proposal: Proposal) -> str:
    call = proposal.call
    cap = money_shown(call.max_award_minor, call.currency) if call.max_award_minor else ""
    if cap and (question.key == "amount_minor" or question.budget):
        return gettext("This call gives at most %(cap)s.", cap=cap)
    if question.key == "duration_months" and call.duration_least and call.duration_most:
        if call.duration_least == call.duration_most:
            return gettext("This call funds %(least)s months.", least=call.duration_least)
        return gettext(
            "This call funds %(least)s to %(most)s months.", least=call.duration_least, most=call.duration_most
        )
    if question.key == "description" and any((rule.check_name or rule.code) == "page-limit" for rule in call.rules):
        many = pages(proposal.description)
        return ngettext("So far %(num)s page of 3,000 characters.", "So far %(num)s pages of 3,000 characters.", many)
    return _cited(question, proposal)


def _cited(question: Question, proposal: Proposal) -> str:
    """The rule that a declaration comes from."""
    for rule in proposal.call.rules:
        if question.kind is Kind.DECLARATION and DECLARED.get(rule.check_name or rule.code) == question.key:
            if not rule.source:
                return gettext("Rule of the call: %(text)s", text=rule.text)
            return gettext("Rule of the call: %(text)s Source: %(source)s", text=rule.text, source=rule.source)
    return ""
