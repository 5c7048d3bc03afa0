"""What the log is told of a meeting: of each proposal on its agenda, so that only who may read that proposal's log
learns of it; and of the meeting itself, without a word of what it is about."""

from __future__ import annotations

from intake.audit.operations import record
from intake.meeting.models import Meeting
from intake.policy import Actor


def note(meeting: Meeting, happened: str, *, by: Actor) -> None:
    """Record ``meeting.<happened>`` of the meeting and of each of its proposals, each once."""
    record(f"meeting.{happened}", "meeting", meeting.id, by=by)
    for proposal_id in sorted({item.proposal_id for item in meeting.items if item.proposal_id is not None}):
        record(f"meeting.{happened}", "proposal", proposal_id, by=by, meeting=meeting.id)
