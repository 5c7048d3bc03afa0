"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from intake.extensions import db
from intake.logs import logger

health = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Add the two addresses that a watchdog asks."""
    app.register_blueprint(health)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database is migrated and the file store answers; 503 names what does not."""
    faults = []
    try:
        db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    except Exception:
        logger().exception("database not ready")
        faults.append("database")
    try:
        current_app.extensions["store"].check()
    except Exception:
        logger().exception("file store not ready")
        faults.append("files")
    return ({"status": "not ready", "failed": faults}, 503) if faults else {"status": "ready"}
