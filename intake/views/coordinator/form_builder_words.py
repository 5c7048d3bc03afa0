"""How the parts of a form are called where a coordinator builds one: kinds, limits, who sees an answer, when it is
asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from intake import money
from intake.call.models import Call
from intake.form.canonical import plain
from intake.form.definition import (
    Condition,
    Form,
    Is,
    Kind,
    Label,
    Page,
    Question,
    SeenBy,
    ShowIf,
    Unit,
    always_open,
    label_in,
)
from intake.form.standard import DECLARATIONS, standard
from intake.form.texts import Reader
from intake.proposal.file_limits import size_words
from intake.views.language import language

KINDS: dict[Kind, tuple[Any, Any]] = {
    Kind.SHORT_TEXT: (lazy_gettext("Short text"), lazy_gettext("One line, such as a name or a reference.")),
    Kind.LONG_TEXT: (
        lazy_gettext("Long text"),
        lazy_gettext("Paragraphs, with a limit in words or characters if you set one."),
    ),
    Kind.RICH_TEXT: (lazy_gettext("Text with formatting"), lazy_gettext("Paragraphs with lists, links and stress.")),
    Kind.NUMBER: (lazy_gettext("Number"), lazy_gettext("A number with its unit and bounds, such as 12 months.")),
    Kind.MONEY: (lazy_gettext("Amount of money"), lazy_gettext("One amount in the currency of the call.")),
    Kind.DATE: (lazy_gettext("Date"), lazy_gettext("A day, chosen from a calendar.")),
    Kind.YES_NO: (lazy_gettext("Yes or no"), lazy_gettext("Other questions can depend on the answer.")),
    Kind.CHOICE: (lazy_gettext("Choice of one"), lazy_gettext("One out of a list that you write.")),
    Kind.CHOICES: (lazy_gettext("Choice of several"), lazy_gettext("Any number out of a list that you write.")),
    Kind.PEOPLE: (
        lazy_gettext("People"),
        lazy_gettext("Rows with name, organisation, e-mail address, ORCID iD and ROR; the iDs are checked."),
    ),
    Kind.ORGANISATION: (lazy_gettext("Organisation"), lazy_gettext("A name and a ROR identifier, which is checked.")),
    Kind.BUDGET: (
        lazy_gettext("Budget"),
        lazy_gettext("Lines by category and year, each with what it is for; overhead and totals are added up."),
    ),
    Kind.MILESTONES: (
        lazy_gettext("Milestones"),
        lazy_gettext("Rows with a title, a date and a deliverable, drawn as a time line."),
    ),
    Kind.ATTACHMENT: (
        lazy_gettext("Files"),
        lazy_gettext("Files that answer this question, with limits of type, size, number and pages."),
    ),
    Kind.DECLARATION: (lazy_gettext("Declaration"), lazy_gettext("A sentence with a box to tick.")),
    Kind.THEME: (lazy_gettext("Theme"), lazy_gettext("One of the themes of the call.")),
}
"""Each kind with a sentence on what it is."""

PAGES = {
    Page.QUESTIONS: lazy_gettext("Questions"),
    Page.TEAM: lazy_gettext("The team: who writes, with their roles"),
    Page.FILES: lazy_gettext("Free attachments: files without a question"),
}
SEEN_BY = {
    SeenBy.OFFICE: lazy_gettext("The office only"),
    SeenBy.REVIEWERS: lazy_gettext("The office and the reviewers"),
}
UNITS = {Unit.WORDS: lazy_gettext("words"), Unit.CHARACTERS: lazy_gettext("characters")}
OPERATORS = {
    Is.ANSWERED: lazy_gettext("is answered"),
    Is.EQUALS: lazy_gettext("is"),
    Is.NOT_EQUALS: lazy_gettext("is not"),
    Is.ONE_OF: lazy_gettext("is one of"),
    Is.AT_LEAST: lazy_gettext("is at least"),
    Is.AT_MOST: lazy_gettext("is at most"),
    Is.INCLUDES: lazy_gettext("includes"),
}
FROM, UNTIL = lazy_gettext("is on or after"), lazy_gettext("is on or before")
"""What at least and at most are called of a date."""


def core_questions() -> dict[str, Question]:
    """The questions that the product knows, as the standard form asks them, by key."""
    whole = standard(themes=True, standing=False, declarations=DECLARATIONS)
    return {question.key: question for question in whole.questions}


def kind_of(question: Question) -> str:
    """The name of the question's kind."""
    return str(KINDS[question.kind][0])


