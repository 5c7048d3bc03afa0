"""The fields of one question's page: only those that its kind knows, what they say as facts of the definition, and the
field that a refusal belongs beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext

from intake.form.canonical import plain
from intake.form.definition import (
    ENDINGS,
    FACTS,
    MOST_ROWS,
    Bounds,
    BudgetRule,
    FileLimits,
    Kind,
    Question,
    RowLimits,
    always_open,
    label_in,
    storage_limit,
)
from intake.form.kinds import ALWAYS, MOST_DECIMALS, MOST_PAGES, MOST_YEARS
from intake.views.coordinator.form_builder_words import SEEN_BY, UNITS
from intake.views.fields import Declaration, Line, Money, Paragraph, Picked, Several, Whole
from intake.views.language import language
from intake.vocabulary import Limit

MOST_OF_A_NUMBER = 30
Made = Callable[[], Any]
MB = 1024**2


class Exact(Line):
    """An exact number, kept as it is written but for the commas between its thousands; None where it is empty."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if not self.data:
            self.data = None
        elif not re.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", self.data, re.ASCII):
            raise ValueError(gettext("Write a number such as 12 or 12.50."))

    @property
    def exact(self) -> str | None:
        """The number without commas."""
        return self.data.replace(",", "") if self.data else None


class Megabytes(Exact):
    """A size of files, above nothing and at most what the product takes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.exact is not None and not 0 < Decimal(self.exact) * MB <= Limit.FILE_BYTES:
            raise ValueError(gettext("More than 0 and at most %(most)s MB.", most=_size(Limit.FILE_BYTES)))


def of_every_question(question: Question) -> dict[str, Made]:
    """What every question has; core answers go to everybody and are asked of everybody where every form asks them."""
    made: dict[str, Made] = {
        "label_en": lambda: Line(lazy_gettext("The question"), limit=Limit.NAME, required=False),
        "label_zh": lambda: Line(lazy_gettext("The question in Chinese"), limit=Limit.NAME, required=False),
        "help_en": lambda: Paragraph(lazy_gettext("Help beside it"), limit=Limit.REASON, required=False),
        "help_zh": lambda: Paragraph(lazy_gettext("Help in Chinese"), limit=Limit.REASON, required=False),
        "listed": lambda: Declaration(lazy_gettext("Show it as a column of lists and exports"), must=False),
    }
    if question.key not in ALWAYS:
        made["required"] = lambda: Declaration(lazy_gettext("It must be answered before submitting"), must=False)
    if not always_open(question.key):
        made["seen_by"] = lambda: Picked(lazy_gettext("Who reads the answer"), choices=list(SEEN_BY.items()))
        made["blind"] = lambda: Declaration(lazy_gettext("Hide it from reviewers under blind review"), must=False)
        made["leaves"] = lambda: Declaration(
            lazy_gettext("It leaves the university: the sponsor gets the answer"), must=False
        )
    return made


def of_its_kind(question: Question) -> dict[str, Made]:
    """What only its kind has."""
    known = FACTS[question.kind]
    made: dict[str, Made] = {}
    if "limit" in known:
        most = storage_limit(question)
        made["limit"] = lambda: Whole(lazy_gettext("At most"), least=1, most=most, required=False)
        made["unit"] = lambda: Picked(lazy_gettext("Counted in"), choices=list(UNITS.items()))
    if question.kind is Kind.NUMBER:
        made |= {name: _exact(words) for name, words in _BOUNDS.items()}
        if question.key != "duration_months":
            made["decimals"] = lambda: Whole(
                lazy_gettext("Digits after the point"), least=0, most=MOST_DECIMALS, required=False
            )
        made["number_unit"] = lambda: Line(lazy_gettext("Its unit, such as months"), limit=40, required=False)
    if question.kind is Kind.MONEY:
        made |= {name: _money(words) for name, words in _BOUNDS.items()}
    if "budget" in known:
        made |= _of_budget(question)
    if "rows" in known:
        made["rows_least"] = lambda: Whole(lazy_gettext("Rows, at least"), most=MOST_ROWS, required=False)
        made["rows_most"] = lambda: Whole(lazy_gettext("Rows, at most"), least=1, most=MOST_ROWS, required=False)
    if "files" in known:
        made |= _of_files()
    return made


_BOUNDS = {"least": lazy_gettext("At least"), "most": lazy_gettext("At most")}


def _exact(words: Any) -> Made:
    return lambda: Exact(words, limit=MOST_OF_A_NUMBER, required=False)


def _money(words: Any) -> Made:
    return lambda: Money(words, required=False)


def _of_budget(question: Question) -> dict[str, Made]:
    rule = question.budget or BudgetRule(())
    categories = [(each.key, label_in(each.label, language())) for each in rule.categories]
    return {
        "years": lambda: Whole(lazy_gettext("Years"), least=1, most=MOST_YEARS),
        "overhead_percent": lambda: Exact(lazy_gettext("Overhead, in percent"), limit=MOST_OF_A_NUMBER, required=False),
        "overhead_on": lambda: Several(
            lazy_gettext("Overhead is reckoned on (nothing ticked: on all)"), choices=categories, required=False
        ),
    }


def _of_files() -> dict[str, Made]:
    endings = [(each, each) for each in ENDINGS]
    return {
        "endings": lambda: Several(lazy_gettext("Which files"), choices=endings),
        "files_most": lambda: Whole(lazy_gettext("Files, at most"), least=1, most=Limit.FILES_OF_A_PROPOSAL),
        "max_mb": lambda: Megabytes(lazy_gettext("Size of each, at most"), limit=MOST_OF_A_NUMBER),
        "max_pages": lambda: Whole(
            lazy_gettext("Pages of each PDF, at most"), least=1, most=MOST_PAGES, required=False
        ),
    }


def values_of(question: Question) -> dict[str, Any]:
    """What stands in the fields of a question as it is."""
    number, rows = question.number or Bounds(), question.rows or RowLimits()
    budget, files = question.budget or BudgetRule(()), question.files or FileLimits()
    bound = (lambda value: int(value)) if question.kind is Kind.MONEY else plain
    return {
        "label_en": question.label.en,
        "label_zh": question.label.zh,
        "help_en": question.help.en,
        "help_zh": question.help.zh,
        "required": question.required,
        "listed": question.listed,
        "seen_by": question.seen_by.value,
        "blind": question.blind,
        "leaves": question.leaves,
        "limit": question.limit,
        "unit": question.unit.value,
        "least": None if number.least is None else bound(number.least),
        "most": None if number.most is None else bound(number.most),
        "decimals": number.decimals or None,
        "number_unit": number.unit,
        "rows_least": rows.least or None,
        "rows_most": None if rows.most == MOST_ROWS else rows.most,
        "years": budget.years,
        "overhead_percent": plain(budget.overhead_percent),
        "overhead_on": list(budget.overhead_on),
        "endings": list(files.endings),
        "files_most": files.most,
        "max_mb": _size(files.max_bytes),
        "max_pages": files.max_pages,
    }


def _size(of_bytes: int) -> str:
    """Bytes as MB, with at most two decimals."""
    return plain(round(Decimal(of_bytes) / MB, 2))


def facts_of(question: Question, said: Any, options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of the question that the fields ``said`` (a form) and the rows of options say."""
    typed = {name: field.data for name, field in said._fields.items()}
    facts: dict[str, Any] = {
        "label": {"en": typed["label_en"], "zh": typed["label_zh"]},
        "help": {"en": typed["help_en"], "zh": typed["help_zh"]},
        "listed": typed["listed"],
    }
    facts |= {name: typed[name] for name in ("required", "seen_by", "blind", "leaves") if name in typed}
    known = FACTS[question.kind]
    if "limit" in known:
        facts |= {"limit": typed["limit"], "unit": typed["unit"]}
    if question.kind is Kind.NUMBER:
        facts["number"] = {
            "least": said["least"].exact,
            "most": said["most"].exact,
            "decimals": typed.get("decimals"),
            "unit": typed["number_unit"],
        }
    if question.kind is Kind.MONEY:
        facts["number"] = {"least": typed["least"], "most": typed["most"]}
    if "options" in known:
        facts["options"] = list(options)
    if "rows" in known:
        facts["rows"] = {"least": typed["rows_least"], "most": typed["rows_most"]}
    if "budget" in known:
        facts["budget"] = _budget(said, options)
    if "files" in known:
        facts["files"] = _files(question, said)
    return facts


