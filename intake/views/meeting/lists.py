"""Lists of meetings: one's own, and those of a call; and how a new one begins."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.match.pairing import LABELS
from intake.meeting import planning, queries
from intake.meeting.models import Meeting
from intake.views.dates import office_zone
from intake.views.gate import actor, door, one_time_key
from intake.views.meeting import meeting
from intake.views.meeting.forms import NewMeetingForm, zones
from intake.views.meeting.loading import tried
from intake.views.meeting.words import KINDS, clock_of, desk_of_meeting, standing_of
from intake.vocabulary import Action, MeetingKind

USUAL_MINUTES = 60


@meeting.context_processor
def _words() -> dict[str, object]:
    """What every page of meetings says of one."""
    return {
        "standing_of": standing_of,
        "desk_of_meeting": desk_of_meeting,
        "KINDS_OF_MEETINGS": KINDS,
        "PAIRED": LABELS,
        "clock_of": clock_of,
    }


@door(meeting, "/meetings", Action.SIGNED_IN)
def own() -> ResponseReturnValue:
    """The meetings that one is asked to, what is still to come first. Statements: 2."""
    rows = queries.mine(actor())
    ahead = [each for each in rows if not _past(each)]
    return render_template(
        "meeting/own.html",
        ahead=sorted(ahead, key=lambda each: (each.begins_at is not None, each.begins_at or each.made_at)),
        past=[each for each in rows if _past(each)],
        todo=queries.actions_of(actor()),
    )


def _past(each: Meeting) -> bool:
    return each.over or (each.ends_at is not None and each.ends_at < clock.now())


@door(meeting, "/desk/calls/<code>/meetings", Action.CALL_OVERSEE, call_with)
def of_call(call: Call) -> ResponseReturnValue:
    """The meetings of a call. Statements: 1, besides the call's."""
    return render_template("meeting/of_call.html", call=call, rows=queries.of_call(call))


@door(
    meeting,
    "/desk/calls/<code>/meetings/new",
    Action.CALL_OVERSEE,
    call_with,
    methods=["GET", "POST"],
    once=True,
)
def new(call: Call) -> ResponseReturnValue:
    """Begin to plan a meeting."""
    form = NewMeetingForm(data={"minutes": USUAL_MINUTES, "zone": office_zone(), "kind": MeetingKind.MATCHING.value})
    form.zone.offer(zones(office_zone()))
    status, made = 200, []
    code = call.code
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: made.append(_made(call, form)))
        if status == 200:
            flash(gettext("The meeting is planned. Nobody was told yet: now put items on its agenda."), "success")
            return redirect(url_for("meeting.page", meeting_id=made[0].id))
        call = call_with(code) or call
    return render_template("meeting/new.html", call=call, form=form, once=one_time_key()), status


def _made(call: Call, form: NewMeetingForm) -> Meeting:
    return planning.make(
        call,
        kind=MeetingKind(form.kind.data),
        title=form.title.data,
        place=form.place.data,
        zone=form.zone.data,
        minutes=form.minutes.data,
        by=actor(),
    )
