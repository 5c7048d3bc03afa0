"""What meetings gave one to do."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.meeting import minutes, queries
from intake.meeting.models import Meeting, MeetingAction
from intake.meeting.reminding import office_today
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.loading import leading_to, with_action
from intake.vocabulary import Action


@door(meeting, "/meetings/actions", Action.SIGNED_IN)
def my_actions() -> ResponseReturnValue:
    """One's actions: what is to do, by due day, and what is done. Statements: 3."""
    rows = queries.actions_of(actor(), done=None)
    return render_template(
        "meeting/actions.html",
        todo=[each for each in rows if each.done_at is None],
        done=sorted((each for each in rows if each.done_at is not None), key=lambda each: each.done_at, reverse=True),
        today=office_today(),
    )


@door(
    meeting,
    "/meetings/<id:meeting_id>/actions/<id:action_id>",
    Action.MEETING_VIEW,
    with_action,
    methods=["POST"],
)
def mark(found: Meeting, action: MeetingAction) -> ResponseReturnValue:
    """Done, not done after all, or noted by mistake, as the button said; then back to where the button stood."""
    said, item_id = request.form.get("act"), action.item_id
    if said == "drop":
        minutes.drop(found, action, by=actor())
        done = gettext("The action is taken away.")
    else:
        minutes.mark(found, action, said != "reopen", by=actor())
        done = gettext("It is to do again.") if said == "reopen" else gettext("Done.")
    if request.form.get("from") == "minutes":
        return leading_to("actions", done, "meeting.minutes", meeting_id=found.id, item_id=item_id)
    flash(done, "success")
    return redirect(url_for("meeting.my_actions"))
