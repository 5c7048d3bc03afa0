"""What the worker looks after each minute: offers that ended unanswered go on, and people are reminded."""

from __future__ import annotations

from collections.abc import Callable

from intake import clock
from intake.engine import writing
from intake.extensions import db
from intake.reminder.operations import AT_ONCE, remind
from intake.slot.offering import SLACK, end_offer
from intake.slot.queries import ended_offers

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
