"""The web: the only code that knows Flask's request. One blueprint for each role, one gate before all of them."""

from __future__ import annotations

from flask import Flask

from intake.views import (
    addresses,
    arrival,
    assets,
    dates,
    display,
    errors,
    gate,
    health,
    language,
    points,
    security,
    shell,
)
from intake.views.account import account
from intake.views.administrator import administrator
from intake.views.coordinator import coordinator
from intake.views.faculty import faculty
from intake.views.meeting import meeting
from intake.views.public import public
from intake.views.reviewer import reviewer
from intake.views.search import search
from intake.views.sponsor import sponsor

ROLES = (public, account, search, faculty, coordinator, reviewer, sponsor, administrator, meeting)


def register(app: Flask) -> None:
    """Give the app its guards, pages and error pages. Raises RuntimeError for a route that names no action."""
    app.url_map.converters["id"] = gate.IdConverter
    arrival.register(app)
    security.register(app)
    display.register(app)
    dates.register(app)
    points.register(app)
    language.register(app)
    shell.register(app)
    errors.register(app)
    assets.register(app)
    addresses.register(app)
    health.register(app)
    for blueprint in ROLES:
        app.register_blueprint(blueprint)
    gate.refuse_unnamed_routes(app)
