"""The coordinator's pages."""

from __future__ import annotations

from flask import Blueprint

coordinator = Blueprint("coordinator", __name__)

from intake.views.coordinator import stub  # noqa: E402,F401
