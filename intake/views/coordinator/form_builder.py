"""The form of a call as its coordinator builds it: sections and questions in their order, and how they are moved."""

from __future__ import annotations

import re

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import form_versions, queries
from intake.call.models import Call
from intake.form.building import add_section
from intake.form.comparing import differences
from intake.form.definition import BadForm, Form, Label, Page, label_in
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import changed, shown, told, version_name
from intake.views.coordinator.form_builder_moving import placed, rearranged, stepped
from intake.views.coordinator.form_builder_outline import outline
from intake.views.coordinator.form_builder_words import PAGES
from intake.views.display import tr
from intake.views.fields import Form as Fields
from intake.views.fields import Line, Picked
from intake.views.gate import door
from intake.views.language import language
from intake.vocabulary import Action, Limit

_DO = re.compile(r"(up|down)-(section|question)-([a-z][a-z0-9_]*)", re.ASCII)


class SectionForm(Fields):
    """A new section."""

    label_en = Line(lazy_gettext("Name of the section"), limit=Limit.NAME, required=False)
    label_zh = Line(lazy_gettext("In Chinese"), limit=Limit.NAME, required=False)
    page = Picked(lazy_gettext("What stands in it"))

    @classmethod
    def of(cls, form: Form) -> SectionForm:
        """With only what the form can still take: it has its team already, and free attachments once at most."""
        made = cls(page=Page.QUESTIONS.value)
        held = {each.page for each in form.sections} - {Page.QUESTIONS}
        made.page.offer([(page.value, words) for page, words in PAGES.items() if page not in held])
        return made


@door(coordinator, "/desk/calls/<code>/form", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def form_builder(call: Call) -> ResponseReturnValue:
    """The whole form. Its buttons move a section or a question, or add a section. Statements: 7."""
    fields = SectionForm.of(form_versions.present(call))
    if request.method != "POST":
        return _page(call, fields)
    return _add(call, fields) if request.form.get("do") == "add" else _move(call, fields)


def _add(call: Call, fields: SectionForm) -> ResponseReturnValue:
    if not fields.validate():
        return _page(call, fields, 422)
    label = Label(fields.label_en.data, fields.label_zh.data)
    done = changed(call, lambda form: add_section(form, label, page=Page(fields.page.data)))
    if not done:
        if isinstance(done.wrong, BadForm):
            at = fields.label_en if "label" in done.wrong.place else fields.page
            at.errors = [*at.errors, tr(done.wrong.reason)]
        return _page(done.call, fields, done.status)
    key = form_versions.present(call).sections[-1].key
    flash(gettext("“%(name)s” was added at the end.", name=label_in(label, language())), "success")
    return redirect(url_for("coordinator.form_builder", code=call.code, _anchor=f"section-{key}"))


def _move(call: Call, fields: SectionForm) -> ResponseReturnValue:
    """Move what the button, or the mouse, asked for, and come back to the same button."""
    before, pressed = form_versions.present(call), _DO.fullmatch(request.form.get("do", ""))
    if pressed:
        way, what, key = pressed.groups()
        layout = stepped(before, way, what, key)
    else:
        way, what, key = "up", "question", request.form.get("key", "")
        layout = placed(before, key, request.form.get("to", ""))
    if layout is None:
        return redirect(url_for("coordinator.form_builder", code=call.code))
    done = changed(call, lambda form: rearranged(form, what, key, layout))
    if not done:
        form = form_versions.present(done.call)
        refused = tr(told(done.wrong, form, layout)) if done.wrong else ""
        return _page(done.call, fields, done.status, refused)
    return redirect(url_for("coordinator.form_builder", code=call.code, _anchor=_button(call, way, what, key)))


def _button(call: Call, way: str, what: str, key: str) -> str:
    """The button to come back to: the same one, or the other where it can go no further that way."""
    blocks = outline(form_versions.present(call), call)
    able = {("section", each.section.key): (each.up, each.down) for each in blocks}
    able |= {("question", row.question.key): (row.up, row.down) for each in blocks for row in each.rows}
    up, down = able[what, key]
    way = "up" if up and (way == "up" or not down) else "down"
    return f"{way}-{what}-{key}"


def _page(call: Call, fields: SectionForm, status: int = 200, refused: str = "") -> ResponseReturnValue:
    form, before = form_versions.present(call), form_versions.in_use(call)
    return shown(
        "builder",
        call,
        status,
        form=fields,
        blocks=outline(form, call),
        different=[tr(each.words) for each in differences(before, form)],
        working=form_versions.working(call),
        in_force=version_name(call),
        refused=refused,
        count=len(form.questions),
    )
