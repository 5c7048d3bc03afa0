"""A call's basics, as its coordinator sets them."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import queries
from intake.call.basics import Basics, change_basics
from intake.call.kinds import KINDS, explained
from intake.call.models import Call
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.display import money, tr
from intake.views.fields import Chosen, Declaration, Form, Line, Money, Paragraph, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Currency, Limit


class BasicsForm(Form):
    """What the office says of a call apart from its lists."""

    title = Line(lazy_gettext("Title"), limit=Limit.TITLE)
    summary = Paragraph(lazy_gettext("What it is for, in a few words"), limit=Limit.ABSTRACT, required=False)
    stage = Line(lazy_gettext("Name of this stage"), limit=Limit.NAME, required=False)
    currency = Chosen(lazy_gettext("Currency"), choices=[(each.value, each.value) for each in Currency])
    max_award_minor = Money(lazy_gettext("Most that one award pays"), required=False)
    max_award_source = Line(lazy_gettext("Where that amount stands"), limit=Limit.NAME, required=False)
    duration_least = Whole(
        lazy_gettext("Shortest duration, in months"), least=1, most=Limit.DURATION_MONTHS, required=False
    )
    duration_most = Whole(
        lazy_gettext("Longest duration, in months"), least=1, most=Limit.DURATION_MONTHS, required=False
    )
    by_invitation = Declaration(lazy_gettext("Only those may apply whom the office invites"), must=False)
    team_may_edit = Declaration(lazy_gettext("Co-investigators and assistants may edit drafts"), must=False)
    team_confirms = Declaration(lazy_gettext("Co-investigators confirm their part before it is submitted"), must=False)
    panel = Declaration(lazy_gettext("A panel of reviewers judges the proposals"), must=False)
    sponsor_decides = Declaration(lazy_gettext("The sponsor decides among those selected"), must=False)

    @classmethod
    def of(cls, call: Call) -> BasicsForm:
        """The form of this call; without a sponsor none decides."""
        form = cls(obj=call)
        if form.currency.data is not None and not form.is_submitted():
            form.currency.data = call.currency.value
        if call.programme.sponsor_id is None:
            del form.sponsor_decides
        return form

    def basics(self) -> Basics:
        """What the form says."""
        said = {name: self[name].data for name in Basics.__dataclass_fields__ if name in self}
        return Basics(**{"sponsor_decides": False, **said, "currency": Currency(said["currency"])})


@door(coordinator, "/desk/calls/<code>/setup/basics", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def call_basics(call: Call) -> ResponseReturnValue:
    """Show the basics; save them, or show them again with what is wrong or what somebody else changed."""
    form = BasicsForm.of(call)
    if not form.is_submitted():
        return _page(call, form)
    if not form.validate():
        return _page(call, form, 422)
    wanted = form.basics()
    done = tried(call, form, partial(change_basics, call, wanted, version=sent_version(), by=actor()))
    if not done:
        return _page(done.call, form, done.status, wanted)
    words = gettext("The basics are saved.") if done.result else gettext("Nothing was different, so nothing changed.")
    flash(words, "success" if done.result else "message")
    return redirect(url_for("coordinator.call_setup", code=call.code))


def _page(call: Call, form: BasicsForm, status: int = 200, wanted: Basics | None = None) -> ResponseReturnValue:
    return shown(
        "basics",
        call,
        status,
        form=form,
        kind=tr(KINDS[call.programme.kind]),
        explained=tr(explained(call.programme)),
        differences=_differences(call, form, wanted) if wanted and status == 409 else [],
    )


def _differences(call: Call, form: BasicsForm, wanted: Basics) -> list[tuple[str, str, str]]:
    """Where the call, as it is now, differs from what was typed: label, what it is now, what was typed."""
    now = Basics.of(call)
    names = [name for name in Basics.__dataclass_fields__ if name in form]
    return [
        (str(form[name].label.text), _said(call, name, getattr(now, name)), _said(call, name, getattr(wanted, name)))
        for name in names
        if getattr(now, name) != getattr(wanted, name)
    ]


def _said(call: Call, name: str, value: object) -> str:
    if value in (None, ""):
        return gettext("not set")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "max_award_minor" and isinstance(value, int):
        return str(money(value, call.currency))
    return str(value)
