"""What is cleared away each hour: rows that have served their time, and files that no row names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa

from intake import clock
from intake.engine import writing
from intake.extensions import db
from intake.match.models import TextVector
from intake.people.models import AccountLink, Guess, OnceKey, SignIn
from intake.storage import Store

LINKS_KEPT = timedelta(days=1)
"""A link that was used or ran out still answers "used already" for this long, not "unknown"."""
GUESSES_KEPT = timedelta(days=1)
ONCE_KEYS_KEPT = timedelta(days=7)
VECTORS_KEPT = timedelta(days=60)
"""Since scores were last made of the text; one that comes back later is read anew."""
FILES_SPARED = timedelta(days=1)
"""A file is put before the row that names it; no request lasts this long."""
_FILES_AT_ONCE = 500


def sweep(store: Store) -> dict[str, int]:
    """Clear away what is no longer needed. Commits. Returns: how many of each went.

    Raises StoreUnavailable when the file store does not answer; the rows are cleared by then.
    """
    gone = {name: _deleted(model, over) for name, model, over in _over()}
    gone["files"] = _unnamed_deleted(store)
    return gone


def _over() -> list[tuple[str, type, sa.ColumnElement[bool]]]:
    now = clock.now()
    return [
        ("sign_ins", SignIn, SignIn.ends_at < now),
        ("account_links", AccountLink, sa.func.coalesce(AccountLink.used_at, AccountLink.ends_at) < now - LINKS_KEPT),
        ("guesses", Guess, Guess.at < now - GUESSES_KEPT),
        ("once_keys", OnceKey, OnceKey.used_at < now - ONCE_KEYS_KEPT),
        ("text_vectors", TextVector, TextVector.used_at < now - VECTORS_KEPT),
    ]


def _deleted(model: type, over: sa.ColumnElement[bool]) -> int:
    with writing():
        done = db.session.execute(sa.delete(model).where(over), execution_options={"synchronize_session": False})
        db.session.commit()
    return int(done.rowcount)  # type: ignore[attr-defined]


def _unnamed_deleted(store: Store) -> int:
    """Delete the files that nothing names. Every table with a column ``file_key`` is asked, of whichever room."""
    before = clock.now() - FILES_SPARED
    old = (key for key, put_at in store.keys() if put_at < before)  # noqa: SIM118 -- a store is no dictionary
    gone = 0
    while some := list(islice(old, _FILES_AT_ONCE)):
        for key in sorted(set(some) - _named(some)):
            store.delete(key)
            gone += 1
    return gone


def _named(keys: list[str]) -> set[str]:
    """Those of ``keys`` that a row names. Statements: 1 for each table."""
    named = {key for column in _file_columns() for key in db.session.scalars(sa.select(column).where(column.in_(keys)))}
    db.session.rollback()
    return named


def _file_columns() -> Iterator[sa.Column[str]]:
    tables: Iterable[sa.Table] = db.metadata.tables.values()
    return (table.c.file_key for table in tables if "file_key" in table.c)
