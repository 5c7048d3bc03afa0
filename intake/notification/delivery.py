"""How mail leaves the outbox: a message is taken with a lease, handed to the mail server, and marked.

Each of the three is a short transaction or none at all: no transaction is open while the server is spoken to. A worker
that dies leaves a lease behind; when it has run out, another worker takes the message up. So a message is sent at least
once, and a second copy carries the same Message-ID.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from intake import clock
from intake.engine import writing
from intake.extensions import db
from intake.logs import logger
from intake.notification.models import Message
from intake.notification.relay import Answer, Relay, connected, hand_over, written
from intake.vocabulary import MessageState

LEASE = timedelta(minutes=5)
WAITS_MINUTES = (1, 5, 15, 60, 240, 480, 720, 1440, 1440)
"""The pause after the first, second ... failed attempt: about three days in all."""
ATTEMPTS = len(WAITS_MINUTES) + 1
MAILS_A_LINE = 50
"""Then the line is closed and a new one opened; many servers end a long one by themselves, in the middle of a mail."""


def drain(
    limit: int, *, relay: Relay | None, lease: timedelta = LEASE, ended: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, oldest first, at most ``limit`` messages; stop early once ``ended`` says so. Commits.

    Without a ``relay``, or while it cannot be reached, every message stays as it is, and no attempt is counted.
    Returns: how many messages the server accepted.
    """
    if relay is None:
        return 0
    accepted, line = 0, None
    try:
        for number in range(limit):
            if ended() or not _something_due():
                break
            if number % MAILS_A_LINE == 0:
                line = _without(line)
            line = line or _reached(relay)
            row = _take(lease) if line else None
            if line is None or row is None:
                break
            answer = _carry(row, relay, line)
            _settle(row, answer)
            accepted += answer.accepted
            line = line if answer.line_stands else _without(line)
    finally:
        _without(line)
    return accepted


def _is_due(message: Any, now: datetime) -> sa.ColumnElement[bool]:
    """Waiting and its moment has come, or taken by a worker that let its lease run out."""
    return sa.or_(
        sa.and_(message.state == MessageState.WAITING, message.not_before <= now),
        sa.and_(message.state == MessageState.SENDING, message.leased_until <= now),
    )


def _something_due() -> bool:
    found = db.session.scalar(sa.select(Message.id).where(_is_due(Message, clock.now())).limit(1))
    db.session.rollback()
    return found is not None


def _take(lease: timedelta) -> Any:
    """Lease the oldest due message that no other worker is taking; its row, or None. ``attempts`` counts the leases."""
    now, each = clock.now(), aliased(Message)
    oldest = sa.select(each.id).where(_is_due(each, now)).order_by(each.not_before, each.id).limit(1)
    take = (
        sa.update(Message)
        .where(Message.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(state=MessageState.SENDING, leased_until=now + lease, attempts=Message.attempts + 1)
        .returning(
            Message.id,
            Message.message_id,
            Message.to_address,
            Message.subject,
            Message.body_text,
            Message.body_html,
            Message.calendar,
            Message.secret,
            Message.attempts,
        )
    )
    with writing():
        row = db.session.execute(take, execution_options={"synchronize_session": False}).one_or_none()
        db.session.commit()
    return row


def _carry(row: Any, relay: Relay, line: smtplib.SMTP) -> Answer:
    """Write the mail and hand it over."""
    try:
        mail = written(row, relay.sender, clock.now())
    except ValueError:
        return Answer(False, True, "The message could not be written as a mail: its address or its text is unusable.")
    return hand_over(line, mail)


def _settle(row: Any, answer: Answer) -> None:
    """Mark what became of a message. A worker that lost its lease meanwhile may say "sent", and nothing else."""
    if answer.accepted:
        mine = Message.state != MessageState.SENT
    else:
        mine = sa.and_(Message.state == MessageState.SENDING, Message.attempts == row.attempts)
    values = _outcome(row, answer)
    with writing():
        db.session.execute(
            sa.update(Message).where(Message.id == row.id, mine).values(leased_until=None, **values),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
    log = logger().info if answer.accepted else logger().warning
    log("mail", message=row.id, became=str(values["state"]), attempt=row.attempts, reason=answer.words)


def _outcome(row: Any, answer: Answer) -> dict[str, Any]:
    """The columns to set. A body that opens an account does not outlive its last use, sent or given up."""
    now = clock.now()
    wiped = {"body_text": "", "body_html": "", "calendar": ""} if row.secret else {}
    if answer.accepted:
        return {"state": MessageState.SENT, "sent_at": now, "last_error": "", **wiped}
    if answer.final or row.attempts >= ATTEMPTS:
        return {"state": MessageState.FAILED, "last_error": answer.words, **wiped}
    later = now + timedelta(minutes=WAITS_MINUTES[row.attempts - 1])
    return {"state": MessageState.WAITING, "not_before": later, "last_error": answer.words}


def _reached(relay: Relay) -> smtplib.SMTP | None:
    """A line to the server; or None, with the reason noted on what waits, for administrators to read."""
    try:
        return connected(relay)
    except OSError as error:
        fault = type(error).__name__
    logger().error("mail server not reached", reason=fault)
    with writing():
        db.session.execute(
            sa.update(Message)
            .where(_is_due(Message, clock.now()), Message.state == MessageState.WAITING)
            .values(last_error=f"The mail server could not be reached or did not let us in ({fault})."),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()
    return None


def _without(line: smtplib.SMTP | None) -> smtplib.SMTP | None:
    """Close a line, if there is one; a server that is gone already is fine. Returns: no line."""
    if line is not None:
        with suppress(OSError):
            line.quit()
        line.close()
    return None
