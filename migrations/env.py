"""How Alembic reaches the app's database. Each migration runs in one transaction, also on SQLite."""

from __future__ import annotations

from alembic import context
from flask import current_app

from intake.engine import writing
from intake.extensions import db

# what Alembic cannot compare on every engine and the migrations own: partial indexes over expressions
BY_HAND = {"uq_role_grant_standing"}


def included(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Whether the comparison of models and database looks at this thing."""
    return not (kind == "index" and name in BY_HAND)


def run() -> None:
    """Migrate over the app's own engine, or over a connection that a test hands in."""
    given = context.config.attributes.get("connection")
    with writing():
        if given is not None:
            _over(given)
            return
        with current_app.extensions["migrate"].db.engine.connect() as connection:
            _over(connection)
            connection.commit()


def _over(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=included,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
