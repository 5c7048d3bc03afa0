"""Whether a call takes proposals: the one module that page, policy and submit ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Opening(StrEnum):
    """How a call stands to an instant."""

    IN_PREPARATION = "in_preparation"
    ANNOUNCED = "announced"
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class Dated(Protocol):
    """What a call must tell."""

    in_preparation: bool
    standing: bool
    opens_at: datetime | None
    closes_at: datetime | None
    grace_minutes: int
    sealed_until: datetime | None


class Begun(Protocol):
    """What a draft must tell."""

    created_at: datetime
    extended_until: datetime | None


def opening(call: Dated, at: datetime) -> Opening:
    """How ``call`` stands at ``at`` to everybody: open from ``opens_at`` on, and until before ``closes_at``.

    A standing call is always open; one without dates is only announced; one in preparation is the office's alone.
    """
    if call.in_preparation:
        return Opening.IN_PREPARATION
    if call.standing:
        return Opening.OPEN
    if call.opens_at is None or call.closes_at is None:
        return Opening.ANNOUNCED
    if at < call.opens_at:
        return Opening.NOT_YET
    return Opening.OPEN if at < call.closes_at else Opening.CLOSED


def closing_for(call: Dated, draft: Begun) -> datetime | None:
    """Until before when ``draft`` may be written and submitted; None where no date ends it.

    A draft begun before the stated close has the call's grace, which is told to nobody; the extension that its
    principal investigator was granted may be later still.
    """
    if call.standing or call.closes_at is None:
        return None
    ends = call.closes_at
    if draft.created_at < ends:
        ends += timedelta(minutes=call.grace_minutes)
    return max(ends, draft.extended_until) if draft.extended_until is not None else ends


def told_close(call: Dated, draft: Begun) -> datetime | None:
    """The close that the team of ``draft`` reads: the call's, or the extension where that is later; never the grace."""
    if call.standing or call.closes_at is None:
        return None
    return max(call.closes_at, draft.extended_until or call.closes_at)


def opening_for(call: Dated, draft: Begun, at: datetime) -> Opening:
    """How ``call`` stands at ``at`` to one draft: as to everybody, but that grace and extension end it later."""
    general = opening(call, at)
    ends = closing_for(call, draft)
    if general is Opening.CLOSED and ends is not None and at < ends:
        return Opening.OPEN
    return general


def sealed_until(call: Dated) -> datetime | None:
    """Until when a sealed call of these dates keeps its proposals from the office: its close and the grace; None where
    no date ends it."""
    if call.standing or call.closes_at is None:
        return None
    return call.closes_at + timedelta(minutes=call.grace_minutes)


def sealed_at(call: Dated, at: datetime) -> bool:
    """Whether nobody in the office may read at ``at`` what was submitted to the call."""
    return call.sealed_until is not None and at < call.sealed_until
