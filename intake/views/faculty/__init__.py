"""The faculty's pages: one's proposals, the writing of one, and what became of it."""

from __future__ import annotations

from flask import Blueprint

faculty = Blueprint("faculty", __name__)

from intake.views.faculty import attaching, overview, own, receipts, submitting, team, writing  # noqa: E402

__all__ = ["attaching", "faculty", "overview", "own", "receipts", "submitting", "team", "writing"]
