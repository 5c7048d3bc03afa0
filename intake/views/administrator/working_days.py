"""Working days: the public holidays by which slack is counted, and the days that the office knows better."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake import clock
from intake.views.administrator import administrator
from intake.views.administrator.lists import asked, for_administrators
from intake.views.dates import office_zone
from intake.views.display import tr
from intake.views.fields import FIRST_YEAR, LAST_YEAR, Day, Form, Line, Picked
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit, Region, say
from intake.workday import queries
from intake.workday.counting import published_days
from intake.workday.models import WorkingDay
from intake.workday.operations import leave_day, set_day

REGIONS = {Region.HONG_KONG: say("Hong Kong"), Region.MAINLAND: say("The mainland")}
OFF, WORKED = "off", "worked"


class DayForm(Form):
    """A day that the office knows better."""

    region = Picked(lazy_gettext("Where"))
    day = Day(lazy_gettext("Day"))
    works = Picked(lazy_gettext("It is"), choices=[(OFF, lazy_gettext("a day off")), (WORKED, lazy_gettext("worked"))])
    name = Line(lazy_gettext("Why"), Limit.NAME)

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.region.offer([(region.value, tr(words)) for region, words in REGIONS.items()])


@door(administrator, "/administration/working-days", Action.AREA_ADMINISTRATION, methods=["GET", "POST"])
def working_days() -> ResponseReturnValue:
    """A year's public holidays, what the office says instead, and the form to say more of it. Statements: 1."""
    form = DayForm()
    form.offer()
    if request.method == "GET":
        return _page(form, 200)
    if not form.validate():
        return _page(form, 422)
    region, works = Region(form.region.data), form.works.data == WORKED
    set_day(region, form.day.data, working=works, name=form.name.data, by=actor())
    flash(gettext("Saved. Slack is counted with it from now on."), "success")
    return redirect(url_for("administrator.working_days", year=form.day.data.year))


@door(
    administrator,
    "/administration/working-days/<id:day_id>/leave",
    Action.AREA_ADMINISTRATION,
    for_administrators(queries.one),
    methods=["POST"],
)
def leave(day: WorkingDay) -> ResponseReturnValue:
    """Leave the day to the calendar again."""
    year = day.day.year
    leave_day(day, by=actor())
    flash(gettext("The published calendar counts for that day again."), "success")
    return redirect(url_for("administrator.working_days", year=year))


def _page(form: DayForm, status: int) -> ResponseReturnValue:
    year = _year()
    html = render_template(
        "administrator/working_days.html",
        form=form,
        year=year,
        years=[each for each in (year - 1, year + 1) if FIRST_YEAR <= each <= LAST_YEAR],
        published=[(tr(words), published_days(region, year)) for region, words in REGIONS.items()],
        days=queries.days(),
        regions={region: tr(words) for region, words in REGIONS.items()},
    )
    return html, status


def _year() -> int:
    """The year that the address asks for, or this one."""
    text = asked("year", 8)
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    return clock.now().astimezone(ZoneInfo(office_zone())).year
