"""A call's dates and review settings, as its coordinator sets them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake import clock
from intake.call import queries
from intake.call.models import Call
from intake.call.operations import MOST_REVIEWS, Settings, arrange, shortens
from intake.errors import Incomplete, Stale
from intake.opening import Opening, opening
from intake.views.coordinator import coordinator
from intake.views.display import written
from intake.views.fields import Declaration, Form, Moment, Picked, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, ReadsOthers

DATES = ("opens_at", "closes_at")
PANEL = ("reviews_needed", "reads_others", "reviewers_named", "applicants_named")
TIMES = {
    ReadsOthers.NEVER: lazy_gettext("Never: each reviewer reads only their own"),
    ReadsOthers.AFTER_OWN: lazy_gettext("Once their own review is submitted"),
}


class CallForm(Form):
    """The settings; a standing call has no dates, and one without a panel nothing to set about reviews."""

    opens_at = Moment(lazy_gettext("Opens"), required=False)
    closes_at = Moment(lazy_gettext("Closes"), required=False)
    reviews_needed = Whole(lazy_gettext("Reviews needed before a decision"), least=1, most=MOST_REVIEWS)
    reads_others = Picked(lazy_gettext("A reviewer reads the other reviews of a proposal"), choices=list(TIMES.items()))
    reviewers_named = Declaration(lazy_gettext("Reviewers see who else reviews a proposal"), must=False)
    applicants_named = Declaration(lazy_gettext("Reviewers see who applies (leave empty for blind review)"), must=False)
    team_may_edit = Declaration(lazy_gettext("Co-investigators and assistants may edit drafts"), must=False)
    sure = Declaration(lazy_gettext("Yes, take proposals for a shorter time"), must=False)

    @classmethod
    def of(cls, call: Call) -> CallForm:
        """The form of this call, with only the fields that it has."""
        form = cls(obj=call)
        for name in (*(DATES if call.standing else ()), *(() if call.panel else PANEL)):
            del form[name]
        return form

    def settings(self, call: Call) -> Settings:
        """What the form says, over what the call has."""
        said = {name: self[name].data for name in Settings.__dataclass_fields__ if name in self}
        if "reads_others" in said:
            said["reads_others"] = ReadsOthers(said["reads_others"])
        kept = {name: getattr(call, name) for name in Settings.__dataclass_fields__ if name not in said}
        return Settings(**kept, **said)


@door(coordinator, "/desk/calls/<code>/settings", Action.CALL_OVERSEE, queries.one, methods=["GET", "POST"])
def call_settings(call: Call) -> ResponseReturnValue:
    """Show the settings; save them, or show them again with what is wrong or what somebody else changed."""
    form = CallForm.of(call)
    if not form.is_submitted():
        return _page(call, form, 200)
    if not form.validate():
        return _page(call, form, 422)
    wanted = form.settings(call)
    try:
        changed = arrange(call, wanted, by=actor(), version=sent_version(), sure=form.sure.data)
    except Stale:
        return _page(call, form, 409, differences=_differences(call, form, wanted))
    except Incomplete as error:
        form.blame(error)
        return _page(call, form, 422, ask_sure=shortens(call, wanted))
    words = gettext("The settings are saved.") if changed else gettext("Nothing was different, so nothing changed.")
    flash(words, "success" if changed else "message")
    return redirect(url_for("coordinator.call_settings", code=call.code))


def _page(
    call: Call,
    form: CallForm,
    status: int,
    *,
    ask_sure: bool = False,
    differences: list[tuple[str, str, str]] | None = None,
) -> ResponseReturnValue:
    html = render_template(
        "coordinator/call/settings.html",
        call=call,
        form=form,
        now=clock.now(),
        open_now=not call.standing and opening(call, clock.now()) is Opening.OPEN,
        ask_sure=ask_sure or form.sure.data,
        stale=status == 409,
        differences=differences or [],
    )
    return html, status


def _differences(call: Call, form: CallForm, wanted: Settings) -> list[tuple[str, str, str]]:
    """Where the call, as it is now, differs from what was typed: label, what it is now, what was typed."""
    return [
        (str(form[name].label.text), _said(getattr(call, name)), _said(getattr(wanted, name)))
        for name in Settings.__dataclass_fields__
        if name in form and getattr(call, name) != getattr(wanted, name)
    ]


def _said(value: Any) -> str:
    """A setting in words."""
    if value is None:
        return gettext("not set")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, ReadsOthers):
        return str(TIMES[value])
    return str(value) if isinstance(value, int) else written(value)
