"""The account's pages: signing in and out, one's own details, a forgotten password, an invitation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from intake.people import passwords
from intake.views.gate import actor

account = Blueprint("account", __name__)
account.record_once(lambda state: passwords.arrange(state.app.config.get("ARGON2_COST")))


@account.app_context_processor
def _links() -> dict[str, Any]:
    """What stands in the menu under the person's name."""
    entries = [(gettext("Your account"), url_for("account.own"))] if actor().id is not None else []
    return {"account_links": entries}


from intake.views.account import links, own, session  # noqa: E402,F401
