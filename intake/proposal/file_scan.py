"""How a file that is being checked becomes clean or refused: it is taken with a lease, scanned, and marked.

No transaction is open while the scanner reads. Whatever is no verdict leaves the file as it was, to be tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from intake import clock, leasing
from intake.audit.operations import record
from intake.engine import writing
from intake.extensions import db
from intake.logs import logger
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import NOBODY
from intake.proposal import letters
from intake.proposal.models import Attachment, Proposal, TeamMember
from intake.scanning import NotScanned, Scanner, ScannerAway
from intake.storage import FileMissing, Store, StoreUnavailable
from intake.vocabulary import FileState, Limit, Relation

LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
"""Before a file is tried again that got no verdict."""
MISSING = "is missing from the store"


def drain(
    limit: int,
    *,
    scanner: Scanner | None,
    store: Store,
    lease: timedelta = LEASE,
    ended: Callable[[], bool] = lambda: False,
) -> int:
    """Scan what waits, at most ``limit`` files; stop early once ``ended`` says so, or when the scanner or the store is
    away. Commits. Without a ``scanner`` every file stays as it is. Tells: who attached a file that is refused.
    Returns: how many files got their verdict.
    """
    verdicts = 0
    for _ in range(limit):
        if ended() or not leasing.waits(Attachment, _is_due):
            break
        if scanner is None:
            logger().error("files wait to be scanned, and CLAMD_URL is not set")
            break
        row = _taken(lease)
        if row is None:
            break
        try:
            reason = _scanned(row, scanner, store)
        except NotScanned as error:
            _put_back(row, str(error))
        except (ScannerAway, StoreUnavailable) as error:
            _put_back(row, str(error))
            break
        else:
            verdicts += _settle(row, reason)
    return verdicts


def _is_due(file: Any, now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(file.scan_lease_until.is_(None), file.scan_lease_until <= now)
    return sa.and_(file.state == FileState.CHECKING, free)


def _taken(lease: timedelta) -> Any:
    columns = (
        Attachment.id,
        Attachment.proposal_id,
        Attachment.name,
        Attachment.file_key,
        Attachment.added_by_id,
        Attachment.scan_lease_until,
    )
    return leasing.take(Attachment, _is_due, "scan_lease_until", {"scan_lease_until": clock.now() + lease}, columns)


def _scanned(row: Any, scanner: Scanner, store: Store) -> str:
    """Why the file is refused, or nothing when it is clean."""
    try:
        data = store.get(row.file_key)
    except FileMissing:
        logger().error("file missing", attachment=row.id)
        return MISSING
    found = scanner.found_in(data)
    return f"contains {found}"[: Limit.TITLE] if found else ""


def _mine(row: Any) -> sa.ColumnElement[bool]:
    held = Attachment.scan_lease_until == row.scan_lease_until
    return sa.and_(Attachment.id == row.id, Attachment.state == FileState.CHECKING, held)


def _put_back(row: Any, reason: str) -> None:
    with writing():
        leasing.put(Attachment, _mine(row), {"scan_lease_until": clock.now() + PAUSE})
        db.session.commit()
    logger().error("file not scanned", attachment=row.id, reason=reason)


def _settle(row: Any, reason: str) -> bool:
    """Mark the verdict, with its event and its letter, unless another worker has the file by now."""
    state = FileState.REFUSED if reason else FileState.CLEAN
    with writing():
        mine = leasing.put(Attachment, _mine(row), {"state": state, "refused_reason": reason, "scan_lease_until": None})
        if mine and reason:
            record(
                "attachment.refused",
                "proposal",
                row.proposal_id,
                by=NOBODY,
                was=FileState.CHECKING.value,
                became=state.value,
                note=reason,
                name=row.name,
            )
            proposal = db.session.get_one(Proposal, row.proposal_id)
            tell([_told(row)], letters.file_refused(proposal, row.name, reason), proposal_id=proposal.id)
        db.session.commit()
    logger().info("file scanned", attachment=row.id, became=state.value)
    return mine


def _told(row: Any) -> Person:
    """Who attached the file; the principal investigator where that is not known."""
    principal = (
        sa.select(TeamMember.person_id)
        .where(TeamMember.proposal_id == row.proposal_id, TeamMember.relation == Relation.PRINCIPAL)
        .scalar_subquery()
    )
    return db.session.scalars(
        sa.select(Person).where(Person.id == sa.func.coalesce(sa.literal(row.added_by_id, sa.Integer), principal))
    ).one()
