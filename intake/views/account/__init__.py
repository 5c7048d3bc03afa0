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
    number = actor().id
    if number is None:
        return {"account_links": []}
    entries = [
        (gettext("Your account"), url_for("account.own")),
        (gettext("Your meetings"), url_for("meeting.own")),
        (gettext("What I work on"), url_for("account.profile", person_id=number)),
    ]
    return {"account_links": entries}


from intake.views.account import (  # noqa: E402,F401
    known_as,
    links,
    own,
    profile,
    profile_lists,
    profile_publications,
    profile_themes,
    session,
    ties_noted,
)
