"""What gunicorn serves while it is measured: the real application, and under /bare a plain Flask page beside it.

The bare page is what the others are compared with: one indexed query of 50 rows, a plain table, nothing else.
"""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask, render_template, request
from jinja2 import DictLoader
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from intake.app import create_app

ROWS = sa.text(
    "SELECT id, number, title, state, state_since FROM proposal WHERE call_id = :call ORDER BY state_since, id LIMIT 50"
)
PAGE = """<!doctype html><title>Bare</title><table>
{% for row in rows %}<tr><td>{{ row.id }}<td>{{ row.number }}<td>{{ row.title }}
<td>{{ row.state }}<td>{{ row.state_since }}
{% endfor %}</table>
"""


def bare(url: str) -> Flask:
    """A Flask application of one page, with an engine of its own on the same database."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    engine = sa.create_engine(url)

    @app.get("/")
    def page() -> str:
        with engine.connect() as line:
            rows = line.execute(ROWS, {"call": request.args.get("call", type=int)}).all()
        return render_template("page.html", rows=rows)

    return app


def both() -> DispatcherMiddleware:
    """The two behind one door."""
    real = create_app()
    return DispatcherMiddleware(real, {"/bare": bare(real.config["SQLALCHEMY_DATABASE_URI"])})


if os.environ.get("INTAKE_BENCH"):  # set for gunicorn only, so that importing this module starts nothing
    app = both()
