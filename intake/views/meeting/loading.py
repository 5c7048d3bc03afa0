"""How a meeting is loaded, how a form on it is tried, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.meeting import queries
from intake.meeting.models import Item, Meeting, MeetingAction, MeetingSlot, Participant
from intake.policy import meets, reads_item
from intake.views.display import tr
from intake.views.fields import Form
from intake.views.gate import SAFE, actor, one_time_key
from intake.vocabulary import Words


def meeting_by_id(meeting_id: int) -> Meeting | None:
    """The meeting, locked where it is changed, or None."""
    return queries.one(meeting_id, for_update=request.method not in SAFE)


def with_item(meeting_id: int, item_id: int) -> tuple[Meeting, Item] | None:
    """The meeting and an item of it that the actor reads, or None."""
    found = meeting_by_id(meeting_id)
    items = (each for each in found.items if each.id == item_id) if found is not None else ()
    item = next(iter(items), None)
    return (found, item) if found is not None and item is not None and reads_item(actor(), item, found) else None


def to_plan(meeting_id: int, item_id: int) -> tuple[Meeting, Item | None] | None:
    """As ``with_item``; where a form is sent for one that is not there (any more), the meeting without it, so that no
    word is lost."""
    if request.method in SAFE:
        return with_item(meeting_id, item_id)
    found = meeting_by_id(meeting_id)
    items = (each for each in found.items if each.id == item_id and reads_item(actor(), each, found)) if found else ()
    return (found, next(iter(items), None)) if found is not None else None


def with_participant(meeting_id: int, participant_id: int) -> tuple[Meeting, Participant] | None:
    """The meeting and somebody who is asked to it and of whom the actor may learn, or None."""
    found = meeting_by_id(meeting_id)
    rows = [each for each in found.participants if each.id == participant_id] if found is not None else []
    if found is None or not rows or rows[0].removed_at is not None or not meets(actor(), rows[0], found):
        return None
    return found, rows[0]


def with_slot(meeting_id: int, slot_id: int) -> tuple[Meeting, MeetingSlot] | None:
    """The meeting and a time that is offered, or None."""
    found = meeting_by_id(meeting_id)
    rows = [each for each in found.slots if each.id == slot_id] if found is not None else []
    return (found, rows[0]) if found is not None and rows else None


def with_action(meeting_id: int, action_id: int) -> tuple[Meeting, MeetingAction] | None:
    """The meeting and an action of an item that the actor reads, or None."""
    found = meeting_by_id(meeting_id)
    items = [each for each in found.items if reads_item(actor(), each, found)] if found is not None else []
    rows = [action for each in items for action in each.actions if action.id == action_id]
    return (found, rows[0]) if found is not None and rows else None


def tried(form: Form, act: Callable[[], object]) -> int:
    """200 if ``act`` went well; else nothing of it stays, the form says what it lacked (422) or that somebody was
    quicker (409). What was loaded before is not to be used again then: load it anew."""
    try:
        act()
    except (Incomplete, Conflicted) as error:
        db.session.rollback()
        form.blame(error)
        return 422
    except (Stale, StaleDataError):
        db.session.rollback()
        form.form_errors.append(tr(Stale().reason))
        return 409
    return 200


def pressed(
    meeting_id: int, act: Callable[[], object], done: str, anchor: str = "", *, stale: Words | None = None
) -> ResponseReturnValue:
    """Do what a single button asks, and come back to the meeting with ``done`` or with what stands in the way;
    ``stale`` says that somebody was quicker."""
    try:
        act()
    except (Incomplete, Conflicted) as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
    except (Stale, StaleDataError):
        db.session.rollback()
        flash(tr(stale or Stale().reason), "error")
    else:
        flash(done, "success")
    return redirect(url_for("meeting.page", meeting_id=meeting_id, _anchor=anchor or None))


def back(meeting: Meeting, done: str, anchor: str = "") -> ResponseReturnValue:
    """To the meeting's page, with a word on what was done."""
    flash(done, "success")
    return redirect(url_for("meeting.page", meeting_id=meeting.id, _anchor=anchor or None))


def shown(template: str, meeting_id: int, form: Form, status: int, **values: Any) -> ResponseReturnValue:
    """A form's page, ``meeting/<template>.html``, with the meeting loaded anew."""
    found = queries.one(meeting_id)
    assert found is not None
    html = render_template(f"meeting/{template}.html", meeting=found, form=form, once=one_time_key(), **values)
    return html, status
