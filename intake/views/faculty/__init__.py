"""The faculty's pages: one's proposals, the writing of one, and what became of it."""

from __future__ import annotations

from flask import Blueprint

faculty = Blueprint("faculty", __name__)

from intake.views.faculty import (  # noqa: E402,F401
    attaching,
    beginning,
    conversation,
    endorsing,
    handing_over,
    joining,
    notice,
    objecting,
    offer,
    overview,
    own,
    receipts,
    referral,
    rules,
    submitting,
    team,
    writing,
)
