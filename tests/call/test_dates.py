"""The dates of a call: their order, their slack in working days, and what is worth a warning."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from intake.call.dates import dates_of, doubts, out_of_order, public_dates, regions_of, slack_of
from intake.vocabulary import CallDate, Region

pytestmark = pytest.mark.once
HOME = "Asia/Hong_Kong"


def at(day: str, hour: int = 9) -> datetime:
    """An instant of 2026."""
    return datetime.fromisoformat(f"2026-{day}").replace(hour=hour, tzinfo=UTC)


def call(sponsor_zone: str | None = "Asia/Shanghai", **dates: Any) -> Any:
    columns = dict.fromkeys(
        ("opens_at", "notice_due_at", "closes_at", "check_by_at", "sponsor_deadline_at", "review_due_at", "decision_at")
    )
    sponsor = SimpleNamespace(time_zone=sponsor_zone) if sponsor_zone is not None else None
    return SimpleNamespace(**columns | {"zones": {}} | dates, programme=SimpleNamespace(sponsor=sponsor))


def test_the_dates_that_are_set_in_their_order_each_with_its_zone() -> None:
    made = call(decision_at=at("06-01"), opens_at=at("03-02"), closes_at=at("03-31"), check_by_at=at("04-09"))
    made.zones = {"closes": "UTC"}
    assert [(each.date, each.zone) for each in dates_of(made)] == [
        (CallDate.OPENS, None),
        (CallDate.CLOSES, "UTC"),
        (CallDate.CHECK_BY, None),
        (CallDate.DECISION, None),
    ]
    assert [each.date for each in public_dates(made)] == [CallDate.OPENS, CallDate.CLOSES, CallDate.DECISION]


def test_slack_counts_days_on_which_office_and_sponsor_both_work() -> None:
    """31 March is a Tuesday: 1 and 2 April, then Good Friday to Easter Tuesday in Hong Kong, then 8 and 9."""
    made = call(closes_at=at("03-31"), check_by_at=at("04-09"), sponsor_deadline_at=at("04-13"))
    assert [(each.since.date, each.until.date, each.days) for each in slack_of(made, {}, HOME)] == [
        (CallDate.CLOSES, CallDate.CHECK_BY, 4),
        (CallDate.CHECK_BY, CallDate.SPONSOR_DEADLINE, 2),
    ]
    assert slack_of(made, {(Region.HONG_KONG, date(2026, 4, 1)): False}, HOME)[0].days == 3
    made.check_by_at = None
    assert [each.days for each in slack_of(made, {}, HOME)] == [6]
    assert slack_of(call(closes_at=at("03-31")), {}, HOME) == []


@pytest.mark.parametrize(
    ("zone", "regions"),
    [
        ("Asia/Shanghai", {Region.HONG_KONG, Region.MAINLAND}),
        ("Asia/Hong_Kong", {Region.HONG_KONG}),
        ("Europe/Berlin", {Region.HONG_KONG}),
        (None, {Region.HONG_KONG}),
    ],
)
def test_whose_holidays_count(zone: str | None, regions: set[Region]) -> None:
    assert regions_of(call(zone), HOME) == regions


@pytest.mark.parametrize(
    ("dates", "blamed"),
    [
        ({CallDate.OPENS: at("03-02"), CallDate.CLOSES: at("03-02")}, "closes_at"),
        ({CallDate.NOTICE_DUE: at("03-31"), CallDate.CLOSES: at("03-31")}, "notice_due_at"),
        ({CallDate.CLOSES: at("03-31"), CallDate.CHECK_BY: at("03-30")}, "check_by_at"),
        ({CallDate.CLOSES: at("03-31"), CallDate.SPONSOR_DEADLINE: at("03-30")}, "sponsor_deadline_at"),
        ({CallDate.CHECK_BY: at("03-31"), CallDate.SPONSOR_DEADLINE: at("03-31")}, "sponsor_deadline_at"),
        ({CallDate.CLOSES: at("03-31"), CallDate.REVIEW_DUE: at("03-01")}, "review_due_at"),
        ({CallDate.CLOSES: at("03-31"), CallDate.DECISION: at("03-01")}, "decision_at"),
        ({CallDate.NOTICE_DUE: at("02-01"), CallDate.OPENS: at("03-01")}, None),  # notices of an announced call
        ({CallDate.SPONSOR_DEADLINE: at("03-31"), CallDate.DECISION: at("03-01")}, None),
        ({CallDate.OPENS: at("03-01"), CallDate.CLOSES: None}, None),
    ],
)
def test_what_is_senseless(dates: dict[CallDate, datetime | None], blamed: str | None) -> None:
    assert list(out_of_order(dates)) == ([blamed] if blamed else [])


def test_what_is_worth_a_warning() -> None:
    made = call(closes_at=at("04-02"), check_by_at=at("04-06"), sponsor_deadline_at=at("04-08"))
    assert list(doubts(made, slack_of(made, {}, HOME))) == ["check_by_at"], "nobody works over Easter"
    made = call(review_due_at=at("05-02"), decision_at=at("05-01"))
    assert list(doubts(made, [])) == ["decision_at"]
