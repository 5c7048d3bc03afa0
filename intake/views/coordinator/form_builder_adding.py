"""A question is added to a section of a form: of a kind, or one that the product knows already."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import form_versions, queries
from intake.call.models import Call
from intake.form.building import add_question
from intake.form.definition import BadForm, Form, Kind, Label, Page, always_open, label_in
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import changed, shown
from intake.views.coordinator.form_builder_words import KINDS, both, core_questions
from intake.views.display import tr
from intake.views.fields import Chosen, Line, Picked
from intake.views.fields import Form as Fields
from intake.views.gate import door
from intake.views.language import language
from intake.vocabulary import Action, Limit

CORE = "core-"
"""Stands before the key of a question that the product knows, where others have the name of their kind."""


class QuestionForm(Fields):
    """A new question."""

    section = Chosen(lazy_gettext("In the section"))
    label_en = Line(lazy_gettext("The question"), limit=Limit.NAME, required=False)
    label_zh = Line(lazy_gettext("The question in Chinese"), limit=Limit.NAME, required=False)
    kind = Picked(lazy_gettext("What kind of answer"))
    """Of a kind, or ready-made."""

    @classmethod
    def of(cls, form: Form) -> QuestionForm:
        """With the sections that take questions, every kind, and the ready-made questions that are not asked yet."""
        made = cls(section=request.args.get("section"))
        asking = [each for each in form.sections if each.page is Page.QUESTIONS]
        made.section.offer([(each.key, both(each.label)) for each in asking])
        kinds = [(kind.value, words[0]) for kind, words in KINDS.items() if kind is not Kind.THEME]
        made.kind.offer([*kinds, *((f"{CORE}{key}", words) for key, words in ready_made(form).items())])
        return made


def ready_made(form: Form) -> dict[str, str]:
    """The questions that the product knows and the form does not ask yet, with their labels, by key."""
    asked = {each.key for each in form.questions}
    known = core_questions().values()
    return {each.key: label_in(each.label, language()) for each in known if each.key not in asked}


@door(coordinator, "/desk/calls/<code>/form/add", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def form_add_question(call: Call) -> ResponseReturnValue:
    """Choose what kind of question; add it, and go on to its page."""
    fields = QuestionForm.of(form_versions.present(call))
    if not fields.is_submitted():
        return _page(call, fields)
    if not fields.validate():
        return _page(call, fields, 422)
    keys = {each.key for each in form_versions.present(call).questions}
    done = changed(call, lambda form: _with_one_more(call, form, fields))
    if not done:
        if isinstance(done.wrong, BadForm):
            at = fields.label_en if ".label" in done.wrong.place else fields.kind
            at.errors = [*at.errors, tr(done.wrong.reason)]
        return _page(done.call, fields, done.status)
    added = next(each for each in form_versions.present(call).questions if each.key not in keys)
    if always_open(added.key):
        flash(gettext("The question was added. Reviewers and the sponsor always get its answer."), "success")
    else:
        flash(gettext("The question was added. Set its limits and who reads the answer."), "success")
    return redirect(url_for("coordinator.form_question", code=call.code, key=added.key))


def _with_one_more(call: Call, form: Form, fields: QuestionForm) -> Form:
    """The form with the question at the end of the section; a ready-made one as the standard form asks it."""
    said, chosen = Label(fields.label_en.data, fields.label_zh.data), str(fields.kind.data)
    section = str(fields.section.data)
    if not chosen.startswith(CORE):
        taken = form_versions.keys_used(call)
        return add_question(form, section, Kind(chosen), said, taken=taken)
    known = core_questions()[chosen.removeprefix(CORE)]
    label = known.label if said == Label() else said
    help_ = {"en": known.help.en, "zh": known.help.zh}
    return add_question(form, section, known.kind, label, key=known.key, help=help_, required=known.required)


def _page(call: Call, fields: QuestionForm, status: int = 200) -> ResponseReturnValue:
    explained = {kind.value: words[1] for kind, words in KINDS.items()}
    ready = gettext("Ready-made: stands in lists, search and packets, and reviewers and the sponsor always get it.")
    declared = gettext("Ready-made: a declaration that rules of a call can ask for.")
    for key, question in core_questions().items():
        explained[f"{CORE}{key}"] = declared if question.kind is Kind.DECLARATION else ready
    return shown("add", call, status, form=fields, explained=explained)
