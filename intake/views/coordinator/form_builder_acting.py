"""What the pages of the form builder share: how a change is tried, where a refusal belongs, how a page is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm.exc import StaleDataError

from intake.call import form_versions, queries
from intake.call.models import Call
from intake.errors import Incomplete, IntakeError, Stale
from intake.extensions import db
from intake.form.definition import BadForm, Form, Question, Section, label_in
from intake.views.display import tr
from intake.views.gate import actor
from intake.views.language import language
from intake.vocabulary import Words, say

_PLACE = re.compile(r"sections\[(\d+)\](?:\.questions\[(\d+)\])?(?:\.(.*))?")
Layout = Sequence[tuple[str, Sequence[str]]]
"""The keys of a form's sections, each with those of its questions."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How an act went: the call as it is now, what the page answers with, and what was refused."""

    call: Call
    status: int = 200
    wrong: IntakeError | None = None

    def __bool__(self) -> bool:
        return self.status < 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a form a refusal belongs: the key of its section, of its question, and what of these."""

    section: str = ""
    question: str = ""
    rest: str = ""


def tried(call: Call, act: Callable[[Call], object]) -> Tried:
    """Do ``act``. If it is refused, or somebody was quicker, nothing of it stays and the call is loaded anew."""
    code = call.code
    try:
        act(call)
    except (BadForm, Incomplete) as error:
        return Tried(_anew(code), 422, error)
    except (Stale, StaleDataError):
        return Tried(_anew(code), 409)
    return Tried(call)


def changed(call: Call, act: Callable[[Form], Form]) -> Tried:
    """Change the form that is worked on, if it is what the page showed."""
    seen = request.form.get("seen", "")
    return tried(call, lambda now: form_versions.change(now, act, seen=seen, by=actor()))


def _anew(code: str) -> Call:
    db.session.rollback()
    found = queries.to_set_up(code)
    if found is None:
        raise Stale
    return found


def shown(page: str, call: Call, status: int = 200, **values: Any) -> ResponseReturnValue:
    """The page ``coordinator/form/<page>.html``; 409 says on top that somebody changed the form meanwhile."""
    given = form_versions.present(call)
    values = {"given": given, "seen": form_versions.edition(given), "stale": status == 409, **values}
    return render_template(f"coordinator/form/{page}.html", call=call, **values), status


def layout_of(form: Form) -> list[tuple[str, list[str]]]:
    """The keys of the form in their order."""
    return [(section.key, [each.key for each in section.questions]) for section in form.sections]


def place_of(error: BadForm, layout: Layout) -> Place:
    """Where a refusal belongs in a form of that layout."""
    found = _PLACE.fullmatch(error.place)
    if found is None or int(found[1]) >= len(layout):
        return Place(rest=error.place)
    section, questions = layout[int(found[1])]
    number = int(found[2]) if found[2] else len(questions)
    return Place(section, questions[number] if number < len(questions) else "", found[3] or "")


def told(error: IntakeError, form: Form, layout: Layout) -> Words:
    """A refusal with the name of the question, or the section, that it belongs to."""
    if not isinstance(error, BadForm):
        return error.reason
    place = place_of(error, layout)
    name = name_of(form, place.question) or name_of(form, place.section)
    if place.rest.startswith("show_if") and name:
        return say("“%(name)s” is asked by an answer that would stand below it, or would not fit any more.", name=name)
    return say("%(name)s: %(reason)s", name=name, reason=tr(error.reason)) if name else error.reason


def name_of(form: Form, key: str) -> str:
    """The label of a question or a section in the reader's language; nothing where there is none of that key."""
    those: list[Question | Section] = [*form.questions, *form.sections]
    return next((label_in(each.label, language()) for each in those if each.key == key), "")


def question_in(form: Form, key: str) -> Question | None:
    """The question of that key, or None."""
    return next((each for each in form.questions if each.key == key), None)


def section_in(form: Form, key: str) -> Section | None:
    """The section of that key, or None."""
    return next((each for each in form.sections if each.key == key), None)


def with_question(code: str, key: str) -> tuple[Call, Question] | None:
    """A call and a question of the form that is worked on."""
    call = queries.to_set_up(code)
    question = question_in(form_versions.present(call), key) if call else None
    return (call, question) if call and question else None


def with_section(code: str, key: str) -> tuple[Call, Section] | None:
    """A call and a section of the form that is worked on."""
    call = queries.to_set_up(code)
    section = section_in(form_versions.present(call), key) if call else None
    return (call, section) if call and section else None


def version_name(call: Call) -> str:
    """Which form new proposals answer: ``version 2``, or the standard form."""
    version = form_versions.newest(call)
    return gettext("version %(number)s", number=version.ordinal) if version else gettext("the standard form")
