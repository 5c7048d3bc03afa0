"""The time of a meeting: the office offers some, chooses one, and may move it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.meeting import closing
from intake.meeting import slots as acts
from intake.meeting.doubts import doubts_about
from intake.meeting.models import Meeting, MeetingSlot
from intake.meeting.queries import one
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.forms import move_form, slots_form
from intake.views.meeting.loading import back, meeting_by_id, pressed, shown, tried, with_slot
from intake.views.meeting.told import offers_of
from intake.vocabulary import Action


@door(
    meeting,
    "/meetings/<id:meeting_id>/slots",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
    once=True,
)
def offer(found: Meeting) -> ResponseReturnValue:
    """Offer some times to everybody who is asked."""
    number, form, status = found.id, slots_form(found.zone), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: acts.offer(found, form.instants(), by=actor()))
        if status == 200:
            return back(found, gettext("The times are offered; everybody who is asked gets a letter."), "times")
    return shown("slots", number, form, status)


@door(
    meeting,
    "/meetings/<id:meeting_id>/slots/<id:slot_id>/remove",
    Action.MEETING_RUN,
    with_slot,
    methods=["POST"],
)
def slot_remove(found: Meeting, slot: MeetingSlot) -> ResponseReturnValue:
    """Offer this time no more."""
    done = gettext("This time is not offered any more.")
    return pressed(found.id, lambda: acts.take_back(found, slot, by=actor()), done, "times")


@door(
    meeting,
    "/meetings/<id:meeting_id>/time",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
)
def time(found: Meeting) -> ResponseReturnValue:
    """Choose the time, one that was offered (``?slot=``) or another; or say that it was held already. What speaks
    against a time is told first, and counts as told only for that very time."""
    number = found.id
    slots = {str(each.id): each.begins_at for each in found.slots}
    asked = slots.get(request.args.get("slot", ""))
    held = {"begins_at": asked or found.begins_at, "already": "already" in request.args}
    form, status = move_form(found.zone, data=held), 200
    if request.method == "POST":
        status = 422
        form.anyway.data = form.anyway.data and request.form.get("asked") == _told(form.begins_at.data)
        if form.validate():
            status = tried(form, lambda: _take(found, form))
        if status == 200:
            return back(found, _done(found))
        asked = form.begins_at.data
    again = one(number)
    assert again is not None
    doubts = doubts_about(again, asked, actor()) if asked is not None and not form.already.data else []
    values = {"offers": offers_of(again, actor()), "doubts": doubts, "asked": _told(asked)}
    return shown("time", number, form, status, **values)


def _told(instant: datetime | None) -> str:
    return instant.isoformat() if instant is not None else ""


def _take(found: Meeting, form: Any) -> None:
    if form.already.data:
        closing.record_held(found, form.begins_at.data, by=actor())
    else:
        acts.choose(found, form.begins_at.data, anyway=form.anyway.data, by=actor())


def _done(found: Meeting) -> str:
    if found.held_at is not None:
        return gettext("It is recorded that the meeting was held. Nobody got a letter.")
    return gettext("The time stands; everybody who is asked gets a letter.")