def operator(question: Question, is_: Is) -> str:
    """How an answer is compared, in words that fit its kind."""
    if question.kind is Kind.DATE and is_ in (Is.AT_LEAST, Is.AT_MOST):
        return str(FROM if is_ is Is.AT_LEAST else UNTIL)
    return str(OPERATORS[is_])


def limits(question: Question, call: Call) -> str:
    """What an answer is held to, in a few words; nothing where nothing is set."""
    reader = Reader(language(), {}, str(call.currency))
    said: list[str] = []
    if question.limit and question.unit is Unit.WORDS:
        said.append(ngettext("at most %(num)s word", "at most %(num)s words", question.limit))
    elif question.limit:
        said.append(ngettext("at most %(num)s character", "at most %(num)s characters", question.limit))
    said += _bounds(question, reader)
    if question.options:
        said.append(", ".join(reader.say(each.label) for each in question.options))
    said += _rows(question)
    said += _files(question)
    return gettext(", ").join(said) if not question.options else said[0]


def _bounds(question: Question, reader: Reader) -> list[str]:
    bounds = question.number
    if bounds is None:
        return []

    def shown(value: Any) -> str:
        if question.kind is Kind.MONEY:
            return money.shown(int(value), reader.currency)
        return f"{value:,f} {bounds.unit}".strip()

    said = [gettext("at least %(least)s", least=shown(bounds.least))] if bounds.least is not None else []
    if bounds.most is not None:
        said.append(gettext("at most %(most)s", most=shown(bounds.most)))
    if not said and bounds.unit:
        said.append(gettext("in %(unit)s", unit=bounds.unit))
    return said


def _rows(question: Question) -> list[str]:
    said = []
    if question.rows and question.rows.least:
        said.append(ngettext("at least %(num)s row", "at least %(num)s rows", question.rows.least))
    if question.budget:
        budget = question.budget
        said.append(ngettext("%(num)s category", "%(num)s categories", len(budget.categories)))
        said.append(ngettext("%(num)s year", "%(num)s years", budget.years))
        if budget.overhead_percent:
            said.append(gettext("overhead %(percent)s %%", percent=plain(budget.overhead_percent)))
    return said


def _files(question: Question) -> list[str]:
    files = question.files
    if files is None:
        return []
    said = [ngettext("%(num)s file", "%(num)s files", files.most), " ".join(files.endings)]
    said.append(gettext("each at most %(size)s", size=size_words(files.max_bytes)))
    if files.max_pages:
        said.append(ngettext("%(num)s page", "%(num)s pages", files.max_pages))
    return said


def badges(question: Question) -> list[tuple[str, str]]:
    """Who gets the answer and where it stands, each as a desk's colour (or nothing) and words."""
    open_to_all = always_open(question.key)
    said = [("office", gettext("Office only"))] if question.seen_by is SeenBy.OFFICE else []
    if question.seen_by is SeenBy.REVIEWERS:
        said.append(("reviewers", gettext("Reviewers")))
    if question.blind and not open_to_all:
        said.append(("closed", gettext("Hidden when blind")))
    if question.leaves:
        said.append(("sponsor", gettext("Leaves the university")))
    if question.listed:
        said.append(("", gettext("In lists")))
    return said


def rule_words(rule: ShowIf | None, form: Form, currency: str) -> str:
    """When a question is asked, as the rest of a sentence; nothing where it always is."""
    if rule is None:
        return ""
    reader = Reader(language(), {}, currency)
    said = [_condition(each, form.question(each.question), reader) for each in rule.conditions]
    return (gettext(" and ") if rule.all else gettext(" or ")).join(said)


def _condition(condition: Condition, question: Question, reader: Reader) -> str:
    name, how = gettext("“%(name)s”", name=reader.say(question.label)), operator(question, condition.is_)
    value = value_words(question, condition.value, reader)
    return f"{name} {how} {value}".strip()


def value_words(question: Question, value: Any, reader: Reader) -> str:
    """What an answer is compared with, as its own page says it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return gettext(", ").join(value_words(question, each, reader) for each in value)
    match question.kind:
        case Kind.YES_NO | Kind.DECLARATION:
            return gettext("yes") if value else gettext("no")
        case Kind.MONEY:
            return reader.amount(value)
        case Kind.NUMBER:
            return f"{value:,f}"
        case Kind.DATE:
            return reader.day(value)
        case Kind.CHOICE | Kind.CHOICES:
            return gettext("“%(name)s”", name=reader.option(question.options, value))
    return str(value)


def both(label: Label) -> str:
    """The label in the reader's language with the other one behind it."""
    first, second = label_in(label, language()), label.zh if not language().startswith("zh") else label.en
    return f"{first} · {second}" if second and second != first else first
