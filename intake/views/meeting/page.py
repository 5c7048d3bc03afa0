"""The page of one meeting, its agenda on paper, and its file for a calendar."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
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
from intake.policy import may, participant_of, reads_item
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.asking import questions
from intake.views.meeting.loading import meeting_by_id, told_at
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
        **told_at(_places(found)),
    )


def _places(found: Meeting) -> Iterator[str]:
    """Where the page says what was just done: the anchors of its cards and items."""
    yield from ("agenda", "people")
    yield from (f"item-{each.id}" for each in found.items if reads_item(actor(), each, found))
    if found.begins_at is None and not found.over:
        yield "times"


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
    return calendar_file(found, zones_of(found, actor())[0], f"/meetings/{found.id}")


def calendar_file(found: Meeting, zone: str, path: str) -> Response:
    """The meeting as a file for a calendar, on the clock of ``zone`` and with a link to ``path``. Aborts with 404 where
    it has no time."""
    if found.begins_at is None:
        abort(404)
    url = f"{desk.public_url}{path}"
    text = download_file(entry_of(found, zone, url, ends=found.cancelled_at is not None))
    reply = Response(text, mimetype="text/calendar")
    reply.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return reply
