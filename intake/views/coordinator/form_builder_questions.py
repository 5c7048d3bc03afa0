"""One question of a form: added, changed on a page of its own, taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from intake.call import form_versions
from intake.call.models import Call
from intake.errors import Stale
from intake.form.building import change_question
from intake.form.definition import ALWAYS, FACTS, BadForm, Form, Option, Question, always_open, storage_limit
from intake.form.kinds import MOST_OPTIONS
from intake.views.coordinator import coordinator, form_builder_rules
from intake.views.coordinator.form_builder_acting import (
    Tried,
    changed,
    layout_of,
    place_of,
    question_in,
    shown,
    told,
    with_question,
)
from intake.views.coordinator.form_builder_fields import facts_of, field_at, of_every_question, of_its_kind, values_of
from intake.views.coordinator.form_builder_typed import BLANK_ROWS, Typed
from intake.views.coordinator.form_builder_words import KINDS, both
from intake.views.display import tr
from intake.views.fields import Form as Fields
from intake.views.fields import Line, Paragraph
from intake.views.gate import door
from intake.vocabulary import Action, Limit

Made = Callable[[], Any]
MOST_PASTED = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a question is made of: its fields, the numbers of its option rows, the questions that its
    conditions name, and the input to come back to."""

    fields: Fields
    options: Sequence[int]
    asked: Sequence[Question]
    at: str = ""


@door(
    coordinator,
    "/desk/calls/<code>/form/questions/<key>",
    Action.CALL_OVERSEE,
    with_question,
    methods=["GET", "POST"],
)
def form_question(call: Call, question: Question) -> ResponseReturnValue:
    """Everything about a question: shown, rearranged by its buttons, saved, or shown again with what is wrong."""
    if request.method != "POST":
        return _page(call, question, _as_it_is(call, question))
    typed, button = Typed.sent(), request.form.get("do", "save")
    if button != "save":
        at = typed.press(button)
        return _page(call, question, _as_typed(call, question, typed, at), moved=True)
    return _save(call, question, _as_typed(call, question, typed))


def _save(call: Call, question: Question, page: Page) -> ResponseReturnValue:
    fits = page.fields.validate()
    rows, numbers = _options(page)
    if "pasted" in page.fields and page.fields["pasted"].data:
        page.fields["pasted"].errors = [gettext("At most %(most)s in all.", most=MOST_OPTIONS)]
    rule = form_builder_rules.said(page.fields, page.asked) if fits else None
    if page.fields.errors:
        return _page(call, question, page, 422)
    facts = facts_of(question, page.fields, rows) | {"show_if": rule}
    done = changed(call, lambda form: change_question(form, question.key, **facts))
    if done:
        flash(gettext("“%(name)s” is saved. It is not published yet.", name=_named(call, question.key)), "success")
        return redirect(url_for("coordinator.form_builder", code=call.code, _anchor=f"question-{question.key}"))
    now = question_in(form_versions.present(done.call), question.key)
    if now is None:
        raise Stale
    _blame(done, page.fields, question.key, numbers)
    return _page(done.call, now, page, done.status)


def _blame(done: Tried, fields: Fields, key: str, numbers: Sequence[int]) -> None:
    """Say what was refused beside the field that it belongs to, or on top of the page."""
    if done.wrong is None:
        return
    form = form_versions.present(done.call)
    layout = layout_of(form)
    place = place_of(done.wrong, layout) if isinstance(done.wrong, BadForm) else None
    name = field_at(place.rest, numbers) if place and place.question == key else ""
    if name in fields:
        fields[name].errors = [*fields[name].errors, tr(done.wrong.reason)]
    else:
        fields.form_errors.append(tr(told(done.wrong, form, layout)))


def _options(page: Page) -> tuple[list[dict[str, Any]], list[int]]:
    """The options, or the categories, that were typed, with the numbers of their rows; empty rows are none."""
    rows, numbers = [], []
    for number in page.options:
        key, english, chinese = (page.fields[f"{name}-{number}"].data or "" for name in ("key", "en", "zh"))
        if key or english or chinese:
            rows.append({"key": key or None, "label": {"en": english, "zh": chinese}})
            numbers.append(number)
    return rows, numbers


