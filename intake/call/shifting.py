"""The dates of a call, all shifted by the same number of days: what last year's call becomes this year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from intake.call.dates import COLUMNS
from intake.call.models import Call
from intake.vocabulary import CallDate

MOST_DAYS = 20 * 366


@dataclass(frozen=True, slots=True)
class Shifted:
    """One date: what it is, the zone it is stated in, when it was, when it will be."""

    date: CallDate
    zone: str
    was: datetime
    becomes: datetime


def zone_of(call: Call, each: CallDate, office: str) -> str:
    """The IANA name of the zone in which a date of the call is stated; ``office`` is the office's own."""
    return (call.zones or {}).get(each.value) or office


def shifted(call: Call, days: int, office: str) -> list[Shifted]:
    """Every date that the call has, ``days`` later (earlier, where negative) at the same time of the clock in its own
    zone, in the order in which dates come. Whole weeks keep the days of the week."""
    found = []
    for each, column in COLUMNS.items():
        was = getattr(call, column)
        if was is not None:
            zone = zone_of(call, each, office)
            found.append(Shifted(each, zone, was, _later(was, days, zone)))
    return found


def days_to(call: Call, opening: date, office: str) -> int | None:
    """By how many days the call's dates shift so that it opens on that day; None for a call that has no opening."""
    if call.opens_at is None:
        return None
    was = call.opens_at.astimezone(ZoneInfo(zone_of(call, CallDate.OPENS, office))).date()
    return (opening - was).days


def _later(instant: datetime, days: int, zone: str) -> datetime:
    there = ZoneInfo(zone)
    wall = instant.astimezone(there).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=there).astimezone(UTC)
