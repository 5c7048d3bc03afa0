"""One section of a form: its names and its help."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import form_versions
from intake.call.models import Call
from intake.errors import Stale
from intake.form.building import rename_section
from intake.form.definition import BadForm, Label, Section
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import changed, name_of, section_in, shown, with_section
from intake.views.display import tr
from intake.views.fields import Form as Fields
from intake.views.fields import Line, Paragraph
from intake.views.gate import door
from intake.vocabulary import Action, Limit


class SectionFields(Fields):
    """The words of a section."""

    label_en = Line(lazy_gettext("Name of the section"), limit=Limit.NAME, required=False)
    label_zh = Line(lazy_gettext("Its name in Chinese"), limit=Limit.NAME, required=False)
    help_en = Paragraph(lazy_gettext("What to do here, in a sentence"), limit=Limit.REASON, required=False)
    help_zh = Paragraph(lazy_gettext("The same in Chinese"), limit=Limit.REASON, required=False)


def words_of(part: Section) -> dict[str, str]:
    """The words of a section as its fields have them."""
    label, help_ = part.label, part.help
    return {"label_en": label.en, "label_zh": label.zh, "help_en": help_.en, "help_zh": help_.zh}


@door(
    coordinator,
    "/desk/calls/<code>/form/sections/<key>",
    Action.CALL_OVERSEE,
    with_section,
    methods=["GET", "POST"],
)
def form_section(call: Call, section: Section) -> ResponseReturnValue:
    """The words of a section: shown, saved, or shown again with what is wrong."""
    fields = SectionFields(data=words_of(section))
    if not fields.is_submitted():
        return _page(call, section, fields)
    if not fields.validate():
        return _page(call, section, fields, 422)
    said = fields.data
    label, help_ = Label(said["label_en"], said["label_zh"]), Label(said["help_en"], said["help_zh"])
    done = changed(call, lambda form: rename_section(form, section.key, label, help_))
    if not done:
        if isinstance(done.wrong, BadForm):
            name = "help_en" if ".help" in done.wrong.place else "label_en"
            fields[name].errors = [tr(done.wrong.reason)]
        now = section_in(form_versions.present(done.call), section.key)
        if now is None:
            raise Stale
        return _page(done.call, now, fields, done.status)
    flash(gettext("The section is saved."), "success")
    return redirect(url_for("coordinator.form_builder", code=call.code, _anchor=f"section-{section.key}"))


def _page(call: Call, section: Section, fields: SectionFields, status: int = 200) -> ResponseReturnValue:
    return shown("section", call, status, form=fields, section=section, label=_label(call, section))


def _label(call: Call, section: Section) -> str:
    return name_of(form_versions.present(call), section.key)
