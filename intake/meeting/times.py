"""Time zones of meetings: which may be chosen, and how an instant reads on the clocks of both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

OFFERED = (
    "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Kolkata", "Asia/Dubai",
    "Australia/Sydney", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Stockholm", "Europe/Zurich",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
    "America/Sao_Paulo", "UTC",
)  # fmt: skip
"""Those that a list offers; any other IANA name that is already in use stays."""


def is_zone(name: str) -> bool:
    """Whether it is an IANA name."""
    return name in available_timezones()


def told(instant: datetime, zone: str) -> str:
    """``12 Mar 2026, 17:00 HKT`` as the clock of ``zone`` shows it; ``UTC+04`` where a zone has no letters."""
    there = instant.astimezone(ZoneInfo(zone))
    letters = there.tzname() or ""
    named = f"UTC{letters}" if letters[:1] in "+-" else letters
    return f"{there.day} {there:%b %Y, %H:%M} {named}"


def told_in(instant: datetime, zones: Iterable[str]) -> str:
    """The instant on the clocks of several zones, each reading once, in the order given: ``… HKT = … CET``."""
    return " = ".join(dict.fromkeys(told(instant, zone) for zone in zones))


def overlap(begins: datetime, minutes: int, other: datetime, other_minutes: int) -> bool:
    """Whether two spans share a minute; one that begins when the other ends does not clash."""
    return begins < other + timedelta(minutes=other_minutes) and other < begins + timedelta(minutes=minutes)
