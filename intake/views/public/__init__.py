"""The public's pages."""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("public", __name__)

from intake.views.public import stub  # noqa: E402,F401
