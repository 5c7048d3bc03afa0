"""How the words of meetings read on a page."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from intake.meeting.models import Meeting
from intake.vocabulary import ComesAs, MeetingKind, SlotAnswer, Words, say

KINDS: dict[MeetingKind, Words] = {
    MeetingKind.MATCHING: say("Match-making"),
    MeetingKind.PANEL: say("Panel"),
}
COMES_AS: dict[ComesAs, Words] = {
    ComesAs.APPLICANT: say("Applicant"),
    ComesAs.REVIEWER: say("Reviewer"),
    ComesAs.CONTACT: say("Contact of the sponsor"),
    ComesAs.OFFICE: say("Office"),
    ComesAs.GUEST: say("Guest"),
}
ANSWERS: dict[SlotAnswer, Words] = {
    SlotAnswer.YES: say("Yes"),
    SlotAnswer.IF_NEED_BE: say("If need be"),
    SlotAnswer.NO: say("No"),
}


def clock_of(instant: datetime, zone: str) -> str:
    """``17:00`` on the clock of ``zone``."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def standing_of(meeting: Meeting) -> Words:
    """How far the meeting is, in a word or two."""
    if meeting.cancelled_at is not None:
        return say("Cancelled")
    if meeting.held_at is not None:
        return say("Held")
    return say("Arranged") if meeting.begins_at is not None else say("Time to be found")


def desk_of_meeting(meeting: Meeting) -> str:
    """The colour of its standing: what is to be found lies with the office."""
    if meeting.over:
        return "closed"
    return "reviewers" if meeting.begins_at is not None else "office"
