"""An answer that has rows as a table of texts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake.form.budget import totals
from intake.form.canonical import plain
from intake.form.faults import FileFacts
from intake.form.kinds import Kind
from intake.form.shape import BudgetRule, Label, Question
from intake.form.texts import Reader
from intake.form.values import MILESTONE, PEOPLE, UNANSWERED

Row = tuple[str, ...]

HEADS: dict[str, Label] = {
    "name": Label("Name", "姓名"),
    "organisation": Label("Organisation", "機構"),
    "email": Label("E-mail address", "電郵"),
    "orcid": Label("ORCID iD", "ORCID iD"),
    "ror": Label("ROR identifier", "ROR 標識"),
    "title": Label("Milestone", "里程碑"),
    "due": Label("Date", "日期"),
    "deliverable": Label("Deliverable", "成果"),
    "category": Label("Category", "類別"),
    "year": Label("Year", "年度"),
    "amount": Label("Amount", "金額"),
    "justification": Label("Justification", "理由"),
    "file": Label("File", "檔案"),
    "pages": Label("Pages", "頁數"),
}
DIRECT, OVERHEAD, TOTAL = Label("Direct costs", "直接費用"), Label("Overhead", "間接費用"), Label("Total", "總計")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equally many texts under their heads, with sums below."""

    heads: Row = ()
    rows: tuple[Row, ...] = ()
    foot: tuple[Row, ...] = ()

    @property
    def text(self) -> str:
        """The same as lines, for where no table fits."""
        return "\n".join(" · ".join(cell for cell in row if cell) for row in (*self.rows, *self.foot))


def table(question: Question, value: Any, files: Sequence[FileFacts], reader: Reader) -> Table:
    """The table of a standing value, or of the files of an attachment; an empty one where there are no rows."""
    if question.kind is Kind.ATTACHMENT and files:
        named = tuple((each.name, "" if each.pages is None else str(each.pages)) for each in files)
        return Table(_heads(("file", "pages"), reader), named)
    if value is UNANSWERED:
        return Table()
    if question.kind is Kind.PEOPLE:
        return Table(_heads(PEOPLE, reader), tuple(tuple(row[part] for part in PEOPLE) for row in value))
    if question.kind is Kind.MILESTONES:
        rows = tuple((row["title"], reader.day(row["due"]), row["deliverable"]) for row in value)
        return Table(_heads(MILESTONE, reader), rows)
    return _budget(question, value, reader) if question.kind is Kind.BUDGET else Table()


def _heads(parts: tuple[str, ...], reader: Reader) -> Row:
    return tuple(reader.say(HEADS[part]) for part in parts)


def _budget(question: Question, value: Mapping[str, Any], reader: Reader) -> Table:
    rule, sums = question.budget or BudgetRule(()), totals(question, value)
    rows = tuple(
        (
            reader.option(rule.categories, line["category"]),
            "" if line["year"] is None else str(line["year"]),
            reader.amount(line["amount_minor"]),
            line["justification"],
        )
        for line in value["lines"]
    )
    overhead = f"{reader.say(OVERHEAD)} ({plain(rule.overhead_percent)} %)"
    before = [(reader.say(DIRECT), sums.direct), (overhead, sums.overhead)] if rule.overhead_percent else []
    foot = tuple((name, "", reader.amount(minor), "") for name, minor in (*before, (reader.say(TOTAL), sums.total)))
    return Table(_heads(("category", "year", "amount", "justification"), reader), rows, foot)
