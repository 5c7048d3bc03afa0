"""How a call's settings are changed: with leave, from what was read, and with a note of what each was and became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from intake.audit.operations import record
from intake.call.models import Call
from intake.call.queries import ARRANGED
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, Words

Holder = Callable[[Call, str], Words | None]
HOLDERS: dict[str, list[Holder]] = {}
"""What later rooms hold of a call's settings: by the setting's name, functions of the call and of what is to go (a
rule's code, or nothing) that answer why it must stay, or None."""
NOTED: list[Callable[[Call], None]] = []
"""What later rooms do when a setting of a call has changed."""


def enter(call: Call, version: int, *, by: Actor) -> None:
    """Let ``by`` change the call as they read it.

    Demands: ``CALL_OVERSEE``. Raises: Refused; Stale where the call is no longer at ``version``.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if call.version != version:
        raise Stale


def note(call: Call, changes: dict[str, list[Any]], *, by: Actor) -> None:
    """Note what each setting was and became, and give the call its next version, also where only its lists changed.

    Records: ``call.arranged``. Raises: StaleDataError where somebody was quicker.
    """
    flag_modified(call, "title")
    record(ARRANGED, "call", call.id, by=by, changes=changes)
    db.session.flush()
    for tell in NOTED:
        tell(call)


def held(call: Call, setting: str, what: str = "") -> Words | None:
    """Why a setting of the call (or the one thing of it named by ``what``) must stay as it is, or None."""
    for holder in HOLDERS.get(setting, ()):
        if reason := holder(call, what):
            return reason
    return None


def release(call: Call, setting: str, field: str = "", what: str = "") -> None:
    """Go on only if nothing holds the setting. Raises: Incomplete with the reason, at ``field`` if one is named."""
    if reason := held(call, setting, what):
        raise Incomplete(reason, {field: reason} if field else {})
