"""The coordinator's pages."""

from __future__ import annotations

from flask import Blueprint

coordinator = Blueprint("coordinator", __name__)

from intake.views.coordinator import call_settings, stub  # noqa: E402,F401
