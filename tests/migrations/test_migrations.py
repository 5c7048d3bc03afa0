"""Migrations go up and down with data in the tables, and their end is what the models say, constraints included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from intake.audit.chain import verify
from intake.engine import writing
from intake.extensions import db
from intake.proposal.models import Proposal
from tests.factories.world import build

pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index", "ignore:autogenerate skipping")


@pytest.fixture
def database(fresh_app: Flask) -> Iterator[Flask]:
    """A migrated database of its own, with the world of the scenarios in it."""
    with fresh_app.app_context():
        with writing():
            build()
            db.session.remove()
        yield fresh_app
        db.session.remove()


def tables() -> set[str]:
    """The tables that are there."""
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_down_and_up_again_with_data(database: Flask) -> None:
    assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == 9
    db.session.remove()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == set(db.metadata.tables)
    with writing():
        build()
        db.session.remove()
    assert verify()[1] is None


def test_the_end_is_what_the_models_say(database: Flask) -> None:
    check()


def test_every_constraint_of_the_models_is_in_the_database(database: Flask) -> None:
    inspector = sa.inspect(db.session.connection())
    for table in db.metadata.tables.values():
        wanted = {each.name for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        found = {each["name"] for each in inspector.get_check_constraints(table.name)}
        assert {str(name) for name in wanted} <= {str(name) for name in found}, table.name
        assert {str(each.name) for each in table.indexes} <= index_names(inspector, table.name), table.name


def index_names(inspector: sa.Inspector, table: str) -> set[str]:
    """The indexes of a table, those over expressions too."""
    if db.engine.dialect.name == "sqlite":
        rows = db.session.execute(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = :table"), {"table": table}
        )
        return {row[0] for row in rows}
    return {str(each["name"]) for each in inspector.get_indexes(table)}


def test_a_migration_stands_alone() -> None:
    """A migration that imports the models would change its meaning with them."""
    versions = (Path(__file__).parents[2] / "migrations" / "versions").glob("*.py")
    assert not [each.name for each in versions if re.search(r"^(import|from) intake", each.read_text(), re.MULTILINE)]
