"""Keeping rows: made when they are new, brought up to date when they differ, and let go when nothing needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa

from intake.catalogue.report import Report
from intake.extensions import Base, db

Row = TypeVar("Row", bound=Base)
Columns = dict[str, Any]


def keep(model: type[Row], rows: dict[Any, Row], key: Any, columns: Columns, report: Report) -> Row:
    """One row: made if ``rows`` has none under ``key``, else brought up to date."""
    row = rows.get(key)
    if row is None:
        row = rows[key] = model(**columns)
        db.session.add(row)
        report.new[noun(model)] += 1
        return row
    different = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        report.changed[noun(model)] += 1
    return row


def noun(model: type[Base]) -> str:
    """What a row of the table is called in the report."""
    return str(model.__tablename__).removeprefix("history_")


def keep_coded(model: type[Row], written: Iterable[Columns], report: Report) -> dict[str, Row]:
    """Rows that have a code; gives all rows of the table by code, with their ids."""
    rows = {row.code: row for row in db.session.scalars(sa.select(model))}  # type: ignore[attr-defined]
    for columns in written:
        keep(model, rows, columns["code"], columns, report)
    db.session.flush()
    return rows


def keep_list(
    model: type[Row],
    owner: Columns,
    written: Iterable[Columns],
    key: Callable[[Columns], Any],
    in_use: Callable[[], set[int]],
    report: Report,
    at_first: dict[str, Callable[[Columns], Any]] | None = None,
) -> None:
    """The rows of one owner as the file lists them, in its order; others go, unless ``in_use`` gives their ids.

    ``at_first`` gives the columns that only a new row gets.
    """
    table = model.__table__
    of_owner = [table.c[name].is_not_distinct_from(value) for name, value in owner.items()]
    names = [column.key for column in table.columns]
    found = db.session.scalars(sa.select(model).where(*of_owner))
    rows = {key({name: getattr(row, name) for name in names}): row for row in found}
    gone = set(rows)
    for position, columns in enumerate(written):
        placed = {**columns, **owner, **({"position": position} if "position" in names else {})}
        gone.discard(key(columns))
        if key(columns) not in rows:
            placed |= {name: first(columns) for name, first in (at_first or {}).items()}
        keep(model, rows, key(columns), placed, report)
    needed = in_use() if gone else set()
    for name in sorted(gone, key=str):
        _let_go(rows[name], needed, name, report)
    db.session.flush()


def _let_go(row: Any, needed: set[int], name: Any, report: Report) -> None:
    if row.id in needed:
        report.kept.append(f"{noun(type(row))} {name}: it is in use")
        return
    db.session.delete(row)
    report.removed[noun(type(row))] += 1


def nothing() -> set[int]:
    """Says that no row of a list is in use."""
    return set()


def used(model: type[Base]) -> set[int]:
    """The ids of rows that any row of another table refers to. Statements: 1 for each such table."""
    columns = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is model.__table__ for key in column.foreign_keys)
    ]
    return {
        number
        for column in columns
        for number in db.session.scalars(sa.select(column).where(column.is_not(None)).distinct())
    }
