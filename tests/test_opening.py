"""Whether a call is open, to everybody and to one draft: every edge by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from intake.opening import Opening, closing_for, opening, opening_for, sealed_at, sealed_until, told_close

pytestmark = pytest.mark.once
OPENS = datetime(2026, 3, 1, 1, tzinfo=UTC)
CLOSES = datetime(2026, 3, 31, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Call:
    in_preparation: bool = False
    standing: bool = False
    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    grace_minutes: int = 0
    sealed_until: datetime | None = None


@dataclass
class Draft:
    created_at: datetime = OPENS + timedelta(days=1)
    extended_until: datetime | None = None


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        (OPENS - TICK, Opening.NOT_YET),
        (OPENS, Opening.OPEN),
        (CLOSES - TICK, Opening.OPEN),
        (CLOSES, Opening.CLOSED),
        (CLOSES + timedelta(days=999), Opening.CLOSED),
    ],
)
def test_a_dated_call(at: datetime, stands: Opening) -> None:
    assert opening(Call(), at) is stands
    assert opening(Call(grace_minutes=240), at) is stands, "grace is for drafts, not for everybody"
    assert opening_for(Call(), Draft(), at) is stands
    assert opening(Call(in_preparation=True), at) is Opening.IN_PREPARATION


def test_a_call_without_dates() -> None:
    assert opening(Call(opens_at=None, closes_at=None), CLOSES) is Opening.ANNOUNCED
    assert opening(Call(standing=True, opens_at=None, closes_at=None), CLOSES) is Opening.OPEN
    assert closing_for(Call(opens_at=None, closes_at=None), Draft()) is None
    assert closing_for(Call(standing=True), Draft()) is None


@pytest.mark.parametrize(
    ("begun", "ends"),
    [
        (CLOSES - timedelta(days=5), CLOSES + 15 * MINUTE),
        (CLOSES - TICK, CLOSES + 15 * MINUTE),
        (CLOSES, CLOSES),
        (CLOSES + MINUTE, CLOSES),
    ],
)
def test_grace_is_for_drafts_begun_before_the_close(begun: datetime, ends: datetime) -> None:
    call, draft = Call(grace_minutes=15), Draft(begun)
    assert closing_for(call, draft) == ends
    if ends > CLOSES:
        assert opening_for(call, draft, ends - TICK) is Opening.OPEN
    assert opening_for(call, draft, ends) is Opening.CLOSED


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (None, CLOSES + 15 * MINUTE),
        (CLOSES - timedelta(days=1), CLOSES + 15 * MINUTE),  # the call was extended beyond it since
        (CLOSES + 5 * MINUTE, CLOSES + 15 * MINUTE),
        (CLOSES + timedelta(days=2), CLOSES + timedelta(days=2)),  # no grace on top
    ],
)
def test_an_extension_and_the_grace_the_later_one_holds(until: datetime | None, ends: datetime) -> None:
    call, draft = Call(grace_minutes=15), Draft(extended_until=until)
    assert closing_for(call, draft) == ends
    assert opening_for(call, draft, ends - TICK) is Opening.OPEN
    assert opening_for(call, draft, ends) is Opening.CLOSED


def test_a_draft_begun_under_an_extension_has_the_extension_and_no_grace() -> None:
    late = Draft(CLOSES + MINUTE, CLOSES + timedelta(days=1))
    assert closing_for(Call(grace_minutes=240), late) == CLOSES + timedelta(days=1)


def test_neither_opens_a_call_before_its_time() -> None:
    draft = Draft(extended_until=CLOSES + timedelta(days=1))
    assert opening_for(Call(grace_minutes=15), draft, OPENS - TICK) is Opening.NOT_YET
    assert opening_for(Call(in_preparation=True), draft, CLOSES) is Opening.IN_PREPARATION


def test_a_seal_ends_with_the_close_and_the_grace() -> None:
    assert sealed_until(Call(grace_minutes=15)) == CLOSES + 15 * MINUTE
    assert sealed_until(Call(standing=True)) is None
    assert sealed_until(Call(opens_at=None, closes_at=None)) is None
    call = Call(sealed_until=CLOSES + 15 * MINUTE)
    assert sealed_at(call, CLOSES)
    assert sealed_at(call, CLOSES + 15 * MINUTE - TICK)
    assert not sealed_at(call, CLOSES + 15 * MINUTE)
    assert not sealed_at(Call(), OPENS)


def test_a_team_is_told_the_close_or_its_extension_and_never_the_grace() -> None:
    graced = Call(grace_minutes=15)
    assert told_close(graced, Draft()) == CLOSES
    assert told_close(graced, Draft(extended_until=CLOSES + timedelta(days=1))) == CLOSES + timedelta(days=1)
    assert told_close(graced, Draft(extended_until=CLOSES - timedelta(days=1))) == CLOSES
    assert told_close(Call(standing=True), Draft()) is None
    assert told_close(Call(opens_at=None, closes_at=None), Draft()) is None
