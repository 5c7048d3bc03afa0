"""What the worker looks after each minute: offers and invitations that ended unanswered go on, people are reminded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from intake import clock
from intake.engine import writing
from intake.extensions import db
from intake.meeting import reminding
from intake.reminder.operations import AT_ONCE, remind
from intake.review import lapsing
from intake.slot.offering import SLACK, end_offer
from intake.slot.queries import ended_offers

T = TypeVar("T")
OFFERS_AT_ONCE = 100
PASSES = 50
"""So many times are reminders sent in one go; what is left waits a minute."""


def pass_on_offers(ended: Callable[[], bool] = lambda: False) -> int:
    """Let every offer that ended unanswered go to the next on the reserve, each in a transaction of its own. Commits.
    Returns: how many did."""
    waiting = ended_offers(clock.now() - SLACK, OFFERS_AT_ONCE)
    db.session.rollback()
    passed = 0
    for call_id, proposal_id in waiting:
        if ended():
            break
        with writing():
            passed += end_offer(call_id, proposal_id)
            db.session.commit()
    return passed


def send_reminders(ended: Callable[[], bool] = lambda: False) -> int:
    """Send every reminder that is due, some at a time, each lot in a transaction of its own. Commits.
    Returns: how many were due."""
    sent = 0
    for _ in range(PASSES):
        if ended():
            break
        with writing():
            found = remind(AT_ONCE)
            db.session.commit()
        sent += found
        if found < AT_ONCE:
            break
    return sent


def end_invitations(ended: Callable[[], bool] = lambda: False) -> int:
    """Let every invitation to review that nobody answered in time lapse, and the next alternate be asked, each in a
    transaction of its own. Commits. Returns: how many lapsed."""
    waiting = lapsing.ended(clock.now() - SLACK, OFFERS_AT_ONCE)
    db.session.rollback()
    return _each(waiting, lambda pair: lapsing.lapse(*pair), ended)


def remind_invited(ended: Callable[[], bool] = lambda: False) -> int:
    """Remind whoever was asked to review and has not answered, each in a transaction of its own. Commits.
    Returns: how many were reminded."""
    waiting = lapsing.due(clock.now(), AT_ONCE)
    db.session.rollback()
    return _each(waiting, lapsing.remind, ended)


def remind_of_actions(ended: Callable[[], bool] = lambda: False) -> int:
    """Remind the owners of meetings' actions that are due or over, each in a transaction of its own. Commits.
    Returns: how many were due."""
    now = clock.now()
    waiting = reminding.due(now, AT_ONCE)
    db.session.rollback()
    return _each(waiting, lambda action_id: reminding.remind(action_id, now), ended)


def _each(waiting: Iterable[T], act: Callable[[T], bool], ended: Callable[[], bool]) -> int:
    """Do ``act`` to each, in a transaction of its own; how many it found still to do."""
    done = 0
    for one in waiting:
        if ended():
            break
        with writing():
            done += act(one)
            db.session.commit()
    return done


EACH_MINUTE = (pass_on_offers, end_invitations, send_reminders, remind_invited, remind_of_actions)
"""What the worker does of this each minute, in this order."""
