"""The words that a definition is written in: kinds of questions, pages, operators, the core questions, and the bounds
of what is kept."""

from __future__ import annotations

from enum import StrEnum

MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_CONDITIONS = 40, 200, 100, 10
MOST_ROWS = 100
"""The most rows that one answer keeps, whatever a question allows."""
MOST_YEARS = 10
MOST_DIGITS, MOST_DECIMALS = 15, 6
"""Of a number, before and behind its point."""
MOST_PAGES = 1_000
MOST_OF_A_LINE = 500
"""Characters of an answer in one line."""
FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Dates outside these are slips of the finger."""
ENDINGS = (".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg")
"""What a file may be; ``proposal/upload.py`` reads these and no others."""


class Kind(StrEnum):
    """What a question asks for."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    RICH_TEXT = "rich_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    THEME = "theme"
    PEOPLE = "people"
    ORGANISATION = "organisation"
    BUDGET = "budget"
    MILESTONES = "milestones"
    ATTACHMENT = "attachment"
    DECLARATION = "declaration"


TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT})
ROWS = frozenset({Kind.PEOPLE, Kind.BUDGET, Kind.MILESTONES})


class Page(StrEnum):
    """What stands on a section's page: its questions, the team of the proposal, or its free attachments."""

    QUESTIONS = "questions"
    TEAM = "team"
    FILES = "files"


NAMES_OF_PAGES = ("team", "attachments")
"""How the pages of the team and of free attachments are called in addresses, whatever the key of their section: no
section of questions has one of these."""


class Unit(StrEnum):
    """What the limit of a text counts."""

    CHARACTERS = "characters"
    WORDS = "words"


class SeenBy(StrEnum):
    """How far an answer goes inside the university."""

    OFFICE = "office"
    REVIEWERS = "reviewers"


class Is(StrEnum):
    """How a condition compares an answer. An unanswered question meets no condition."""

    ANSWERED = "answered"
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    INCLUDES = "includes"


_MEASURED = (Is.ANSWERED, Is.EQUALS, Is.NOT_EQUALS, Is.AT_LEAST, Is.AT_MOST)
OPERATORS: dict[Kind, tuple[Is, ...]] = dict.fromkeys(Kind, (Is.ANSWERED,)) | {
    Kind.NUMBER: _MEASURED,
    Kind.MONEY: _MEASURED,
    Kind.DATE: _MEASURED,
    Kind.YES_NO: (Is.ANSWERED, Is.EQUALS, Is.NOT_EQUALS),
    Kind.DECLARATION: (Is.ANSWERED, Is.EQUALS, Is.NOT_EQUALS),
    Kind.CHOICE: (Is.ANSWERED, Is.EQUALS, Is.NOT_EQUALS, Is.ONE_OF),
    Kind.CHOICES: (Is.ANSWERED, Is.INCLUDES),
    Kind.ATTACHMENT: (),
}
"""What may be asked of an answer. Themes are each call's own, so a form names none; files come outside the form."""

CORE: dict[str, Kind] = {
    "title": Kind.SHORT_TEXT,
    "title_zh": Kind.SHORT_TEXT,
    "abstract": Kind.LONG_TEXT,
    "description": Kind.LONG_TEXT,
    "keywords": Kind.SHORT_TEXT,
    "theme_id": Kind.THEME,
    "amount_minor": Kind.MONEY,
    "duration_months": Kind.NUMBER,
    "nothing_confidential": Kind.DECLARATION,
    "own_work": Kind.DECLARATION,
    "one_university": Kind.DECLARATION,
}
"""The questions whose answers are columns of a proposal, which lists, search and packets read."""

ALWAYS = ("title", "abstract")
"""The core questions that every form asks of everybody."""


def always_open(key: str) -> bool:
    """Whether reviewers and the sponsor get this answer whatever the form says: it stands in a column they read."""
    return key in CORE and CORE[key] is not Kind.DECLARATION
