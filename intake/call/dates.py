"""The dates of a call: what each is called, who may know it, what order they keep, and how much slack lies between.

Reads plain attributes of a call, and of its programme and sponsor; asks nothing of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from intake.vocabulary import CallDate, Desk, Region, Words, say
from intake.workday.counting import Overrides, region_of, working_days

COLUMNS: dict[CallDate, str] = {
    CallDate.OPENS: "opens_at",
    CallDate.NOTICE_DUE: "notice_due_at",
    CallDate.CLOSES: "closes_at",
    CallDate.CHECK_BY: "check_by_at",
    CallDate.SPONSOR_DEADLINE: "sponsor_deadline_at",
    CallDate.REVIEW_DUE: "review_due_at",
    CallDate.DECISION: "decision_at",
}
"""The column of each date, in the order in which they come."""

LABELS: dict[CallDate, Words] = {
    CallDate.OPENS: say("Opens"),
    CallDate.NOTICE_DUE: say("Notice of intent due"),
    CallDate.CLOSES: say("Closes"),
    CallDate.CHECK_BY: say("Office check-by"),
    CallDate.SPONSOR_DEADLINE: say("Sponsor's deadline"),
    CallDate.REVIEW_DUE: say("Reviews due"),
    CallDate.DECISION: say("Answer expected"),
}

DESKS: dict[CallDate, Desk] = {
    CallDate.OPENS: Desk.OFFICE,
    CallDate.NOTICE_DUE: Desk.APPLICANT,
    CallDate.CLOSES: Desk.APPLICANT,
    CallDate.CHECK_BY: Desk.OFFICE,
    CallDate.SPONSOR_DEADLINE: Desk.SPONSOR,
    CallDate.REVIEW_DUE: Desk.REVIEWERS,
    CallDate.DECISION: Desk.OFFICE,
}
"""Whose work each date ends, or begins."""

PUBLIC = frozenset({CallDate.OPENS, CallDate.NOTICE_DUE, CallDate.CLOSES, CallDate.DECISION})
"""What everybody may know; the other dates are between the office, its reviewers and the sponsor."""

DEADLINES = (CallDate.CLOSES, CallDate.CHECK_BY, CallDate.SPONSOR_DEADLINE)
"""The three deadlines that must leave time for each other."""

_AFTER_THE_CLOSE = say("The call has not closed by then.")
_ORDER: tuple[tuple[CallDate, CallDate, CallDate, Words], ...] = (
    (CallDate.OPENS, CallDate.CLOSES, CallDate.CLOSES, say("It must close after it opens.")),
    (
        CallDate.NOTICE_DUE,
        CallDate.CLOSES,
        CallDate.NOTICE_DUE,
        say("A notice of intent must be due before the call closes."),
    ),
    (CallDate.CLOSES, CallDate.CHECK_BY, CallDate.CHECK_BY, _AFTER_THE_CLOSE),
    (CallDate.CLOSES, CallDate.SPONSOR_DEADLINE, CallDate.SPONSOR_DEADLINE, _AFTER_THE_CLOSE),
    (
        CallDate.CHECK_BY,
        CallDate.SPONSOR_DEADLINE,
        CallDate.SPONSOR_DEADLINE,
        say("It must come after the office has checked."),
    ),
    (CallDate.CLOSES, CallDate.REVIEW_DUE, CallDate.REVIEW_DUE, _AFTER_THE_CLOSE),
    (CallDate.CLOSES, CallDate.DECISION, CallDate.DECISION, _AFTER_THE_CLOSE),
)
"""Pairs of dates of which the first must come before the second, the one that is blamed, and why."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of a call that is set; ``zone`` is the one that it is stated in, or None for the office's."""

    date: CallDate
    at: datetime
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Slack:
    """How many working days lie between two deadlines."""

    since: Dated
    until: Dated
    days: int


def dates_of(call: Any) -> list[Dated]:
    """The dates of the call that are set, in the order of ``CallDate``."""
    found = ((date, getattr(call, column)) for date, column in COLUMNS.items())
    return [Dated(date, at, call.zones.get(date.value)) for date, at in found if at is not None]


def public_dates(call: Any) -> list[Dated]:
    """As ``dates_of``, less those that are none of the public's business."""
    return [each for each in dates_of(call) if each.date in PUBLIC]


def regions_of(call: Any, zone: str) -> frozenset[Region]:
    """Where work must be done for the call: at the office, whose zone is ``zone``, and at its sponsor."""
    sponsor = call.programme.sponsor
    zones = (zone, sponsor.time_zone if sponsor is not None else "")
    return frozenset(region for each in zones if (region := region_of(each)) is not None)


def slack_of(call: Any, overrides: Overrides, zone: str) -> list[Slack]:
    """The slack between each deadline that is set and the next: days on which office and sponsor both work, by the
    calendar of the office's ``zone``. Programme and sponsor must be loaded."""
    known = [each for each in dates_of(call) if each.date in DEADLINES]
    regions = regions_of(call, zone)
    return [
        Slack(since, until, working_days(since.at, until.at, regions, overrides, zone))
        for since, until in pairwise(known)
    ]


def out_of_order(dates: Mapping[CallDate, datetime | None]) -> dict[str, Words]:
    """What is senseless about the dates: a reason for each column that is to blame."""
    wrong: dict[str, Words] = {}
    for first, second, blamed, why in _ORDER:
        before, after = dates.get(first), dates.get(second)
        if before is not None and after is not None and before >= after:
            wrong.setdefault(COLUMNS[blamed], why)
    return wrong


def doubts(call: Any, slack: list[Slack]) -> dict[str, Words]:
    """What is allowed and seldom meant: a warning for each column that it is about."""
    found = {
        COLUMNS[each.until.date]: say("No working day lies between it and the deadline before.")
        for each in slack
        if each.days == 0
    }
    if call.review_due_at and call.decision_at and call.decision_at <= call.review_due_at:
        found["decision_at"] = say("Reviews are due only then, or later.")
    return found
