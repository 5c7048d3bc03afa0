"""What may happen to a call: its dates and settings are arranged, and its proposals get their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.arranging import enter
from intake.call.dates import COLUMNS, out_of_order
from intake.call.models import Call
from intake.call.queries import ARRANGED
from intake.errors import Incomplete
from intake.extensions import db
from intake.opening import Opening, opening, sealed_at, sealed_until
from intake.policy import Actor
from intake.vocabulary import CallDate, Limit, ReadsOthers, Words, say

MOST_REVIEWS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What the office sets of a call's dates and review. Both opening and close or neither; a standing call has none.

    ``zones`` maps a ``CallDate`` to the zone (IANA) that its date is stated in, where that is not the office's.
    ``sealed``: nobody in the office reads a proposal before the close and its grace are over.
    """

    opens_at: datetime | None
    notice_due_at: datetime | None
    closes_at: datetime | None
    check_by_at: datetime | None
    sponsor_deadline_at: datetime | None
    review_due_at: datetime | None
    decision_at: datetime | None
    zones: Mapping[str, str]
    grace_minutes: int
    sealed: bool
    reviews_needed: int
    reads_others: ReadsOthers
    reviewers_named: bool
    applicants_named: bool
    team_may_edit: bool

    @classmethod
    def of(cls, call: Call) -> Settings:
        """The settings as they are."""
        kept = {each.name: getattr(call, each.name) for each in fields(cls) if each.name != "sealed"}
        return cls(**kept, sealed=call.sealed_until is not None)

    def dates(self) -> dict[CallDate, datetime | None]:
        """The dates by their names."""
        return {date: getattr(self, column) for date, column in COLUMNS.items()}


def arrange(call: Call, settings: Settings, *, by: Actor, version: int, sure: bool = False) -> bool:
    """Set a call's dates and review settings.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged`` with what each setting was and became. ``version`` is the one
    that the office read; ``sure`` says that a running call may end earlier than people were told.
    Raises: Refused; Stale; Incomplete with the field. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    settings = replace(settings, zones=_of_set_dates(settings))
    _check(call, settings)
    before = Settings.of(call)
    changes = {
        name: [_plain(getattr(before, name)), _plain(value)]
        for name, value in asdict(settings).items()
        if getattr(before, name) != value
    }
    if not changes:
        return False
    if not sure and shortens(call, settings):
        raise Incomplete(
            say("This call is running, and people count on its dates."),
            {"sure": say("It would end earlier than people were told. Tick the box to go on.")},
        )
    for name in changes.keys() - {"sealed"}:
        setattr(call, name, getattr(settings, name))
    seal(call, settings.sealed)
    record(ARRANGED, "call", call.id, by=by, was=_dates(before), became=_dates(settings), changes=changes)
    db.session.flush()
    return True


def seal(call: Call, sealed: bool) -> None:
    """Keep the call's proposals from the office until its close and grace, or from nobody. To be said again whenever
    the close or the grace changed."""
    call.sealed_until = sealed_until(call) if sealed else None


def shortens(call: Call, settings: Settings) -> bool:
    """Whether a call that is open now would end, stop or close earlier with ``settings``."""
    now = clock.now()
    if call.standing or call.closes_at is None or opening(call, now) is not Opening.OPEN:
        return False
    if settings.opens_at is None or settings.closes_at is None:
        return True
    return settings.opens_at > now or settings.closes_at < call.closes_at


def lengthens(call: Call, settings: Settings) -> bool:
    """Whether a call that has opened would take proposals for longer with ``settings``: that is an extension for
    everybody, which has a reason and is told."""
    now = clock.now()
    if call.closes_at is None or opening(call, now) not in (Opening.OPEN, Opening.CLOSED):
        return False
    if settings.opens_at is None or settings.closes_at is None or settings.opens_at > now:
        return False
    return settings.closes_at > call.closes_at


def take_turn(call_id: int) -> None:
    """Wait for whoever has the turn in the call, and have it until this transaction ends: what two people count at once
    is counted one after the other. Rows that only name the call need not wait. Statements: 1."""
    db.session.execute(sa.select(Call.id).where(Call.id == call_id).with_for_update(key_share=True))


def next_number(call: Call) -> str:
    """The next reference number of the call, such as HIRP-2020-0007: none is given twice, none is left out.

    The row stays locked until the transaction ends. Statements: 1.
    """
    number = db.session.scalar(
        sa.update(Call)
        .where(Call.id == call.id)
        .values(last_number=Call.last_number + 1)
        .returning(Call.last_number)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(call, ["last_number"])
    return f"{call.code}-{number:04d}"


def _check(call: Call, settings: Settings) -> None:
    """Raises Incomplete with the fields that do not fit."""
    wrong = _wrong_dates(call, settings) | _wrong_seal(call, settings)
    if not 0 <= settings.grace_minutes <= Limit.GRACE_MINUTES:
        wrong["grace_minutes"] = say("From 0 to %(most)s.", most=Limit.GRACE_MINUTES)
    if not 1 <= settings.reviews_needed <= MOST_REVIEWS:
        wrong["reviews_needed"] = say("From 1 to %(most)s.", most=MOST_REVIEWS)
    if wrong:
        raise Incomplete(say("The dates or the number of reviews do not fit."), wrong)


def _wrong_dates(call: Call, settings: Settings) -> dict[str, Words]:
    both = settings.opens_at is not None, settings.closes_at is not None
    if call.standing and any(both):
        return {"opens_at": say("This call is open all year and has no dates.")}
    if both == (True, False):
        return {"closes_at": say("Say when it closes, or leave both empty.")}
    if both == (False, True):
        return {"opens_at": say("Say when it opens, or leave both empty.")}
    wrong = out_of_order(settings.dates())
    if not wrong and lengthens(call, settings):
        wrong["closes_at"] = say("It has opened. Extend it instead: that asks for a reason, and everybody is told.")
    return wrong


def _wrong_seal(call: Call, settings: Settings) -> dict[str, Words]:
    if settings.sealed and settings.closes_at is None:
        return {"sealed": say("Only a call that closes can be sealed until then.")}
    begun = call.last_number > 0 or opening(call, clock.now()) is Opening.OPEN
    if not settings.sealed and begun and sealed_at(call, clock.now()):
        return {"sealed": say("People were promised the seal. It ends by itself once the call has closed.")}
    return {}


def _of_set_dates(settings: Settings) -> dict[str, str]:
    """The zones of the dates that are set. Raises Incomplete for one that nobody knows."""
    dates = settings.dates()
    kept = {date.value: zone for date in CallDate if dates[date] and (zone := settings.zones.get(date.value))}
    if unknown := set(kept.values()) - available_timezones():
        raise Incomplete(say("The zone %(zone)s is not known.", zone=min(unknown)))
    return kept


def _plain(value: Any) -> Any:
    """A setting as the log keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _dates(settings: Settings) -> str:
    return f"{_plain(settings.opens_at) or '-'} / {_plain(settings.closes_at) or '-'}"
