"""How a call begins: from a programme, as a copy of another with its dates shifted, or as its next stage."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from babel.dates import format_datetime
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import joinedload

from intake import clock
from intake.call import queries
from intake.call.basics import MOST_CODE
from intake.call.dates import LABELS
from intake.call.kinds import KINDS, explained
from intake.call.models import Call
from intake.call.preparing import clone, next_stage, prepare
from intake.call.shifting import MOST_DAYS, Shifted, days_to, shifted
from intake.desk.queries import overseen_calls
from intake.errors import Incomplete
from intake.extensions import db
from intake.policy import may
from intake.programme.models import Programme
from intake.programme.queries import programmes
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.dates import office_zone
from intake.views.display import tr
from intake.views.fields import Chosen, Form, Line, Picked, Whole
from intake.views.gate import actor, door, one_time_key
from intake.views.language import language
from intake.vocabulary import Action, Limit, say

USUAL_WEEKS = 52
MOST_WEEKS = MOST_DAYS // 7
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class Named(Form):
    """What every new call needs."""

    code = Line(lazy_gettext("Code"), limit=MOST_CODE)
    title = Line(lazy_gettext("Title"), limit=Limit.TITLE)


class NewForm(Named):
    """A call of a programme."""

    programme = Chosen(lazy_gettext("Programme"), blank=lazy_gettext("choose"))


class CloneForm(Named):
    """A call like another one, later."""

    by = Picked(
        lazy_gettext("Shift all dates"),
        choices=[("weeks", lazy_gettext("by whole weeks")), ("day", lazy_gettext("so that it opens on a day"))],
    )
    weeks = Whole(lazy_gettext("Weeks"), least=-MOST_WEEKS, most=MOST_WEEKS, required=False)
    day = Line(lazy_gettext("Opening day"), limit=10, required=False, render_kw={"type": "date"})

    def days(self, source: Call) -> int:
        """By how many days the dates shift. Raises Incomplete at the field that does not say it."""
        if self.by.data == "weeks":
            if self.weeks.data is None:
                raise _lacking("weeks", gettext("Say how many weeks."))
            return int(self.weeks.data) * 7
        try:
            opening = date.fromisoformat(self.day.data or "")
        except ValueError:
            raise _lacking("day", gettext("Write a day such as 2027-03-01.")) from None
        days = days_to(source, opening, office_zone())
        if days is None or abs(days) > MOST_DAYS:
            raise _lacking("day", gettext("That is too far from the dates of this call."))
        return days


class StageForm(Named):
    """The next stage of a call."""

    stage = Line(lazy_gettext("Name of the stage"), limit=Limit.NAME)


def _lacking(field: str, words: str) -> Incomplete:
    return Incomplete(say("Nothing was made."), {field: say("%(words)s", words=words)})


@door(coordinator, "/desk/calls/new", Action.AREA_DESK, methods=["GET", "POST"], once=True)
def call_new() -> ResponseReturnValue:
    """Choose a programme, or a call to begin from."""
    ours = [each for each in programmes() if may(actor(), Action.PROGRAMME_OVERSEE, each)]
    form = NewForm()
    form.programme.offer([(each.id, f"{each.name} ({each.code})") for each in ours])
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _begun(
                    prepare(_programme(int(form.programme.data)), form.code.data, form.title.data, by=actor())
                )
            except Incomplete as error:
                db.session.rollback()
                form.blame(error)
                ours = [each for each in programmes() if may(actor(), Action.PROGRAMME_OVERSEE, each)]
    elif request.args.get("programme", "").isdigit():
        form.programme.data = request.args["programme"]
    past = [each for each in overseen_calls(actor()) if may(actor(), Action.PROGRAMME_OVERSEE, each.programme)]
    kinds = [(each.name, tr(KINDS[each.kind]), tr(explained(each))) for each in ours]
    values = {"form": form, "kinds": kinds, "past": past, "once": one_time_key(), "most": MOST_CODE}
    return render_template("coordinator/call/new.html", **values), status


@door(
    coordinator,
    "/desk/calls/<code>/clone",
    Action.CALL_OVERSEE,
    queries.to_set_up,
    methods=["GET", "POST"],
    once=True,
)
def call_clone(call: Call) -> ResponseReturnValue:
    """Show each old date with its new one; make the call once the dates were read."""
    form = CloneForm(data={"by": "weeks", "weeks": USUAL_WEEKS, "code": _later(call.code), "title": _later(call.title)})
    if request.method != "POST":
        return _clone_page(call, form, USUAL_WEEKS * 7 if call.opens_at else 0)
    fits = form.validate()
    try:
        days = form.days(call) if not (form.by.errors or form.weeks.errors or form.day.errors) else None
    except Incomplete as error:
        form.blame(error)
        days, fits = None, False
    if not fits or days is None:
        return _clone_page(call, form, days, 422)
    if request.form.get("do") != "make" or request.form.get("seen") != str(days):
        return _clone_page(call, form, days, read_again=request.form.get("do") == "make")
    dates = shifted(call, days, office_zone())
    done = tried(call, form, partial(clone, call, form.code.data, form.title.data, dates, by=actor()))
    return _begun(done.result) if done else _clone_page(done.call, form, days, done.status)


@door(
    coordinator,
    "/desk/calls/<code>/stage",
    Action.CALL_OVERSEE,
    queries.to_set_up,
    methods=["GET", "POST"],
    once=True,
)
def call_stage(call: Call) -> ResponseReturnValue:
    """The stages before and after this one; begin the next."""
    stage = gettext("Full proposal")
    form = StageForm(data={"code": f"{call.code}-FULL"[:MOST_CODE], "title": f"{call.title}: {stage}", "stage": stage})
    if request.method != "POST":
        return _stage_page(call, form)
    if not form.validate():
        return _stage_page(call, form, 422)
    typed = (form.code.data, form.title.data, form.stage.data)
    done = tried(call, form, partial(next_stage, call, *typed, by=actor()))
    return _begun(done.result) if done else _stage_page(done.call, form, done.status)


def _stage_page(call: Call, form: StageForm, status: int = 200) -> ResponseReturnValue:
    ruling = may(actor(), Action.PROGRAMME_OVERSEE, call.programme)
    return shown("stage", call, status, form=form, following=queries.next_stages(call.id), making=ruling)


def _clone_page(
    call: Call, form: CloneForm, days: int | None, status: int = 200, *, read_again: bool = False
) -> ResponseReturnValue:
    dates = [_told(each) for each in shifted(call, days, office_zone())] if days is not None else []
    keeps = days is not None and days % 7 == 0
    ruling = may(actor(), Action.PROGRAMME_OVERSEE, call.programme)
    values = {"form": form, "days": days, "dates": dates, "keeps": keeps, "read_again": read_again, "making": ruling}
    return shown("clone", call, status, **values)


def _told(each: Shifted) -> dict[str, Any]:
    return {"label": tr(LABELS[each.date]), "was": _on(each.was, each.zone), "becomes": _on(each.becomes, each.zone)}


def _on(instant: datetime, zone: str) -> str:
    """``Mon 2 Mar 2026, 17:00 HKT``: with the day of the week, in the zone that the date is stated in."""
    there = instant.astimezone(ZoneInfo(zone))
    told = format_datetime(there, "EEE d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=language())
    return f"{told} {clock.zone_name(there)}"


def _begun(call: Call) -> ResponseReturnValue:
    flash(gettext("The call is in preparation: only its coordinators see it."), "success")
    if may(actor(), Action.CALL_OVERSEE, call):
        return redirect(url_for("coordinator.call_setup", code=call.code))
    return redirect(url_for("coordinator.calls"))


def _programme(number: int) -> Programme:
    return db.session.scalars(
        sa.select(Programme).where(Programme.id == number).options(joinedload(Programme.sponsor))
    ).one()


def _later(text: str) -> str:
    """The same with the year after each year in it."""
    return _YEAR.sub(lambda found: str(int(found[1]) + 1), text)
