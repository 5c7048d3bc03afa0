"""The public's pages."""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("public", __name__)

from intake.views.public import about, awards, calls, endorse, invited, team_answer  # noqa: E402

__all__ = ["about", "awards", "calls", "endorse", "invited", "public", "team_answer"]
