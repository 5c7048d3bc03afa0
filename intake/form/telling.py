"""What a reader is told of the answers: sections with labels, texts and tables, less what is not for that reader.

A hidden answer is told to nobody, an answer for the office alone to nobody outside the team and the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from intake.form.faults import FileFacts
from intake.form.kinds import CORE, Kind, SeenBy
from intake.form.shape import Form, Question, label_in
from intake.form.showing import counting, shown
from intake.form.tables import Table, table
from intake.form.texts import Reader, text
from intake.form.values import UNANSWERED


class Audience(StrEnum):
    """Who reads."""

    TEAM = "team"
    OFFICE = "office"
    REVIEWER = "reviewer"
    BLIND_REVIEWER = "blind_reviewer"
    SPONSOR = "sponsor"


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """One question and its answer in words. ``text`` is empty where it is unanswered; of ``rich_text`` it is the
    source. ``rows`` under ``heads``, and sums in ``foot``, say the same as a table for answers that have rows.
    ``value`` is what is kept, None where nothing is. ``core``: lists, packets and pages show it elsewhere already."""

    key: str
    label: str
    kind: Kind
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    foot: tuple[tuple[str, ...], ...] = ()
    value: Any = None
    core: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class ToldSection:
    """A section that has something for the reader."""

    key: str
    label: str
    answers: tuple[ToldAnswer, ...]


def visible(question: Question, audience: Audience) -> bool:
    """Whether answers to the question are for that reader."""
    if audience in (Audience.TEAM, Audience.OFFICE):
        return True
    if question.seen_by is not SeenBy.REVIEWERS:
        return False
    if audience is Audience.SPONSOR:
        return question.leaves
    return audience is Audience.REVIEWER or not question.blind


def told(
    form: Form,
    answers: Mapping[str, Any],
    *,
    audience: Audience,
    language: str = "en",
    theme_names: Mapping[int, str] | None = None,
    files: Mapping[str, Sequence[FileFacts]] | None = None,
    currency: str = "",
) -> list[ToldSection]:
    """Every question that is asked and that ``audience`` may read, answered or not, in the form's order."""
    asked, found = shown(form, answers), counting(form, answers)
    reader = Reader(language, theme_names or {}, currency)
    sections = []
    for section in form.sections:
        answers_told = tuple(
            _answer(question, found.get(question.key, UNANSWERED), (files or {}).get(question.key, ()), reader)
            for question in section.questions
            if question.key in asked and visible(question, audience)
        )
        if answers_told:
            sections.append(ToldSection(section.key, label_in(section.label, language), answers_told))
    return sections


def _answer(question: Question, value: Any, files: Sequence[FileFacts], reader: Reader) -> ToldAnswer:
    rows: Table = table(question, value, files, reader)
    return ToldAnswer(
        question.key,
        label_in(question.label, reader.language),
        question.kind,
        rows.text if rows.rows else text(question, value, reader),
        rows.rows,
        rows.heads,
        rows.foot,
        None if value is UNANSWERED else value,
        question.key in CORE,
        question.listed,
    )
