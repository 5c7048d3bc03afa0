"""The coordinator's pages."""

from __future__ import annotations

from flask import Blueprint

coordinator = Blueprint("coordinator", __name__)

from intake.views.coordinator import (  # noqa: E402,F401
    call_settings,
    conversation,
    deciding,
    desk,
    export,
    extensions,
    forwarding,
    listing,
    matching,
    places,
    proposal,
    reviewers,
    screening,
)
