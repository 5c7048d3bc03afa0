"""Working days counted by hand: with both places' holidays, days that are worked instead, and what the office knows."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.vocabulary import Region
from intake.workday import counting
from intake.workday.counting import Overrides, is_working, region_of, working_days

pytestmark = pytest.mark.once
HK, CN = Region.HONG_KONG, Region.MAINLAND
THERE = ZoneInfo("Asia/Hong_Kong")


def days(start: str, end: str, *regions: Region, known: Overrides | None = None, zone: str = "Asia/Hong_Kong") -> int:
    """Working days between 17:00 of one day in Hong Kong and 17:00 of another."""
    at = [datetime.combine(date.fromisoformat(day), time(17), THERE).astimezone(UTC) for day in (start, end)]
    return working_days(at[0], at[1], regions, known or {}, zone)


@pytest.mark.parametrize(
    ("start", "end", "regions", "counted"),
    [
        # an ordinary week: from Monday, Tuesday to Thursday; over a weekend
        ("2026-03-02", "2026-03-05", [HK], 3),
        ("2026-03-06", "2026-03-09", [HK, CN], 1),
        ("2026-03-06", "2026-03-08", [HK, CN], 0),
        ("2026-03-02", "2026-03-02", [HK, CN], 0),
        # Lunar New Year: Hong Kong keeps Tuesday 17 to Thursday 19 February, the mainland 16 to 23
        ("2026-02-13", "2026-02-20", [HK], 2),  # Monday 16 and Friday 20
        ("2026-02-13", "2026-02-20", [CN], 1),  # Saturday 14, worked for a day off
        ("2026-02-13", "2026-02-24", [CN], 2),  # 14 and 24
        ("2026-02-13", "2026-02-24", [HK, CN], 1),  # 24 alone
        ("2026-02-27", "2026-03-02", [CN], 2),  # Saturday 28 is worked, then Monday
        ("2026-02-27", "2026-03-02", [HK, CN], 1),
        # Easter and Ching Ming: 3 to 7 April in Hong Kong, Monday 6 on the mainland
        ("2026-04-02", "2026-04-08", [HK], 1),
        ("2026-04-02", "2026-04-08", [CN], 3),
        # National Day: 1 October in Hong Kong, 1 to 7 on the mainland, which works on Saturday 10
        ("2026-09-30", "2026-10-09", [HK], 6),
        ("2026-09-30", "2026-10-09", [CN], 2),
        ("2026-09-30", "2026-10-12", [HK, CN], 3),  # 8, 9 and 12
        ("2026-09-30", "2026-10-12", [CN], 4),
        # Christmas, and the day after it, a Saturday, in Hong Kong alone
        ("2026-12-24", "2026-12-28", [HK], 1),
        ("2026-12-24", "2026-12-28", [CN], 2),
        # without a region only weekends count as off
        ("2026-12-24", "2026-12-28", [], 2),
        # from one year into the next
        ("2025-12-31", "2026-01-05", [HK], 2),  # 2 and 5 January
        ("2025-12-31", "2026-01-05", [CN], 2),  # Sunday 4, worked for Friday 2, and Monday 5
        # backwards there are none
        ("2026-03-05", "2026-03-02", [HK], 0),
    ],
)
def test_working_days_by_hand(start: str, end: str, regions: list[Region], counted: int) -> None:
    assert days(start, end, *regions) == counted


def test_the_day_is_the_one_that_the_zone_shows() -> None:
    """At 17:30 UTC on Sunday it is Monday in Hong Kong: from there on Tuesday alone is left."""
    start, end = datetime(2026, 3, 1, 17, 30, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert working_days(start, end, [HK], {}, "Asia/Hong_Kong") == 1
    assert working_days(start, end, [HK], {}, "America/New_York") == 2


def test_what_the_office_knows_goes_before_the_calendar() -> None:
    storm, saturday = {(HK, date(2026, 3, 3)): False}, {(HK, date(2026, 3, 7)): True}
    assert days("2026-03-02", "2026-03-05", HK, known=storm) == 2
    assert days("2026-03-02", "2026-03-05", CN, known=storm) == 3
    assert days("2026-03-06", "2026-03-09", HK, known=saturday) == 2
    assert days("2026-03-06", "2026-03-09", HK, CN, known=saturday) == 1
    assert days("2026-12-24", "2026-12-28", HK, known={(HK, date(2026, 12, 25)): True}) == 2


def test_the_general_holidays_of_hong_kong_2026() -> None:
    """As the government's list has them, those on Saturdays left out."""
    off = "01-01 02-17 02-18 02-19 04-03 04-06 04-07 05-01 05-25 06-19 07-01 10-01 10-19 12-25"
    first = date(2026, 1, 1)
    year = [first + timedelta(days=n) for n in range(365)]
    found = [f"{day:%m-%d}" for day in year if day.weekday() < 5 and not is_working(day, [HK], {})]
    assert found == off.split()


def test_regions_of_zones() -> None:
    assert [region_of(zone) for zone in ("Asia/Hong_Kong", "Asia/Shanghai", "UTC", "")] == [HK, CN, None, None]


@pytest.mark.parametrize("year", [1990, 2051, 2199])
def test_a_year_that_nobody_has_published_is_no_fault(year: int) -> None:
    start, end = datetime(year, 6, 1, tzinfo=UTC), datetime(year, 12, 31, 1, tzinfo=UTC)
    assert 100 < working_days(start, end, [HK, CN], {}, "UTC") < 160


def test_the_examples_hold() -> None:
    assert doctest.testmod(counting).failed == 0
