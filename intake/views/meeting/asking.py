"""The question which of the offered times suit, for one participant."""

from __future__ import annotations

from intake.meeting.models import Meeting, Participant
from intake.meeting.times import told_in
from intake.policy import Actor, participant_of
from intake.views.fields import Form
from intake.views.meeting.forms import answer_form


def questions(found: Meeting, who: Actor) -> Form | None:
    """The form with what the reader answered so far, or None where they are not asked."""
    mine = participant_of(who, found)
    return form_for(found, mine) if mine is not None else None


def form_for(found: Meeting, line: Participant) -> Form:
    """One question for each time, on the participant's clock and on the office's, with what they answered so far."""
    labels = {
        each.id: told_in(each.begins_at, [line.zone, found.zone])
        for each in sorted(found.slots, key=lambda s: s.begins_at)
    }
    given = {
        f"slot_{each.id}": reply.answer.value
        for each in found.slots
        for reply in each.replies
        if reply.participant_id == line.id
    }
    return answer_form(labels, data=given)
