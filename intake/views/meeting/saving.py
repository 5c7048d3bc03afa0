"""Minutes that save themselves while they are written, under the same question whether somebody saved meanwhile as by
the button."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from intake import clock
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.meeting import minutes as acts
from intake.meeting.models import Item, Meeting
from intake.views.display import clock_time, tr
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.forms import NotesForm
from intake.views.meeting.loading import to_write
from intake.vocabulary import Action, say

MEANWHILE = say("Somebody saved these minutes while you were writing. Your words stay here: compare both texts.")


def keep(found: Meeting, item: Item, form: NotesForm) -> None:
    """Write what the form says. Raises Refused, Stale, Incomplete."""
    acts.write(found, item, form.notes.data, _version(item), by=actor())


def _version(item: Item) -> int:
    """The version that the form was made from. Where the item was moved or changed since but its minutes were not,
    nothing would be overwritten, and the present version stands for it."""
    return item.version if request.form.get("seen") == acts.notes_edition(item) else sent_version()


def autosaved(found: Meeting, item: Item, form: NotesForm, good: bool) -> ResponseReturnValue:
    """What the page is told of what it sent by itself; 409 where somebody saved meanwhile, also where what was typed
    cannot be kept: the page takes the version that it is told for its next save."""
    try:
        if good:
            keep(found, item, form)
        elif _version(item) != item.version:
            raise Stale
    except Stale:
        return jsonify(stale=True, words=tr(MEANWHILE)), 409
    except Incomplete as error:
        return jsonify(words=tr(error.reason)), 422
    errors = {"notes": str(form.notes.errors[0])} if form.notes.errors else {}
    told: dict[str, Any] = {"shown": [], "faults": {}, "cells": {}, "fragments": {}, "others": ""}
    saved = clock_time(clock.now())
    return jsonify(version=item.version, seen=acts.notes_edition(item), errors=errors, saved=saved, **told)


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/minutes/here",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
)
def here(found: Meeting, item: Item) -> ResponseReturnValue:
    """Whether somebody else saved since the page was made."""
    changed = "" if _version(item) == item.version else tr(MEANWHILE)
    db.session.rollback()
    return jsonify(others="", changed=changed)
