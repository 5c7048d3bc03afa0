"""A form as a list of its sections and questions, for whoever builds it or looks an old version up."""

from __future__ import annotations

from dataclasses import dataclass

from intake.call.models import Call
from intake.form.definition import Form, Page, Question, Section, label_in
from intake.views.coordinator import form_builder_words as words
from intake.views.language import language


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the list; ``up`` and ``down`` say whether it can go further."""

    question: Question
    label: str
    kind: str
    limits: str
    badges: list[tuple[str, str]]
    rule: str
    up: bool
    down: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One section of the list."""

    section: Section
    label: str
    help: str
    page: str
    rows: list[Row]
    up: bool
    down: bool

    @property
    def asks(self) -> bool:
        """Whether it has questions, rather than a page of its own."""
        return self.section.page is Page.QUESTIONS


def outline(form: Form, call: Call) -> list[Block]:
    """The form's sections and questions in their order."""
    keys = [each.key for each in form.questions]
    asking = [each.key for each in form.sections if each.page is Page.QUESTIONS]
    blocks = []
    for number, section in enumerate(form.sections):
        first, last = section.key == asking[0], section.key == asking[-1]
        rows = [
            _row(each, form, call, up=each.key != keys[0] or not first, down=each.key != keys[-1] or not last)
            for each in section.questions
        ]
        help_, page = label_in(section.help, language()), str(words.PAGES[section.page])
        up, down = number > 0, number < len(form.sections) - 1
        blocks.append(Block(section, words.both(section.label), help_, page, rows, up, down))
    return blocks


def _row(question: Question, form: Form, call: Call, *, up: bool, down: bool) -> Row:
    return Row(
        question,
        words.both(question.label),
        words.kind_of(question),
        words.limits(question, call),
        words.badges(question),
        words.rule_words(question.show_if, form, str(call.currency)),
        up,
        down,
    )
