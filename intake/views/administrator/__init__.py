"""The administrator's pages: people, programmes, settings, conflicts, the log, sent mail. No proposal is read here."""

from __future__ import annotations

from flask import Blueprint

administrator = Blueprint("administrator", __name__)

from intake.views.administrator import (  # noqa: E402,F401
    conflicts,
    log,
    overview,
    people,
    person,
    programmes,
    roles,
    sent_mail,
    standing_in,
    working_days,
)
