"""How a meeting is loaded, how a form on it is tried, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.meeting import queries
from intake.meeting.models import Item, Meeting, MeetingAction, MeetingSlot, Participant
from intake.policy import meets, reads_item, writes_minutes
from intake.ruling import demand
from intake.views.beside import tell_beside, told_beside
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
    word is lost and a button can say that it is gone."""
    if request.method in SAFE:
        return with_item(meeting_id, item_id)
    found = meeting_by_id(meeting_id)
    items = (each for each in found.items if each.id == item_id and reads_item(actor(), each, found)) if found else ()
    return (found, next(iter(items), None)) if found is not None else None


def to_write(meeting_id: int, item_id: int) -> tuple[Meeting, Item] | None:
    """The meeting and an item whose minutes the actor writes, or None. Raises Refused with the reason for whoever only
    reads it."""
    both = with_item(meeting_id, item_id)
    if both is not None:
        demand(writes_minutes(actor(), both[1], both[0]))
    return both


def with_participant(meeting_id: int, participant_id: int) -> tuple[Meeting, Participant | None] | None:
    """The meeting, and somebody who is asked to it and of whom the actor may learn, or without them where they are not
    on it (any more), so that a button can say so."""
    found = meeting_by_id(meeting_id)
    if found is None:
        return None
    rows = (each for each in found.participants if each.id == participant_id and each.removed_at is None)
    return found, next((each for each in rows if meets(actor(), each, found)), None)


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
    """Do what a single button asks, and come back to the meeting with ``done`` beside ``anchor``, or at the top with
    what stands in the way; ``stale`` says that somebody was quicker."""
    try:
        act()
    except (Incomplete, Conflicted) as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
    except (Stale, StaleDataError):
        db.session.rollback()
        flash(tr(stale or Stale().reason), "error")
    else:
        return leading_to(anchor, done, "meeting.page", meeting_id=meeting_id)
    return redirect(url_for("meeting.page", meeting_id=meeting_id))


def back(meeting: Meeting, done: str, anchor: str = "") -> ResponseReturnValue:
    """To the meeting's page, with a word on what was done."""
    return leading_to(anchor, done, "meeting.page", meeting_id=meeting.id)


def leading_to(anchor: str, done: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    """To ``anchor`` on a page that calls ``told_at``, which says beside it what was done; without one, at the top."""
    if not anchor:
        flash(done, "success")
        return redirect(url_for(endpoint, **values))
    tell_beside(done)
    return redirect(url_for(endpoint, **values, at=anchor, _anchor=anchor))


def told_at(places: Iterable[str]) -> dict[str, Any]:
    """At which of its ``places`` the page is to say what was just done, and the words; where it has no such place, the
    top says it."""
    at = request.args.get("at", "")
    return {"at": at, "told_beside": told_beside()} if at in set(places) else {"at": ""}


def shown(template: str, meeting_id: int, form: Form, status: int, **values: Any) -> ResponseReturnValue:
    """A form's page, ``meeting/<template>.html``, with the meeting loaded anew."""
    found = queries.one(meeting_id)
    assert found is not None
    html = render_template(f"meeting/{template}.html", meeting=found, form=form, once=one_time_key(), **values)
    return html, status
