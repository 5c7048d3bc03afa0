"""Answering which of the offered times suit: signed in, or as a guest with the link of a letter."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import queries, slots
from intake.meeting.models import Meeting, Participant
from intake.meeting.times import told_in
from intake.policy import attends, slots_closed
from intake.views.gate import SAFE, actor, door
from intake.views.meeting import meeting
from intake.views.meeting.asking import form_for, questions
from intake.views.meeting.forms import answers_in
from intake.views.meeting.loading import meeting_by_id
from intake.views.meeting.page import calendar_file, page_of_meeting
from intake.views.public.invited import SOMEBODY_ELSE
from intake.views.public.team_answer import LONGEST_TOKEN, dead_link
from intake.vocabulary import Action, say

OVER = say("You are not asked to this meeting any more, or the address is not whole. If in doubt, ask the office.")


@door(
    meeting,
    "/meetings/<id:meeting_id>/answer",
    Action.MEETING_ANSWER,
    meeting_by_id,
    methods=["POST"],
)
def answer(found: Meeting) -> ResponseReturnValue:
    """Keep the answers; where one is missing, the meeting's page shows them again."""
    number, form = found.id, questions(found, actor())
    assert form is not None
    if form.validate():
        try:
            slots.answer(found, answers_in(form), by=actor())
            flash(gettext("Thank you. You can change your answers until a time is chosen."), "success")
            return redirect(url_for("meeting.page", meeting_id=number, _anchor="times"))
        except Incomplete as error:
            form.blame(error)
    db.session.rollback()
    again = queries.one(number)
    assert again is not None
    return page_of_meeting(again, form=form), 422


@door(meeting, "/meeting/<token>", Action.PUBLIC, methods=["GET", "POST"])
def guest(token: str) -> ResponseReturnValue:
    """What a guest may see of the meeting, and the question which times suit; nothing for somebody who is signed in as
    somebody else. Only a POST writes."""
    found, line = _behind(token)
    if found is None or line is None or not _theirs(line):
        return _nothing(line)
    form = form_for(found, line)
    if request.method == "POST" and form.validate():
        try:
            slots.answer_by_link(token, found, answers_in(form))
            flash(gettext("Thank you. You can change your answers until a time is chosen."), "success")
            return redirect(url_for("meeting.guest", token=token))
        except Incomplete as error:
            form.blame(error)
    html = render_template(
        "meeting/guest.html",
        token=token,
        meeting=found,
        line=line,
        form=form,
        items=[each for each in found.items if attends(line, each)],
        closed=slots_closed(found),
        when_told=told_in(found.begins_at, [line.zone, found.zone]) if found.begins_at else "",
        page_address="",
    )
    return html, 422 if request.method == "POST" else 200


@door(meeting, "/meeting/<token>/meeting.ics", Action.PUBLIC)
def guest_file(token: str) -> ResponseReturnValue:
    """The meeting as a file for the guest's calendar, for the same eyes as the page behind their link; without a time
    there is none."""
    found, line = _behind(token)
    if found is None or line is None or not _theirs(line):
        return _nothing(line)
    return calendar_file(found, line.zone, f"/meeting/{token}")


def _theirs(line: Participant) -> bool:
    """Nobody is signed in, or the guest whose link it is."""
    return actor().id is None or line.address in actor().emails


def _nothing(line: Participant | None) -> ResponseReturnValue:
    """Why there is nothing to see: the link is dead, or somebody else's."""
    return dead_link(OVER, 404) if line is None else dead_link(SOMEBODY_ELSE, 403)


def _behind(token: str) -> tuple[Meeting | None, Participant | None]:
    """The meeting, locked where the answer may change, and the guest whose link it is."""
    known = queries.behind_link(token) if token.isascii() and len(token) <= LONGEST_TOKEN else None
    if known is None:
        return None, None
    found = queries.one(known.meeting_id, for_update=request.method not in SAFE)
    rows = [each for each in found.participants if each.id == known.id] if found is not None else []
    return (found, rows[0]) if rows else (None, None)
