"""What may happen to a call: its dates and settings are arranged, and its proposals get their numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.call.queries import ARRANGED
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.opening import Opening, opening
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, ReadsOthers, Words, say

MOST_REVIEWS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What the office sets of a call. Both dates or none; a standing call has none."""

    opens_at: datetime | None
    closes_at: datetime | None
    reviews_needed: int
    reads_others: ReadsOthers
    reviewers_named: bool
    applicants_named: bool
    team_may_edit: bool

    @classmethod
    def of(cls, call: Call) -> Settings:
        """The settings as they are."""
        return cls(**{each.name: getattr(call, each.name) for each in fields(cls)})


def arrange(call: Call, settings: Settings, *, by: Actor, version: int, sure: bool = False) -> bool:
    """Set a call's dates and review settings.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged`` with what each setting was and became. ``version`` is the one
    that the office read; ``sure`` says that a running call may end earlier than people were told.
    Raises: Refused; Stale; Incomplete with the field. Returns: whether anything changed.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if call.version != version:
        raise Stale
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
    for name in changes:
        setattr(call, name, getattr(settings, name))
    record(ARRANGED, "call", call.id, by=by, was=_dates(before), became=_dates(settings), changes=changes)
    db.session.flush()
    return True


def shortens(call: Call, settings: Settings) -> bool:
    """Whether a call that is open now would end, stop or close earlier with ``settings``."""
    now = clock.now()
    if call.standing or call.closes_at is None or opening(call, now) is not Opening.OPEN:
        return False
    if settings.opens_at is None or settings.closes_at is None:
        return True
    return settings.opens_at > now or settings.closes_at < call.closes_at


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
    wrong: dict[str, Words] = {}
    both = settings.opens_at is not None, settings.closes_at is not None
    if call.standing and any(both):
        wrong["opens_at"] = say("This call is open all year and has no dates.")
    elif both == (True, False):
        wrong["closes_at"] = say("Say when it closes, or leave both empty.")
    elif both == (False, True):
        wrong["opens_at"] = say("Say when it opens, or leave both empty.")
    elif settings.opens_at and settings.closes_at and settings.closes_at <= settings.opens_at:
        wrong["closes_at"] = say("It must close after it opens.")
    if not 1 <= settings.reviews_needed <= MOST_REVIEWS:
        wrong["reviews_needed"] = say("From 1 to %(most)s.", most=MOST_REVIEWS)
    if wrong:
        raise Incomplete(say("The dates or the number of reviews do not fit."), wrong)


def _plain(value: Any) -> Any:
    """A setting as the log keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _dates(settings: Settings) -> str:
    return f"{_plain(settings.opens_at) or '-'} / {_plain(settings.closes_at) or '-'}"
