"""The letters around a packet."""

from __future__ import annotations

from intake.forward.models import Packet
from intake.notification.letters import Letter
from intake.proposal.letters import to_office, to_team
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say

TO_SPONSOR = say("You get this because you are a contact of the sponsor of this call.")


def _to_sponsor(proposal: Proposal, kind: str, subject: Words, *paragraphs: Words, quoted: str = "") -> Letter:
    return Letter(kind, subject, paragraphs, f"/packets/{proposal.id}", say("Open the packet"), TO_SPONSOR, quoted)


def sent(proposal: Proposal) -> Letter:
    """That a packet waits, to the sponsor's contacts."""
    return _to_sponsor(
        proposal,
        "packet.sent",
        say("For your decision: %(number)s, %(title)s", number=proposal.number, title=proposal.title),
        say("The university forwards %(number)s for %(call)s.", number=proposal.number, call=proposal.call.title),
        say("Please read it, tell us whether you are interested, and record your outcome when you have one."),
    )


def forwarded(proposal: Proposal) -> Letter:
    """That the sponsor has it, to the team."""
    return to_team(
        proposal,
        "proposal.sent",
        say("With the sponsor: %(number)s", number=proposal.number),
        say("Your proposal %(number)s has gone to the sponsor. We tell you when they answer.", number=proposal.number),
    )


def recalled(proposal: Proposal) -> Letter:
    """That a packet is no longer to be read, to the sponsor's contacts."""
    return _to_sponsor(
        proposal,
        "packet.recalled",
        say("Recalled: %(number)s", number=proposal.number),
        say("The office recalled the packet of %(number)s. It can no longer be opened.", number=proposal.number),
    )


def interest(proposal: Proposal, packet: Packet, words: Words) -> Letter:
    """What the sponsor said before the outcome, to the office."""
    return to_office(
        proposal,
        "packet.interest",
        say("The sponsor on %(number)s: %(words)s", number=proposal.number, words=words),
        say("A contact of %(sponsor)s answered: %(words)s.", sponsor=packet.sponsor.name, words=words),
        quoted=packet.interest_note,
    )
