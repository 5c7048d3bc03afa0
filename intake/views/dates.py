"""How the dates of a call read: as points of its time line, with the slack between them, and as a list with every zone
that matters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext, ngettext

from intake.call.dates import DESKS, LABELS, Dated, Slack, public_dates
from intake.call.models import Call
from intake.opening import told_close
from intake.views.display import tr
from intake.vocabulary import CallDate, Words, say

AHEAD: dict[CallDate, Words] = {
    CallDate.OPENS: say("opens"),
    CallDate.NOTICE_DUE: say("notice due"),
    CallDate.CLOSES: say("closes"),
    CallDate.CHECK_BY: say("check-by"),
    CallDate.SPONSOR_DEADLINE: say("sponsor's deadline"),
    CallDate.REVIEW_DUE: say("reviews due"),
    CallDate.DECISION: say("answer expected"),
}
"""What stands at a point of the line; ``PASSED`` where it lies behind and another word is meant."""
PASSED: dict[CallDate, Words] = {CallDate.OPENS: say("opened"), CallDate.CLOSES: say("closed")}
ENDED: dict[CallDate, Words] = {CallDate.OPENS: say("Opened"), CallDate.CLOSES: say("Closed")}


def office_zone() -> str:
    """The office's own zone."""
    zone: str = current_app.config["TIME_ZONE"]
    return zone


def points(dates: Iterable[Dated], now: datetime) -> list[dict[str, Any]]:
    """The dates as ``call_line`` takes them."""
    return [{"label": tr(_word(each, now)), "at": each.at, "desk": DESKS[each.date].value} for each in dates]


def _word(each: Dated, now: datetime) -> Words:
    return PASSED.get(each.date, AHEAD[each.date]) if each.at <= now else AHEAD[each.date]


def gaps(slack: Iterable[Slack]) -> list[dict[str, Any]]:
    """The slack as ``call_line`` takes it: from when to when, in words, and whether there is none."""
    return [
        {
            "since": each.since.at,
            "until": each.until.at,
            "between": gettext(
                "%(first)s to %(second)s", first=tr(AHEAD[each.since.date]), second=tr(AHEAD[each.until.date])
            ),
            "label": working_days_in_words(each.days),
            "none": each.days == 0,
        }
        for each in slack
    ]


def working_days_in_words(days: int) -> str:
    """``4 working days``."""
    return ngettext("%(num)s working day", "%(num)s working days", days) if days else gettext("no working day")


def listed(dates: Iterable[Dated], now: datetime, sponsor_zone: str = "") -> list[dict[str, Any]]:
    """The dates for a list: label, instant, the zone that it is stated in, and the other zones that matter (the
    office's; of the sponsor's deadline also the sponsor's)."""
    return [_row(each, now, sponsor_zone) for each in dates]


def _row(each: Dated, now: datetime, sponsor_zone: str) -> dict[str, Any]:
    stated = each.zone or office_zone()
    others = [office_zone(), sponsor_zone if each.date is CallDate.SPONSOR_DEADLINE else ""]
    label = ENDED.get(each.date, LABELS[each.date]) if each.at <= now else LABELS[each.date]
    return {
        "label": tr(label),
        "at": each.at,
        "zone": stated,
        "others": [zone for zone in dict.fromkeys(others) if zone and zone != stated],
    }


def public_points(call: Call, now: datetime) -> list[dict[str, Any]]:
    """The dates that everybody may know, as ``call_line`` takes them."""
    return points(public_dates(call), now)


def register(app: Flask) -> None:
    """Let templates draw the line of a call that they are given, and tell a team its close."""
    app.jinja_env.globals.update(public_points=public_points, told_close=told_close)
