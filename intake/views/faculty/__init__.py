"""The faculty's pages."""

from __future__ import annotations

from flask import Blueprint

faculty = Blueprint("faculty", __name__)

from intake.views.faculty import stub  # noqa: E402,F401
