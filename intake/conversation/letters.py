"""The copies of messages that go out by mail."""

from __future__ import annotations

from intake.notification.letters import Letter
from intake.proposal.letters import TO_OFFICE, page_of_office
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say

NO_REPLY = say("Please answer on the site: a reply to this mail is read by nobody.")
READ_AND_ANSWER = say("Read and answer")


def to_team(proposal: Proposal, name: str, text: str, with_file: bool) -> Letter:
    """What somebody of the office wrote, to those who write for the team."""
    return Letter(
        "conversation.message",
        say("A message from the office about %(number)s", number=proposal.number),
        (
            say("%(name)s of the office wrote about your proposal %(number)s:", name=name, number=proposal.number),
            *_below(with_file),
        ),
        f"/proposals/{proposal.id}/messages",
        READ_AND_ANSWER,
        say("You get this because you write for the team of this proposal."),
        quoted=text,
    )


def to_office(proposal: Proposal, name: str, text: str, with_file: bool, sealed: bool) -> Letter:
    """What somebody of the team wrote, to its office. Of a sealed call only that something came."""
    words: tuple[Words, ...] = (
        say("%(name)s wrote about %(number)s:", name=name, number=proposal.number),
        *_below(with_file),
    )
    if sealed:
        words = (
            say("A team wrote about %(number)s. You can read it once the call has closed.", number=proposal.number),
        )
    return Letter(
        "conversation.message",
        say("A message about %(number)s", number=proposal.number),
        words,
        f"{page_of_office(proposal)}?tab=messages",
        READ_AND_ANSWER,
        TO_OFFICE,
        quoted="" if sealed else text,
    )


def _below(with_file: bool) -> tuple[Words, ...]:
    return (NO_REPLY, say("A file came with it; it is on the site.")) if with_file else (NO_REPLY,)
