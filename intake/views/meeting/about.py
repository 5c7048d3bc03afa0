"""The meetings on which a proposal is an item, for its own page: the office's and the team's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from intake.meeting.queries import about
from intake.proposal.models import Proposal
from intake.views.gate import actor
from intake.views.meeting.words import desk_of_meeting, standing_of
from intake.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Talk:
    """One item about the proposal: its meeting's title, time and state with the colour, the item's own words, and the
    address of both."""

    title: str
    url: str
    begins_at: datetime | None
    state: Words
    desk: str
    heading: str


def talks_about(proposal: Proposal) -> list[Talk]:
    """Every item about the proposal that the reader may read, in the order of ``meeting.queries.about``.
    Statements: 1."""
    return [
        Talk(
            item.meeting.title,
            url_for("meeting.page", meeting_id=item.meeting_id, _anchor=f"item-{item.id}"),
            item.meeting.begins_at,
            standing_of(item.meeting),
            desk_of_meeting(item.meeting),
            item.heading,
        )
        for item in about(proposal.id, actor())
    ]
