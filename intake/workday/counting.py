"""How many working days lie between two instants: by the public holidays of regions, and the days that the office knows
better."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from intake.vocabulary import Region

Overrides = Mapping[tuple[Region, date], bool]
"""Days that the office knows better than the published holidays: whether the region works on them."""

SATURDAY = 5
ONE_DAY = timedelta(days=1)
ZONES = {
    Region.HONG_KONG: frozenset({"Asia/Hong_Kong", "Hongkong"}),
    Region.MAINLAND: frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "PRC"}),
}
CATEGORIES = {Region.HONG_KONG: "optional", Region.MAINLAND: "public"}
"""What the package calls the holidays that offices keep: in Hong Kong the general holidays (its ``public`` ones are the
statutory ones, without Good Friday for some years yet), on the mainland those that the State Council announces."""


def region_of(zone: str) -> Region | None:
    """Whose public holidays count where clocks show ``zone`` (an IANA name), or None where we know of none.

    >>> region_of("Asia/Shanghai")
    <Region.MAINLAND: 'CN'>
    >>> region_of("Europe/London") is None
    True
    """
    return next((region for region, zones in ZONES.items() if zone in zones), None)


def working_days(start: datetime, end: datetime, regions: Collection[Region], overrides: Overrides, zone: str) -> int:
    """How many days after the day of ``start`` and up to the day of ``end``, by the calendar of ``zone``, are working
    days in every one of ``regions``. None lie between an instant and an earlier one.

    >>> from datetime import UTC
    >>> thursday, tuesday = datetime(2026, 12, 24, 9, tzinfo=UTC), datetime(2026, 12, 29, 9, tzinfo=UTC)
    >>> working_days(thursday, tuesday, [Region.HONG_KONG], {}, "Asia/Hong_Kong")  # 25 and 26 December are holidays
    2
    >>> working_days(thursday, tuesday, [Region.MAINLAND], {}, "Asia/Hong_Kong")  # 25 December is a Friday like others
    3
    """
    there = ZoneInfo(zone)
    day, last = start.astimezone(there).date(), end.astimezone(there).date()
    counted = 0
    while day < last:
        day += ONE_DAY
        counted += is_working(day, regions, overrides)
    return counted


def is_working(day: date, regions: Collection[Region], overrides: Overrides) -> bool:
    """Whether every one of ``regions`` works on ``day``; without any, whether it is from Monday to Friday.

    >>> is_working(date(2026, 2, 14), [Region.MAINLAND], {})  # a Saturday, worked for a day off
    True
    >>> is_working(date(2026, 2, 14), [Region.MAINLAND, Region.HONG_KONG], {})
    False
    """
    if not regions:
        return day.weekday() < SATURDAY
    return all(_works(day, region, overrides) for region in regions)


def _works(day: date, region: Region, overrides: Overrides) -> bool:
    known = overrides.get((region, day))
    if known is not None:
        return known
    off, made_up = _published(region, day.year)
    return day in made_up or (day.weekday() < SATURDAY and day not in off)


@lru_cache(maxsize=128)
def _published(region: Region, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays of a year, and the days of weekends that are worked to make up for days off."""
    from holidays import country_holidays  # takes a moment that only who counts should wait for

    found = country_holidays(region.value, years=year, categories=CATEGORIES[region])
    return frozenset(found), frozenset(day for day in found.weekend_workdays if day.year == year)


def published_days(region: Region, year: int) -> list[tuple[date, str, bool]]:
    """The public holidays of a year, and its weekend days that are worked to make up for days off: day, name (nothing
    for a worked one) and whether it is worked, in order.

    >>> published_days(Region.MAINLAND, 2026)[2:4]
    [(datetime.date(2026, 1, 4), '', True), (datetime.date(2026, 2, 14), '', True)]
    """
    from holidays import country_holidays

    named = country_holidays(region.value, years=year, categories=CATEGORIES[region], language="en_US")
    off, made_up = _published(region, year)
    rows = [(day, str(named.get(day, "")).partition(" (")[0], False) for day in off] + [
        (day, "", True) for day in made_up - off
    ]
    return sorted(rows)
