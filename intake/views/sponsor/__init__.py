"""The sponsor's pages."""

from __future__ import annotations

from flask import Blueprint

sponsor = Blueprint("sponsor", __name__)

from intake.views.sponsor import answers, packet, packets  # noqa: E402,F401
