"""Whether a call takes proposals: the one function that page, policy and submit ask."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Opening(StrEnum):
    """How a call stands to an instant."""

    ANNOUNCED = "announced"
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class Dated(Protocol):
    """What a call must tell."""

    standing: bool
    opens_at: datetime | None
    closes_at: datetime | None


def opening(call: Dated, at: datetime) -> Opening:
    """How ``call`` stands at ``at``: open from ``opens_at`` on, and until before ``closes_at``.

    A standing call is always open; one without dates is only announced.
    """
    if call.standing:
        return Opening.OPEN
    if call.opens_at is None or call.closes_at is None:
        return Opening.ANNOUNCED
    if at < call.opens_at:
        return Opening.NOT_YET
    return Opening.OPEN if at < call.closes_at else Opening.CLOSED