def _budget(said: Any, categories: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kept = {each.get("key") for each in categories}
    return {
        "categories": list(categories),
        "years": said["years"].data,
        "overhead_percent": said["overhead_percent"].exact,
        "overhead_on": [each for each in said["overhead_on"].data or [] if each in kept],
    }


def _files(question: Question, said: Any) -> dict[str, Any]:
    before = question.files or FileLimits()
    size = said["max_mb"].exact
    same = size == _size(before.max_bytes)
    return {
        "endings": list(said["endings"].data),
        "most": said["files_most"].data,
        "max_bytes": before.max_bytes if same else int(Decimal(size) * MB),
        "max_pages": said["max_pages"].data,
    }


_FIELDS = {
    "label": "label_en",
    "label.en": "label_en",
    "label.zh": "label_zh",
    "help.en": "help_en",
    "help.zh": "help_zh",
    "number.least": "least",
    "number.most": "most",
    "number.decimals": "decimals",
    "number.unit": "number_unit",
    "rows.least": "rows_least",
    "rows.most": "rows_most",
    "budget.years": "years",
    "budget.overhead_percent": "overhead_percent",
    "budget.overhead_on": "overhead_on",
    "files.endings": "endings",
    "files.most": "files_most",
    "files.max_bytes": "max_mb",
    "files.max_pages": "max_pages",
}
_OPTION = re.compile(r"(?:options|budget\.categories)(?:\[(\d+)\](?:\.(?:label\.)?(\w+))?)?")
_CONDITION = re.compile(r"show_if\.(?:all|any)\[(\d+)\]\.(\w+)")


def field_at(rest: str, options: Sequence[int]) -> str:
    """The name of the field for a place inside a question, such as ``number.least``; ``options`` are the numbers of the
    rows that the options came from. Nothing where no field is meant."""
    if found := _OPTION.match(rest):
        number = int(found[1]) if found[1] and int(found[1]) < len(options) else 0
        row = options[number] if options else 0
        return f"{'zh' if found[2] == 'zh' else 'en'}-{row}"
    if found := _CONDITION.match(rest):
        return f"cond-{'is' if found[2] == 'is' else 'value'}-{found[1]}"
    return _FIELDS.get(rest, re.split(r"[.\[]", rest)[0])
