"""Time zones of meetings: which may be chosen, and how an instant reads on the clocks of both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from intake.clock import zone_name

OFFERED = (
    "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Kolkata", "Asia/Dubai",
    "Australia/Sydney", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Stockholm", "Europe/Zurich",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
    "America/Sao_Paulo", "UTC",
)  # fmt: skip
"""Those that a list offers; any other IANA name that is already in use stays."""


EARLIEST, LATEST = time(8), time(20)
"""The hours of a clock at which nobody wonders why they are asked."""
SATURDAY = 5


def is_zone(name: str) -> bool:
    """Whether it is an IANA name."""
    return name in available_timezones()


def told(instant: datetime, zone: str) -> str:
    """``12 Mar 2026, 17:00 HKT`` as the clock of ``zone`` shows it; named as ``clock.zone_name`` says."""
    there = instant.astimezone(ZoneInfo(zone))
    return f"{there.day} {there:%b %Y, %H:%M} {zone_name(there)}"


def told_in(instant: datetime, zones: Iterable[str]) -> str:
    """The instant on the clocks of several zones, in the order given: ``… HKT = … CET``. Of zones whose clocks show
    the same then, the first is told."""
    once: dict[timedelta | None, str] = {}
    for zone in zones:
        once.setdefault(instant.astimezone(ZoneInfo(zone)).utcoffset(), zone)
    return " = ".join(told(instant, zone) for zone in once.values())


def same_clock(instant: datetime, one: str, other: str) -> bool:
    """Whether the clocks of two zones show the same at that instant."""
    return instant.astimezone(ZoneInfo(one)).utcoffset() == instant.astimezone(ZoneInfo(other)).utcoffset()


def outside_hours(begins: datetime, minutes: int, zone: str) -> bool:
    """Whether some of it lies before 08:00 or after 20:00 of the day on which it begins on the clock of ``zone``."""
    there = begins.astimezone(ZoneInfo(zone))
    ends = (begins + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return there.time() < EARLIEST or ends.date() != there.date() or ends.time() > LATEST


def on_a_weekend(begins: datetime, zone: str) -> bool:
    """Whether it begins on a Saturday or a Sunday of ``zone``."""
    return begins.astimezone(ZoneInfo(zone)).weekday() >= SATURDAY


def overlap(begins: datetime, minutes: int, other: datetime, other_minutes: int) -> bool:
    """Whether two spans share a minute; one that begins when the other ends does not clash."""
    return begins < other + timedelta(minutes=other_minutes) and other < begins + timedelta(minutes=minutes)
