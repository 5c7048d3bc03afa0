"""The letters about notices of intent and places."""

from __future__ import annotations

from datetime import datetime

from intake.call.models import Call
from intake.notification.letters import Letter
from intake.proposal.letters import TO_OFFICE, to_office, to_team
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say


def noticed(call: Call, title: str) -> Letter:
    """That a notice was taken, to whoever gave it."""
    return Letter(
        "notice.taken",
        say("Your notice of intent for %(call)s", call=call.title),
        (
            say("We have your notice of intent: %(title)s", title=title),
            say(
                "You can change it or take it back until %(when)s. It is no proposal: start one on the call's page.",
                when=call.notice_due_at,
            ),
        ),
        f"/calls/{call.code}",
        say("Open the call"),
        say("You get this because you gave a notice of intent for this call."),
    )


def notice_in(call: Call, name: str, title: str) -> Letter:
    """That somebody means to apply, to the office."""
    return _of_call(
        call,
        "notice.arrived",
        say("New notice of intent for %(call)s", call=call.title),
        say("%(name)s means to apply: %(title)s", name=name, title=title),
    )


def notice_gone(call: Call, name: str, title: str) -> Letter:
    """That somebody took their notice back, to the office."""
    return _of_call(
        call,
        "notice.withdrawn",
        say("Notice of intent taken back for %(call)s", call=call.title),
        say("%(name)s took the notice back: %(title)s", name=name, title=title),
    )


def _of_call(call: Call, kind: str, subject: Words, words: Words) -> Letter:
    return Letter(kind, subject, (words,), f"/desk/calls/{call.code}/places", say("See the places"), TO_OFFICE)


def given(proposal: Proposal) -> Letter:
    """That it holds a place, to the team."""
    return to_team(
        proposal,
        "slot.given",
        say("%(number)s holds a place", number=proposal.number),
        say(
            "The sponsor takes %(most)s from the university in this call, and your proposal holds one of the places.",
            most=proposal.call.slots,
        ),
        say("You need do nothing now. If you cannot go on, withdraw it in time: another can take the place."),
    )


def reserved(proposal: Proposal) -> Letter:
    """That it is on the reserve, to the team."""
    return to_team(
        proposal,
        "slot.reserved",
        say("%(number)s is on the reserve", number=proposal.number),
        say(
            "The sponsor takes %(most)s from the university in this call. Your proposal is on the reserve: when a "
            "place becomes free and it is next, the place is offered to you.",
            most=proposal.call.slots,
        ),
    )


def offered(proposal: Proposal, until: datetime) -> Letter:
    """That a place is offered until an instant, to the team."""
    return to_team(
        proposal,
        "slot.offered",
        say("A place for %(number)s: please answer by %(until)s", number=proposal.number, until=until),
        say("A place in this call has become free and is offered to your proposal."),
        say(
            "The principal investigator accepts or declines it on the proposal's page by %(until)s. After that it goes "
            "to the next on the reserve.",
            until=until,
        ),
    )


def released(proposal: Proposal, note: str) -> Letter:
    """That it does not hold a place any more, or is off the reserve, to the team."""
    return to_team(
        proposal,
        "slot.released",
        say("%(number)s holds no place now", number=proposal.number),
        say("The office released the place of your proposal, or took it off the reserve. The office wrote:"),
        quoted=note,
    )


def lapsed(proposal: Proposal) -> Letter:
    """That the offer ended unanswered, to the team."""
    return to_team(
        proposal,
        "slot.lapsed",
        say("The offer of a place to %(number)s has ended", number=proposal.number),
        say("It was not answered in time, so the place has gone on. Write to the office if you still want one."),
    )


def offer_made(proposal: Proposal, until: datetime) -> Letter:
    """To whom a free place was offered, to the office."""
    return to_office(
        proposal,
        "slot.offer_made",
        say("A place is offered to %(number)s", number=proposal.number),
        say("A place was free and is offered to %(number)s, the first of the reserve, until %(until)s.",
            number=proposal.number, until=until),
    )  # fmt: skip


def answered(proposal: Proposal, accepted: bool) -> Letter:
    """What the principal investigator said to the offer, to the office."""
    words = say("%(number)s accepted the place.", number=proposal.number)
    if not accepted:
        words = say("%(number)s declined the place that it was offered.", number=proposal.number)
    subject = say("Place accepted: %(number)s", number=proposal.number)
    if not accepted:
        subject = say("Place declined: %(number)s", number=proposal.number)
    return to_office(proposal, "slot.answered", subject, words)


def freed(proposal: Proposal, passed_on: bool) -> Letter:
    """That the place of a proposal is free and whether it was offered on, to its office."""
    onward = say("It is offered to the first of the reserve.")
    if not passed_on:
        onward = say("Nobody was offered it: the reserve is empty, or the sponsor's deadline has passed.")
    return to_office(
        proposal,
        "slot.freed",
        say("The place of %(number)s is free", number=proposal.number),
        say("%(number)s does not take its place.", number=proposal.number),
        onward,
    )
