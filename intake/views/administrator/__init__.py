"""The administrator's pages."""

from __future__ import annotations

from flask import Blueprint

administrator = Blueprint("administrator", __name__)

from intake.views.administrator import stub  # noqa: E402,F401
