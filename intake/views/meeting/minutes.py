"""Minutes of an item, which save themselves while they are written; actions that come of it; and its outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.match.pairing import LABELS
from intake.meeting import minutes as acts
from intake.meeting.models import Item, Meeting
from intake.meeting.queries import one
from intake.policy import reads_as_office, writes_minutes
from intake.ruling import demand
from intake.views.display import clock_time, tr
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.views.meeting import meeting
from intake.views.meeting.forms import ActionForm, NotesForm, OutcomeForm
from intake.views.meeting.loading import back, tried, with_item
from intake.views.meeting.told import agenda_of
from intake.vocabulary import Action, PairingKind, PairingState, say

USUAL_DAYS = 7
MEANWHILE = say("Somebody saved these minutes while you were writing. Your words stay here: compare both texts.")


def to_write(meeting_id: int, item_id: int) -> tuple[Meeting, Item] | None:
    """The meeting and an item whose minutes the actor writes, or None. Raises Refused with the reason for whoever only
    reads it."""
    both = with_item(meeting_id, item_id)
    if both is not None:
        demand(writes_minutes(actor(), both[1], both[0]))
    return both


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/minutes",
    Action.MEETING_VIEW,
    to_write,
    methods=["GET", "POST"],
)
def minutes(found: Meeting, item: Item) -> ResponseReturnValue:
    """The minutes with their actions and outcome; what is typed is kept by the button or by itself."""
    form = NotesForm(data={"notes": item.notes})
    if request.method in SAFE:
        return _page(found.id, item.id, notes=form)
    good = form.validate()
    if request.headers.get("X-Autosave"):
        return _autosaved(found, item, form, good)
    number, item_id = found.id, item.id
    status = tried(form, lambda: _write(found, item, form)) if good else 422
    if status == 200:
        return back(found, gettext("The minutes are saved."), f"item-{item_id}")
    return _page(number, item_id, notes=form, status=status)


def _write(found: Meeting, item: Item, form: NotesForm) -> None:
    acts.write(found, item, form.notes.data, sent_version(), by=actor())


def _autosaved(found: Meeting, item: Item, form: NotesForm, good: bool) -> ResponseReturnValue:
    """What the page is told of what it sent by itself; 409 where somebody saved meanwhile."""
    if good:
        try:
            _write(found, item, form)
        except Stale:
            return jsonify(stale=True, words=tr(MEANWHILE)), 409
        except Incomplete as error:
            return jsonify(words=tr(error.reason)), 422
    errors = {"notes": str(form.notes.errors[0])} if form.notes.errors else {}
    told: dict[str, Any] = {"shown": [], "faults": {}, "cells": {}, "fragments": {}, "others": ""}
    saved = clock_time(clock.now())
    return jsonify(version=item.version, seen="", errors=errors, saved=saved, **told)


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/minutes/here",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
)
def here(found: Meeting, item: Item) -> ResponseReturnValue:
    """Whether somebody else saved since the page was made."""
    changed = "" if sent_version() == item.version else tr(MEANWHILE)
    db.session.rollback()
    return jsonify(others="", changed=changed)


def _page(
    number: int, item_id: int, *, notes: Any = None, action: Any = None, outcome: Any = None, status: int = 200
) -> ResponseReturnValue:
    """The item's page with what was typed and not kept; loaded anew."""
    found = one(number)
    assert found is not None
    item = next(each for each in found.items if each.id == item_id)
    line = next(each for each in agenda_of(found, actor()) if each.item is item)
    version = sent_version() if notes is not None and status == 422 else item.version
    html = render_template(
        "meeting/minutes.html",
        meeting=found,
        item=item,
        line=line,
        notes=notes or NotesForm(formdata=None, data={"notes": item.notes}),
        action=action or _action_form(found, item, bare=True),
        outcome=outcome or _outcome_form(item, bare=True),
        decides=reads_as_office(actor(), item.proposal) if item.proposal is not None else False,
        version=version,
        stale=status == 409,
        LABELS=LABELS,
        once=one_time_key(),
        person=actor().id,
    )
    return html, status


def _action_form(found: Meeting, item: Item, *, bare: bool = False) -> ActionForm:
    """The form for one more action. Statements: those of ``owners``."""
    due = (clock.now() + timedelta(days=USUAL_DAYS)).date()
    form = ActionForm(data={"due_on": due}, **({"formdata": None} if bare else {}))
    form.owner_id.offer((each.id, each.name) for each in acts.owners(found, item, by=actor()))
    return form


def _outcome_form(item: Item, *, bare: bool = False) -> OutcomeForm:
    kinds = []
    if item.contact is not None:
        kinds.append((PairingKind.CONTACT.value, item.contact.name))
    if item.theme is not None:
        kinds.append((PairingKind.THEME.value, item.theme.name))
    form = OutcomeForm(data={"kind": kinds[0][0] if kinds else None}, **({"formdata": None} if bare else {}))
    form.kind.offer(kinds)
    return form


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/actions",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
    once=True,
)
def action_new(found: Meeting, item: Item) -> ResponseReturnValue:
    """One more action."""
    number, item_id, form = found.id, item.id, _action_form(found, item)
    status = 422
    if form.validate():
        status = tried(form, lambda: _give(found, item, form))
    if status == 200:
        return _again(number, item_id, gettext("The action is noted, and its owner is told."), "actions")
    return _page(number, item_id, action=form, status=status)


def _give(found: Meeting, item: Item, form: ActionForm) -> None:
    acts.give_action(found, item, form.what.data, int(form.owner_id.data), form.due_on.data, by=actor())


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/outcome",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
)
def outcome(found: Meeting, item: Item) -> ResponseReturnValue:
    """What came of it; it moves the match."""
    number, item_id, form = found.id, item.id, _outcome_form(item)
    status = 422
    if form.validate():
        status = tried(form, lambda: _conclude(found, item, form))
    if status == 200:
        return _again(number, item_id, gettext("The outcome is recorded, and the match board shows it."), "outcome")
    return _page(number, item_id, outcome=form, status=status)


def _conclude(found: Meeting, item: Item, form: OutcomeForm) -> None:
    state, kind = PairingState(form.outcome.data), PairingKind(form.kind.data)
    acts.conclude(found, item, state, kind, form.note.data, by=actor())


def _again(number: int, item_id: int, done: str, anchor: str) -> ResponseReturnValue:
    flash(done, "success")
    return redirect(url_for("meeting.minutes", meeting_id=number, item_id=item_id, _anchor=anchor))
