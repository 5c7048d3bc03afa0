"""The pages of meetings: for whoever is asked to one, and for the office that plans it."""

from __future__ import annotations

from flask import Blueprint

meeting = Blueprint("meeting", __name__)

from intake.views.meeting import (  # noqa: E402,F401
    actions,
    agenda,
    answering,
    calendars,
    lists,
    minutes,
    page,
    people,
    running,
    saving,
    slots,
)
