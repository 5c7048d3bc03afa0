"""The account's pages."""

from __future__ import annotations

from flask import Blueprint

account = Blueprint("account", __name__)

from intake.views.account import stub  # noqa: E402,F401
