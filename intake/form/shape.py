"""What a form is made of. A form never changes; ``building`` makes a new one, ``parsing`` reads one from JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from intake.errors import IntakeError
from intake.form.kinds import ENDINGS, MOST_OF_A_LINE, MOST_ROWS, Is, Kind, Page, SeenBy, Unit
from intake.vocabulary import Limit, Words

_MOST_OF_CORE = {
    "title": Limit.TITLE,
    "title_zh": Limit.TITLE,
    "abstract": Limit.ABSTRACT,
    "description": Limit.DESCRIPTION,
    "keywords": Limit.KEYWORDS,
}


class BadForm(IntakeError):
    """A definition that is none. ``place`` is where in it, such as ``sections[1].questions[0].options``."""

    def __init__(self, place: str, reason: Words) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True)
class Label:
    """A text in English and in Chinese; either may be empty."""

    en: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, or one category of a budget."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the answer to an earlier question must be. ``value`` is an option's key, several of them, a
    Decimal, minor units, an ISO date, or yes and no; None for ``answered``."""

    question: str
    is_: Is
    value: str | bool | int | Decimal | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ShowIf:
    """When a question is asked: when all of the conditions hold, or any."""

    all: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What may be attached: endings of names, the number of files, bytes of each, pages of each PDF (None: any)."""

    endings: tuple[str, ...] = ENDINGS
    most: int = 1
    max_bytes: int = Limit.FILE_BYTES
    max_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be, with its decimal places and its unit in words; of money, in whole minor units."""

    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class BudgetRule:
    """The lines of a budget: categories, years from 1, and the overhead in percent of the named categories (none: of
    all)."""

    categories: tuple[Option, ...]
    years: int = 1
    overhead_percent: Decimal = Decimal(0)
    overhead_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowLimits:
    """How many rows an answer has, where there is one."""

    least: int = 0
    most: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Question:
    """One question. What its kind knows nothing of is None or empty. ``limit`` is the question's own, in ``unit``;
    ``storage_limit`` bounds every text besides. ``leaves``: the sponsor gets the answer."""

    key: str
    kind: Kind
    label: Label
    help: Label = field(default_factory=Label)
    required: bool = False
    limit: int | None = None
    unit: Unit = Unit.CHARACTERS
    number: Bounds | None = None
    options: tuple[Option, ...] = ()
    rows: RowLimits | None = None
    budget: BudgetRule | None = None
    files: FileLimits | None = None
    seen_by: SeenBy = SeenBy.OFFICE
    blind: bool = False
    leaves: bool = False
    listed: bool = False
    show_if: ShowIf | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions on one page, or the page of the team or of the free attachments, which have none."""

    key: str
    label: Label
    help: Label = field(default_factory=Label)
    page: Page = Page.QUESTIONS
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The sections of a form in their order."""

    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question:
        """The question of that key. Raises KeyError."""
        return _of_key(self.questions, key)

    def section(self, key: str) -> Section:
        """The section of that key. Raises KeyError."""
        return _of_key(self.sections, key)

    def section_of(self, question_key: str) -> Section:
        """The section that asks that question. Raises KeyError."""
        for section in self.sections:
            if any(each.key == question_key for each in section.questions):
                return section
        raise KeyError(question_key)


Keyed = TypeVar("Keyed", Question, Section)


def _of_key(those: tuple[Keyed, ...], key: str) -> Keyed:
    for each in those:
        if each.key == key:
            return each
    raise KeyError(key)


def label_in(label: Label, language: str) -> str:
    """The label in ``language`` (``en``, ``zh``, ``zh_Hant`` ...), or in the other one where it has none."""
    return (label.zh or label.en) if language.lower().startswith("zh") else (label.en or label.zh)


def storage_limit(question: Question) -> int:
    """The most characters that are kept of a text; more is an error, never cut."""
    fallback = MOST_OF_A_LINE if question.kind is Kind.SHORT_TEXT else Limit.ANSWER
    return _MOST_OF_CORE.get(question.key, fallback)
