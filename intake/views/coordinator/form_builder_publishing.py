"""The form that is worked on is published, or thrown away; and every version can be looked up."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import form_versions, queries
from intake.call.forms import read, standard_form
from intake.call.models import Call, FormVersion
from intake.errors import Incomplete
from intake.form.comparing import differences
from intake.form.definition import Form
from intake.people.queries import names
from intake.proposal.reforming import Concerned, Reach, concerned_by, publish, reach_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import shown, tried, version_name
from intake.views.coordinator.form_builder_outline import outline
from intake.views.display import tr
from intake.views.fields import Form as Fields
from intake.views.fields import Paragraph, Picked
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

LISTED = 100
"""So many received proposals are named; of more it is said how many."""


class PublishForm(Fields):
    """How a version is published."""

    note = Paragraph(lazy_gettext("Why it changes, for the office's log"), limit=Limit.REASON, required=False)
    reach = Picked(
        lazy_gettext("Whose form becomes the new one"),
        choices=[
            (Reach.NEW.value, lazy_gettext("New proposals only: drafts keep the form that they were begun with")),
            (Reach.DRAFTS.value, lazy_gettext("Drafts too: what they hold is kept, and their teams are told by mail")),
        ],
    )


@door(coordinator, "/desk/calls/<code>/form/publish", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def form_publish(call: Call) -> ResponseReturnValue:
    """Say what is different and whom it concerns; publish it. Statements: 10 to show it."""
    fields = PublishForm()
    concerned = concerned_by(call, form_versions.present(call), actor())
    if not concerned.drafts:
        del fields.reach
    if not fields.is_submitted():
        return _page(call, fields, concerned)
    if not fields.validate():
        return _page(call, fields, concerned, 422)
    reach = reach_of(fields.reach.data if concerned.drafts else None, concerned.drafts)
    seen, note = request.form.get("seen", ""), fields.note.data
    done = tried(call, lambda now: publish(now, note, reach, seen=seen, by=actor()))
    if not done:
        if isinstance(done.wrong, Incomplete):
            fields.blame(done.wrong)
        concerned = concerned_by(done.call, form_versions.present(done.call), actor())
        return _page(done.call, fields, concerned, done.status)
    flash(gettext("The form is published: %(what)s.", what=version_name(call)), "success")
    return redirect(url_for("coordinator.form_builder", code=call.code))


def _page(call: Call, fields: PublishForm, concerned: Concerned, status: int = 200) -> ResponseReturnValue:
    return shown(
        "publish",
        call,
        status,
        form=fields,
        concerned=concerned,
        received=concerned.received[:LISTED],
        different=_different(form_versions.in_use(call), form_versions.present(call)),
        in_force=version_name(call),
        working=form_versions.working(call),
    )


@door(coordinator, "/desk/calls/<code>/form/discard", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def form_discard(call: Call) -> ResponseReturnValue:
    """Ask whether everything that is not published is to go; throw it away."""
    different = _different(form_versions.in_use(call), form_versions.present(call))
    if request.method != "POST":
        return shown("discard", call, different=different, in_force=version_name(call))
    seen = request.form.get("seen", "")
    done = tried(call, lambda now: form_versions.discard(now, seen=seen, by=actor()))
    if not done and done.status == 409:
        different = _different(form_versions.in_use(done.call), form_versions.present(done.call))
        return shown("discard", done.call, 409, different=different, in_force=version_name(done.call))
    flash(tr(done.wrong.reason) if done.wrong else gettext("The changes were discarded."), "message")
    return redirect(url_for("coordinator.form_builder", code=call.code))


@door(coordinator, "/desk/calls/<code>/form/versions", Action.CALL_OVERSEE, queries.to_set_up)
def form_versions_list(call: Call) -> ResponseReturnValue:
    """Every version, the newest first, with what is different from the one before. Statements: 8."""
    known = names(_made_by(each) for each in call.forms)
    before, rows = standard_form(call), []
    for version in call.forms:
        form = read(version)
        rows.append({"version": version, "by": known.get(_made_by(version), ""), "different": _different(before, form)})
        before = form
    return shown("versions", call, rows=rows[::-1])


def one_version(code: str, ordinal: int) -> tuple[Call, FormVersion | None] | None:
    """A call and one version of its form; 0 is the standard form, before any version."""
    call = queries.to_set_up(code)
    if call is None:
        return None
    version = next((each for each in call.forms if each.ordinal == ordinal), None)
    return (call, version) if version is not None or ordinal == 0 else None


@door(coordinator, "/desk/calls/<code>/form/versions/<id:ordinal>", Action.CALL_OVERSEE, one_version)
def form_version(call: Call, version: FormVersion | None) -> ResponseReturnValue:
    """One version as it is, or was."""
    form = read(version) if version is not None else standard_form(call)
    return shown("version", call, version=version, blocks=outline(form, call))


def _different(before: Form, after: Form) -> list[str]:
    return [tr(each.words) for each in differences(before, after)]


def _made_by(version: FormVersion) -> int:
    return version.published_by_id or version.made_by_id or 0
