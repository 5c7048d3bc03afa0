"""Reading a form from JSON. Whatever the JSON, the result is a sound form or a refusal with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from intake.form import conditions, facts
from intake.form.kinds import (
    ALWAYS,
    CORE,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    NAMES_OF_PAGES,
    Kind,
    Page,
    SeenBy,
    Unit,
    always_open,
)
from intake.form.shape import Form, Question, Section, storage_limit
from intake.form.taking import Part, bad
from intake.vocabulary import Limit, say

_SPECIAL = ("limit", "unit", "number", "options", "rows", "budget", "files")
_OF_QUESTIONS = (
    *("key", "kind", "label", "help", "required", "seen_by", "blind", "leaves", "listed", "show_if"),
    *_SPECIAL,
)


def parse(data: Any) -> Form:
    """The form that ``data`` (the content of a JSON document) defines. Raises BadForm for everything else."""
    part = Part.of(data, "", ("sections",))
    earlier: dict[str, Question] = {}
    sections: list[Section] = []
    for place, value in part.rows("sections", MOST_SECTIONS):
        section = _section(value, place, earlier)
        if section.key in {each.key for each in sections}:
            bad(f"{place}.key", say("“%(name)s” stands here twice.", name=section.key))
        sections.append(section)
    form = Form(tuple(sections))
    _whole(form)
    return form


def _whole(form: Form) -> None:
    """What holds of a form and of no part of it."""
    pages = [each.page for each in form.sections]
    if pages.count(Page.TEAM) != 1:
        bad("sections", say("A form has one section for the team."))
    if pages.count(Page.FILES) > 1:
        bad("sections", say("A form has at most one section for free attachments."))
    for key in ALWAYS:
        if key not in {each.key for each in form.questions}:
            bad("sections", say("Every form asks for the title and the abstract; “%(key)s” is missing.", key=key))


def _section(value: Any, place: str, earlier: dict[str, Question]) -> Section:
    part = Part.of(value, place, ("key", "label", "help", "page", "questions"))
    key, label, page = part.key(), part.label("label"), part.word("page", Page, Page.QUESTIONS)
    if page is Page.QUESTIONS and key in NAMES_OF_PAGES:
        bad(part.at("key"), say("The key “%(key)s” is taken by the page itself; choose another.", key=key))
    rows = part.rows("questions", MOST_QUESTIONS)
    if rows and page is not Page.QUESTIONS:
        bad(part.at("questions"), say("The section of the team, or of attachments, has no questions."))
    questions = []
    for at, each in rows:
        question = _question(each, at, earlier)
        earlier[question.key] = question
        questions.append(question)
    if len(earlier) > MOST_QUESTIONS:
        count = len(earlier)
        bad(
            part.at("questions"),
            say("At most %(most)s questions; these are %(count)s.", most=MOST_QUESTIONS, count=count),
        )
    return Section(key, label, part.label("help", Limit.REASON, needed=False, lines=True), page, tuple(questions))


def _question(value: Any, place: str, earlier: dict[str, Question]) -> Question:
    part = Part.of(value, place, _OF_QUESTIONS)
    key, kind = part.key(), part.word("kind", Kind)
    if key in earlier:
        bad(part.at("key"), say("“%(name)s” stands here twice.", name=key))
    _kind(part, key, kind)
    question = Question(
        key,
        kind,
        part.label("label"),
        part.label("help", Limit.REASON, needed=False, lines=True),
        part.flag("required", key in ALWAYS),
        **_facts(part, key, kind),
        **_audience(part, key),
        listed=part.flag("listed", False),
        show_if=conditions.show_if(part.get("show_if"), part.at("show_if"), earlier),
    )
    if key in ALWAYS and (question.show_if or not question.required):
        bad(
            part.at("show_if" if question.show_if else "required"),
            say("Everybody is asked for the title and the abstract."),
        )
    return replace(question, limit=part.whole("limit", 1, storage_limit(question)))


def _kind(part: Part, key: str, kind: Kind) -> None:
    """Core questions have the kind of their column, and a kind has only its own settings."""
    if CORE.get(key, kind) is not kind:
        bad(part.at("kind"), say("“%(key)s” is always of the kind %(kind)s.", key=key, kind=CORE[key].value))
    if kind is Kind.THEME and key not in CORE:
        bad(part.at("kind"), say("A form asks for one theme only; its key is theme_id."))
    for name in _SPECIAL:
        if part.get(name) is not None and name not in facts.FACTS[kind]:
            bad(part.at(name), say("A question of this kind has no such setting."))


def _facts(part: Part, key: str, kind: Kind) -> dict[str, Any]:
    """The settings of the kind, each with what holds where nothing is said."""
    reading: dict[str, Callable[[Any, str], Any]] = {
        "number": partial(facts.bounds, key=key, kind=kind),
        "options": facts.options,
        "rows": facts.rows,
        "budget": facts.budget,
        "files": facts.files,
    }
    found = {name: read(part.get(name), part.at(name)) for name, read in reading.items() if name in facts.FACTS[kind]}
    return {"unit": part.word("unit", Unit, Unit.CHARACTERS), **found}


def _audience(part: Part, key: str) -> dict[str, Any]:
    """Who gets the answer. The office alone, where nothing is said; a core answer goes to everybody, always."""
    everybody = always_open(key)
    seen_by = part.word("seen_by", SeenBy, SeenBy.REVIEWERS if everybody else SeenBy.OFFICE)
    blind, leaves = part.flag("blind", False), part.flag("leaves", everybody)
    if everybody and (blind or not leaves or seen_by is SeenBy.OFFICE):
        name = "blind" if blind else "leaves" if not leaves else "seen_by"
        bad(part.at(name), say("Reviewers and the sponsor always get “%(key)s”.", key=key))
    if leaves and seen_by is SeenBy.OFFICE:
        bad(part.at("leaves"), say("An answer for the office only does not leave the university."))
    return {"seen_by": seen_by, "blind": blind, "leaves": leaves}