def _as_it_is(call: Call, question: Question) -> Page:
    form = form_versions.present(call)
    options: tuple[Option, ...] = question.budget.categories if question.budget else question.options
    asked = [form.question(each.question) for each in (question.show_if.conditions if question.show_if else ())]
    count = len(options) + BLANK_ROWS if _has_rows(question) else 0
    values = values_of(question) | form_builder_rules.values(question.show_if, form)
    for number, each in enumerate(options):
        values |= {f"key-{number}": each.key, f"en-{number}": each.label.en, f"zh-{number}": each.label.zh}
    return Page(_fields(question, count, asked)(formdata=None, data=values), range(count), asked)


def _as_typed(call: Call, question: Question, typed: Typed, at: str = "") -> Page:
    """The page as it was typed. Conditions on questions that are not before this one any more are left out."""
    known = {each.key: each for each in form_builder_rules.earlier(form_versions.present(call), question.key)}
    typed.conditions = [each for each in typed.conditions if "".join(each["cond-question"]) in known]
    asked = [known["".join(each["cond-question"])] for each in typed.conditions]
    count = len(typed.options) if _has_rows(question) else 0
    formdata: MultiDict[str, str] = typed.formdata()
    return Page(_fields(question, count, asked)(formdata=formdata), range(count), asked, at)


def _has_rows(question: Question) -> bool:
    return bool({"options", "budget"} & set(FACTS[question.kind]))


def _fields(question: Question, options: int, asked: Sequence[Question]) -> Callable[..., Fields]:
    """The form of this question, with so many rows of options."""
    made: dict[str, Made] = of_every_question(question) | of_its_kind(question) | form_builder_rules.fields(asked)
    if _has_rows(question):
        made["pasted"] = lambda: Paragraph(lazy_gettext("More, one on each line"), limit=MOST_PASTED, required=False)
    for number in range(options):
        made[f"key-{number}"] = HiddenField
        made[f"en-{number}"] = lambda: Line(lazy_gettext("In English"), limit=Limit.NAME, required=False)
        made[f"zh-{number}"] = lambda: Line(lazy_gettext("In Chinese"), limit=Limit.NAME, required=False)
    kind: Callable[..., Fields] = type("QuestionFields", (Fields,), {name: each() for name, each in made.items()})
    return kind


def _named(call: Call, key: str) -> str:
    return both(form_versions.present(call).question(key).label)


def _page(call: Call, question: Question, page: Page, status: int = 200, *, moved: bool = False) -> ResponseReturnValue:
    form = form_versions.present(call)
    section = form.section_of(question.key)
    if page.at in page.fields:
        field = page.fields[page.at]
        field.render_kw = {**(field.render_kw or {}), "autofocus": True}
    return shown(
        "question",
        call,
        status,
        form=page.fields,
        question=question,
        section=section,
        label=both(question.label),
        kind=KINDS[question.kind],
        options=page.options,
        categories=question.budget is not None,
        asked=page.asked,
        offered=[(each.key, both(each.label)) for each in form_builder_rules.earlier(form, question.key)],
        full=len(page.asked) >= form_builder_rules.MOST_CONDITIONS,
        conditional=question.key not in ALWAYS,
        core=always_open(question.key),
        storage=storage_limit(question),
        moved=moved,
        at=page.at,
        places=_places(form, question),
    )


def _places(form: Form, question: Question) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where else the question could stand: each section with its places, ``section:number`` and words."""
    found = []
    for section in form.sections:
        if section.page.value != "questions":
            continue
        others = [each for each in section.questions if each.key != question.key]
        first = (f"{section.key}:0", gettext("first in “%(section)s”", section=both(section.label)))
        after = [
            (f"{section.key}:{number}", gettext("behind “%(name)s”", name=both(each.label)))
            for number, each in enumerate(others, 1)
        ]
        found.append((both(section.label), [first, *after]))
    return found
