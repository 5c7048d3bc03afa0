"""When things happened in the demonstration: in office hours in Hong Kong, spread between then and now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from intake.vocabulary import State

ZONE = ZoneInfo("Asia/Hong_Kong")
DAY = timedelta(days=1)
OPENED_DAYS, CLOSES_DAYS = 130, 20
"""How long ago the calls opened, and in how many days they close, whenever the demonstration is loaded."""
STILL_SINCE_DAYS: dict[State, float] = {
    State.RETURNED: 3,
    State.INELIGIBLE: 13,
    State.ELIGIBLE: 5,
    State.MATCHED: 4,
    State.IN_REVIEW: 2,
    State.DECIDED: 4,
    State.SELECTED: 6,
    State.WITH_SPONSOR: 8,
    State.RESERVE: 15,
    State.AWARDED: 9,
    State.DECLINED: 17,
    State.WITHDRAWN: 12,
}
"""How many days ago, at least, the last thing happened to a proposal that is in the state now."""


def office_day(now: datetime, days: float, at: time) -> datetime:
    """The instant at the office's time ``at``, ``days`` before ``now`` (after it, where negative). A weekend counts as
    the Friday before."""
    day = (now - timedelta(days=days)).astimezone(ZONE).date()
    day -= timedelta(days=max(0, day.weekday() - 4))
    return datetime.combine(day, at, ZONE)


def working(instant: datetime, chance: Random) -> datetime:
    """Some moment of the office day of ``instant``, between nine and six."""
    minutes = 9 * 60 + chance.randrange(9 * 60)
    return office_day(instant, 0, time(minutes // 60, minutes % 60, chance.randrange(60)))


def spread(
    offsets: Sequence[float], now: datetime, submitted_days: float, state: State, chance: Random
) -> list[datetime]:
    """An instant for each offset (days after the submission, rising; before it, where negative): never one that has not
    come, and each later than the one before.

    What came after the submission is stretched so that the last of it lies as long ago as suits the state.
    """
    since = STILL_SINCE_DAYS.get(state, 0) + chance.random() * 3
    last = max(offsets)
    stretch = (submitted_days - since) / last if last > 0 else 1.0
    found: list[datetime] = []
    for offset in offsets:
        days = submitted_days - offset * (stretch if offset > 0 else 1.0)
        when = min(working(now - timedelta(days=days), chance), now - timedelta(minutes=90))
        if found:
            when = max(when, found[-1] + timedelta(minutes=chance.randrange(1, 4), seconds=chance.randrange(60)))
        found.append(when)
    return found
