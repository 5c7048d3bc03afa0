"""A call's dates and review settings, as its coordinator sets them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.call import queries
from intake.call.dates import COLUMNS, LABELS, dates_of, doubts, slack_of
from intake.call.models import Call
from intake.call.operations import Settings, arrange, lengthens, shortens
from intake.errors import Incomplete, Stale
from intake.opening import Opening, opening
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_form import TIMES, ZONES, CallForm, stated_zone, zone_name
from intake.views.dates import gaps, listed, office_zone, points
from intake.views.display import tr, written
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, CallDate, ReadsOthers
from intake.workday.queries import overrides


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
        return _page(call, form, 409, differences=_differences(call, wanted))
    except Incomplete as error:
        form.blame(error)
        return _page(call, form, 422, ask_sure=shortens(call, wanted), longer=lengthens(call, wanted))
    words = gettext("The settings are saved.") if changed else gettext("Nothing was different, so nothing changed.")
    flash(words, "success" if changed else "message")
    return redirect(url_for("coordinator.call_settings", code=call.code))


def _page(
    call: Call,
    form: CallForm,
    status: int,
    *,
    ask_sure: bool = False,
    longer: bool = False,
    differences: list[tuple[str, str, str]] | None = None,
) -> ResponseReturnValue:
    """The page. Statements: 1, beside what loaded the call."""
    now, dates = clock.now(), dates_of(call)
    slack = slack_of(call, overrides(), office_zone())
    sponsor = call.programme.sponsor
    html = render_template(
        "coordinator/call/settings.html",
        call=call,
        form=form,
        now=now,
        points=points(dates, now),
        gaps=gaps(slack),
        rows=listed(dates, now, sponsor.time_zone if sponsor else ""),
        moments=[(COLUMNS[date], ZONES[date]) for date in CallDate if COLUMNS[date] in form],
        doubts={name: tr(words) for name, words in doubts(call, slack).items()},
        open_now=not call.standing and opening(call, now) is Opening.OPEN,
        begun=opening(call, now) in (Opening.OPEN, Opening.CLOSED),
        ask_sure=ask_sure or form.sure.data,
        longer=longer,
        stale=status == 409,
        differences=differences or [],
    )
    return html, status


def _differences(call: Call, wanted: Settings) -> list[tuple[str, str, str]]:
    """Where the call, as it is now, differs from what was typed: label, what it is now, what was typed."""
    now_is, labels = Settings.of(call), _labels(call)
    found = [
        (labels[name], _said(getattr(now_is, name)), _said(getattr(wanted, name)))
        for name in Settings.__dataclass_fields__
        if name in labels and getattr(now_is, name) != getattr(wanted, name)
    ]
    for date, words in LABELS.items():
        was, typed = stated_zone(call, date), wanted.zones.get(date.value, office_zone())
        if getattr(wanted, COLUMNS[date]) and was != typed:
            label = gettext("%(date)s: zone", date=tr(words))
            found.append((label, zone_name(was), zone_name(typed)))
    return found


def _labels(call: Call) -> dict[str, str]:
    """The label of each setting that the call's form has."""
    form = CallForm.of(call)
    return {name: str(form[name].label.text) for name in Settings.__dataclass_fields__ if name in form}


def _said(value: Any) -> str:
    """A setting in words."""
    if value is None:
        return gettext("not set")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, ReadsOthers):
        return str(TIMES[value])
    return str(value) if isinstance(value, int) else written(value)
