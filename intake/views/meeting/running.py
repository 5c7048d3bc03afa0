"""What else the office does with a meeting: it changes, cancels, copies or closes it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.meeting import chairing, closing, planning
from intake.meeting.models import Meeting
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.forms import CancelForm, PlanForm, zones
from intake.views.meeting.loading import back, meeting_by_id, pressed, shown, tried
from intake.vocabulary import Action


@door(
    meeting,
    "/meetings/<id:meeting_id>/plan",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
)
def plan(found: Meeting) -> ResponseReturnValue:
    """Title, place, length and chair."""
    number = found.id
    held = {name: getattr(found, name) for name in ("title", "place", "minutes", "zone")}
    form = PlanForm(data={**held, "chair_id": str(found.chair_id or "")})
    form.zone.offer(zones(found.zone))
    form.chair_id.offer((each.id, each.name) for each in chairing.chairs(found, actor()))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: _change(found, form))
        if status == 200:
            return back(found, gettext("Saved."))
    return shown("plan", number, form, status)


def _change(found: Meeting, form: PlanForm) -> None:
    planning.change(
        found,
        sent_version(),
        title=form.title.data,
        place=form.place.data,
        minutes=form.minutes.data,
        zone=form.zone.data,
        chair_id=int(form.chair_id.data) if form.chair_id.data else None,
        by=actor(),
    )


@door(
    meeting,
    "/meetings/<id:meeting_id>/cancel",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
)
def cancel(found: Meeting) -> ResponseReturnValue:
    """Ask why, then cancel it."""
    number, form, status = found.id, CancelForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: closing.cancel(found, form.reason.data, by=actor()))
        if status == 200:
            return back(found, gettext("The meeting is cancelled; everybody who knew of it gets a letter."))
    return shown("cancel", number, form, status)


@door(meeting, "/meetings/<id:meeting_id>/hold", Action.MEETING_RUN, meeting_by_id, methods=["POST"])
def hold(found: Meeting) -> ResponseReturnValue:
    """It took place."""
    done = gettext("The meeting is held. Its minutes can still be changed; what they said before is kept.")
    return pressed(found.id, lambda: closing.hold(found, by=actor()), done)


@door(
    meeting,
    "/meetings/<id:meeting_id>/copy",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["POST"],
    once=True,
)
def copy(found: Meeting) -> ResponseReturnValue:
    """A new one with the same people and agenda."""
    made = planning.copy(found, by=actor())
    flash(gettext("This is the copy. Nobody was told yet: give it its times."), "success")
    return redirect(url_for("meeting.page", meeting_id=made.id))
