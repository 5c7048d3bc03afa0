"""How the product speaks to its database engine: SQLite's settings, and transactions that mean to write.

On SQLite a transaction that reads first and writes later can fail when another wrote in between. So whoever means to
write says so first (``writing``), and its transaction takes the write lock at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions that begin inside the block mean to write."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def mean_to_write(yes: bool) -> None:
    """The same for a whole request: said at its start, taken back at its end."""
    _writing.set(yes)


def prepare(engine: Engine) -> None:
    """Give an SQLite engine its settings (WAL, foreign keys, a wait for locks) and honest transactions."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _settings):
        return
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)


def _settings(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged submission survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=20000")
    cursor.execute("PRAGMA cache_size=-64000")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
