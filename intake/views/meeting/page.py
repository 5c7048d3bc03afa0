"""The page of one meeting, its agenda on paper, and its file for a calendar."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from intake import clock
from intake.meeting.agenda import order
from intake.meeting.calendar import download_file
from intake.meeting.inviting import entry_of
from intake.meeting.models import Meeting
from intake.meeting.times import told_in
from intake.notification.letters import desk
from intake.opening import sealed_at
from intake.policy import may, participant_of
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.asking import questions
from intake.views.meeting.loading import meeting_by_id
from intake.views.meeting.told import agenda_of, chair_of, offers_of, people_of, whole_time, zones_of
from intake.views.meeting.words import ANSWERS, COMES_AS
from intake.vocabulary import Action, SlotAnswer


@door(meeting, "/meetings/<id:meeting_id>", Action.MEETING_VIEW, meeting_by_id)
def page(found: Meeting) -> ResponseReturnValue:
    """What the reader may see of it, and what they can do. Statements: 1, besides the meeting's."""
    return page_of_meeting(found)


def page_of_meeting(found: Meeting, *, form: Any = None) -> str:
    """The page; ``form`` holds answers that were sent and not kept."""
    who = actor()
    return render_template(
        "meeting/page.html",
        form=form or questions(found, who),
        **_seen(found),
        offers=offers_of(found, who),
        runs=may(who, Action.MEETING_RUN, found),
        answers=may(who, Action.MEETING_ANSWER, found),
        mine=participant_of(who, found),
        order=order(found),
        ANSWERS=ANSWERS,
        Answer=SlotAnswer,
        once=secrets.token_urlsafe(16),
    )


def _seen(found: Meeting) -> dict[str, Any]:
    who = actor()
    zones = zones_of(found, who)
    return {
        "meeting": found,
        "lines": agenda_of(found, who),
        "people": people_of(found, who),
        "chair": chair_of(found, who),
        "sealed_until": found.call.sealed_until if sealed_at(found.call, clock.now()) else None,
        "zones": zones,
        "when_told": told_in(found.begins_at, zones) if found.begins_at is not None else "",
        "whole": whole_time(found),
        "COMES_AS": COMES_AS,
    }


@door(meeting, "/meetings/<id:meeting_id>/paper", Action.MEETING_VIEW, meeting_by_id)
def paper(found: Meeting) -> ResponseReturnValue:
    """Agenda and minutes for printing. Statements: none, besides the meeting's."""
    return render_template("meeting/paper.html", **_seen(found))


@door(meeting, "/meetings/<id:meeting_id>/meeting.ics", Action.MEETING_VIEW, meeting_by_id)
def file(found: Meeting) -> ResponseReturnValue:
    """The meeting as a file for a calendar; without a time there is none."""
    if found.begins_at is None:
        abort(404)
    zone, url = zones_of(found, actor())[0], f"{desk.public_url}/meetings/{found.id}"
    text = download_file(entry_of(found, zone, url, ends=found.cancelled_at is not None))
    reply = Response(text, mimetype="text/calendar")
    reply.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return reply
