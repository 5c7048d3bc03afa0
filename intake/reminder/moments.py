"""When people are reminded of what they have not submitted: how long before the end, and which moment is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """One reminder: the word that the table keeps, and how long before the end it comes."""

    kind: str
    before: timedelta


OF_DRAFTS = (
    Moment("draft.7_days", timedelta(days=7)),
    Moment("draft.2_days", timedelta(days=2)),
    Moment("draft.4_hours", timedelta(hours=4)),
)
OF_RETURNED = (
    Moment("returned.2_days", timedelta(days=2)),
    Moment("returned.4_hours", timedelta(hours=4)),
)
"""Each from far to near."""


def span(moments: tuple[Moment, ...], which: Moment, now: datetime) -> tuple[datetime, datetime]:
    """The ends for which ``which`` is due at ``now``: those after the first and up to the second. It is due from its
    moment on until the next one's; a worker that was away does not send it late beside the next."""
    nearer = [each.before for each in moments if each.before < which.before]
    return now + (max(nearer) if nearer else timedelta()), now + which.before


def is_late(which: Moment, begun: datetime, ends: datetime) -> bool:
    """Whether somebody began only after the moment, so that the reminder would tell them what they have just read."""
    return begun > ends - which.before
