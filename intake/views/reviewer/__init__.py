"""The reviewer's pages."""

from __future__ import annotations

from flask import Blueprint

reviewer = Blueprint("reviewer", __name__)

from intake.views.reviewer import answer, decision, declare, ended, files, queue, review  # noqa: E402,F401
