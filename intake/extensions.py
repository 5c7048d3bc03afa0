"""The Flask extensions, made once, and the base of every model."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of the models; constraints are named so that both engines can alter them."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
migrate = Migrate(render_as_batch=True, compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
bootstrap = Bootstrap5()
compress = Compress()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Instant(TypeDecorator[datetime]):
    """A UTC instant. Refuses a naive one; always reads back aware, on every engine."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(name: str, words: type[StrEnum], *, optional: bool = False, **options: Any) -> MappedColumn[Any]:
    """A column that holds one of ``words``, as text with a CHECK."""
    kind = sa.Enum(
        words,
        native_enum=False,
        length=40,
        create_constraint=True,
        name=f"{name}_word",
        values_callable=lambda of: [each.value for each in of],
    )
    return mapped_column(name, kind, nullable=optional, **options)


def limited(name: str, limit: int, *, optional: bool = False, **options: Any) -> MappedColumn[Any]:
    """A text column of at most ``limit`` characters; the database refuses a longer one, it never cuts."""
    if not optional:
        options.setdefault("default", "")
    return mapped_column(name, sa.String(limit), nullable=optional, info={"limit": limit}, **options)


@sa.event.listens_for(sa.Column, "after_parent_attach")
def _limit_in_the_database(column: sa.Column[Any], table: Any) -> None:
    """A CHECK for each ``limited`` column: SQLite does not mind the length of a VARCHAR by itself."""
    limit = column.info.get("limit")
    if limit is not None and isinstance(table, sa.Table) and column.name not in table.info.setdefault("limited", set()):
        table.info["limited"].add(column.name)
        check = f"length({column.name}) <= {limit}"
        table.append_constraint(sa.CheckConstraint(check, name=f"{column.name}_length"))


def if_and_only_if(left: str, right: str, name: str) -> sa.CheckConstraint:
    """A constraint that ties a state to a fact: both hold or neither does."""
    return sa.CheckConstraint(f"({left}) = ({right})", name=name)


def lazily() -> dict[str, Any]:
    """How every relationship is loaded: never by itself. A query that needs it says so."""
    return {"lazy": "raise_on_sql"}


__all__ = [
    "Base",
    "Instant",
    "Mapped",
    "Model",
    "babel",
    "bootstrap",
    "compress",
    "csrf",
    "db",
    "if_and_only_if",
    "lazily",
    "limited",
    "login",
    "migrate",
    "word",
]
