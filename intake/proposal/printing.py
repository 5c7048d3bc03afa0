"""How a receipt comes by its PDF: it is taken with a lease, printed, stored, and named, once.

No transaction is open while it is printed. A worker that dies before the receipt names its file leaves bytes that
nothing names (the sweep takes them), and another worker prints anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from intake import clock, leasing
from intake.engine import writing
from intake.extensions import db
from intake.logs import logger
from intake.programme.models import Office
from intake.proposal.models import Receipt
from intake.proposal.receipt_pdf import receipt_pdf
from intake.storage import Store, StoreUnavailable

LEASE = timedelta(minutes=5)
TRIES = 5
WAITS_MINUTES = (1, 5, 15, 60)
"""The pause after the first, second ... failed try; after the fifth there is no other."""
AWAY = timedelta(minutes=1)
"""The pause while the store is away, which counts as no try."""


def drain(
    limit: int, *, store: Store, zone: ZoneInfo, lease: timedelta = LEASE, ended: Callable[[], bool] = lambda: False
) -> int:
    """Print the receipts that have no PDF yet, at most ``limit``; stop early once ``ended`` says so, or when the store
    is away. Commits. Returns: how many were printed.
    """
    printed = 0
    for _ in range(limit):
        if ended() or not leasing.waits(Receipt, _is_due):
            break
        row = _taken(lease)
        if row is None:
            break
        try:
            key = store.put(_printed(row, zone))
        except StoreUnavailable:
            _put_back(row, AWAY, row.pdf_tries - 1)
            logger().error("receipt not printed", receipt=row.id, reason="the file store is away")
            break
        except Exception as error:
            _put_back(row, timedelta(minutes=(*WAITS_MINUTES, 0)[row.pdf_tries - 1]), row.pdf_tries)
            logger().exception("receipt not printed", receipt=row.id, attempt=row.pdf_tries, error=type(error).__name__)
            continue
        printed += _settle(row, key, store)
    return printed


def given_up(receipt: Receipt) -> bool:
    """Whether nobody tries any more to print it."""
    return receipt.file_key is None and receipt.pdf_tries >= TRIES and not _held(receipt)


def _held(receipt: Receipt) -> bool:
    return receipt.pdf_lease_until is not None and receipt.pdf_lease_until > clock.now()


def _is_due(receipt: Any, now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(receipt.pdf_lease_until.is_(None), receipt.pdf_lease_until <= now)
    return sa.and_(receipt.file_key.is_(None), receipt.pdf_tries < TRIES, free)


def _taken(lease: timedelta) -> Any:
    columns = (
        Receipt.id,
        Receipt.ordinal,
        Receipt.content,
        Receipt.sha256,
        Receipt.received_at,
        Receipt.pdf_tries,
        Receipt.pdf_lease_until,
    )
    values = {"pdf_lease_until": clock.now() + lease, "pdf_tries": Receipt.pdf_tries + 1}
    return leasing.take(Receipt, _is_due, "pdf_lease_until", values, columns)


def _printed(row: Any, zone: ZoneInfo) -> bytes:
    office = db.session.scalar(sa.select(Office))
    source = f"{office.name}, {office.institution}" if office else ""
    db.session.rollback()
    return receipt_pdf(
        row.content, ordinal=row.ordinal, received_at=row.received_at, sha256=row.sha256, source=source, zone=zone
    )


def _put_back(row: Any, pause: timedelta, tries: int) -> None:
    with writing():
        mine = sa.and_(Receipt.id == row.id, Receipt.pdf_lease_until == row.pdf_lease_until)
        leasing.put(Receipt, mine, {"pdf_lease_until": clock.now() + pause, "pdf_tries": tries})
        db.session.commit()


def _settle(row: Any, key: str, store: Store) -> bool:
    """Name the file, unless another worker was quicker; then this one's goes."""
    with writing():
        first = sa.and_(Receipt.id == row.id, Receipt.file_key.is_(None))
        named = leasing.put(Receipt, first, {"file_key": key, "pdf_lease_until": None})
        db.session.commit()
    if not named:
        store.delete(key)
    logger().info("receipt printed", receipt=row.id, attempt=row.pdf_tries, kept=named)
    return named
