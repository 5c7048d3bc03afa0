"""The letters that tell of a proposal on its way in."""

from __future__ import annotations

from datetime import datetime

from intake.call.letters import own_words
from intake.call.models import Call
from intake.notification.letters import Letter
from intake.policy import sealed
from intake.proposal.models import Proposal, Receipt
from intake.vocabulary import Words, say

TO_TEAM = say("You get this because you are on the team of this proposal.")
TO_OFFICE = say("You get this because you coordinate this call.")


def page_of_team(proposal: Proposal) -> str:
    """Where the team reads the proposal."""
    return f"/proposals/{proposal.id}"


def page_of_office(proposal: Proposal) -> str:
    """Where the office reads the proposal."""
    return f"/desk/proposals/{proposal.id}"


def to_team(proposal: Proposal, kind: str, subject: Words, *paragraphs: Words, quoted: str = "") -> Letter:
    """A letter to the proposal's team."""
    return Letter(kind, subject, paragraphs, page_of_team(proposal), say("Open the proposal"), TO_TEAM, quoted)


def to_office(proposal: Proposal, kind: str, subject: Words, *paragraphs: Words, quoted: str = "") -> Letter:
    """A letter to the coordinators of its call."""
    return Letter(kind, subject, paragraphs, page_of_office(proposal), say("Open it on the desk"), TO_OFFICE, quoted)


def own_words_of(proposal: Proposal, kind: str) -> tuple[Words, ...]:
    """What the office put in front of letters of that kind in the proposal's call (see ``call/letters.py``)."""
    values = {
        "number": proposal.number,
        "title": proposal.title,
        "call": proposal.call.title,
        "name": proposal.principal.name,
    }
    return own_words(proposal.call, kind, values)


def received(proposal: Proposal, receipt: Receipt) -> Letter:
    """The receipt, to the team."""
    return to_team(
        proposal,
        "proposal.received",
        say("Received: %(number)s, %(title)s", number=proposal.number, title=proposal.title),
        *own_words_of(proposal, "received"),
        say(
            "We received your proposal %(number)s for %(call)s at %(when)s.",
            number=proposal.number,
            call=proposal.call.title,
            when=receipt.received_at,
        ),
        say("SHA-256 of what was received: %(hash)s", hash=receipt.sha256),
        say("A coordinator now checks it against the rules of the call. You need do nothing until you hear from us."),
    )


def file_refused(proposal: Proposal, name: str, reason: str) -> Letter:
    """That the scanner refused a file, to whoever attached it."""
    return to_team(
        proposal,
        "file.refused",
        say("A file was refused: %(name)s", name=name),
        say("The file %(name)s was checked and refused: it %(reason)s.", name=name, reason=reason),
        say(
            "Nobody can open it, and the proposal cannot be submitted with it. Remove it, or replace it by a good copy."
        ),
    )


def arrived(proposal: Proposal) -> Letter:
    """That a proposal came in, to the office; of a sealed call no more than that."""
    if sealed(proposal):
        return to_office(
            proposal,
            "proposal.arrived",
            say("New in %(call)s: %(number)s", call=proposal.call.title, number=proposal.number),
            say("%(number)s has come in. You can read it once the call has closed.", number=proposal.number),
        )
    return to_office(
        proposal,
        "proposal.arrived",
        say("New in %(call)s: %(number)s", call=proposal.call.title, number=proposal.number),
        say(
            "%(number)s, %(title)s, has come in and waits to be screened.", number=proposal.number, title=proposal.title
        ),
    )


def returned(proposal: Proposal, reason: str, parts: list[Words], until: datetime) -> Letter:
    """That it came back for revision, to the team."""
    return to_team(
        proposal,
        "proposal.returned",
        say("Please revise %(number)s by %(until)s", number=proposal.number, until=until),
        *own_words_of(proposal, "returned"),
        say("The office returned your proposal for revision. You may change: %(parts)s.", parts=parts),
        say("Please submit it again by %(until)s. The office wrote:", until=until),
        quoted=reason,
    )


def screened_out(proposal: Proposal, rule: str, source: str, explanation: str) -> Letter:
    """That it is not eligible, with the rule and its source, to the team."""
    return to_team(
        proposal,
        "proposal.ineligible",
        say("%(number)s is not eligible", number=proposal.number),
        *own_words_of(proposal, "ineligible"),
        say("Your proposal does not meet a rule of the call: %(rule)s", rule=rule),
        say("The rule comes from: %(source)s. The office wrote:", source=source)
        if source
        else say("The office wrote:"),
        quoted=explanation,
    )


def withdrawn(proposal: Proposal, reason: str) -> Letter:
    """That the applicant withdrew it, to the office."""
    return to_office(
        proposal,
        "proposal.withdrawn",
        say("Withdrawn: %(number)s", number=proposal.number),
        say(
            "The principal investigator withdrew %(number)s. You can restore it. The reason given:",
            number=proposal.number,
        ),
        quoted=reason,
    )


def restored(proposal: Proposal, reason: str) -> Letter:
    """That it is back, to the team."""
    return to_team(
        proposal,
        "proposal.restored",
        say("Restored: %(number)s", number=proposal.number),
        say("The office restored your proposal to where it was before it was withdrawn. The office wrote:"),
        quoted=reason,
    )


def _to_holder(proposal: Proposal, kind: str, subject: Words, words: Words, page: str) -> Letter:
    why = say("You get this because this proposal was on your desk.")
    return Letter(kind, subject, (words,), page, say("Open your list"), why)


def gone(proposal: Proposal, page: str) -> Letter:
    """That it was withdrawn, to reviewers or sponsor contacts who hold it; ``page`` is their list."""
    return _to_holder(
        proposal,
        "proposal.gone",
        say("Withdrawn: %(number)s", number=proposal.number),
        say("The applicant withdrew %(number)s. You need do nothing more for it.", number=proposal.number),
        page,
    )


def back(proposal: Proposal, page: str) -> Letter:
    """That it is on their desk again, to the same people."""
    return _to_holder(
        proposal,
        "proposal.back",
        say("Restored: %(number)s", number=proposal.number),
        say("%(number)s was restored and is on your desk again, where you left it.", number=proposal.number),
        page,
    )


def invited_on(proposal: Proposal, draft_id: int, call: Call, words: tuple[Words, ...]) -> Letter:
    """That it was invited to the next stage, to the team; the office's own words come first."""
    until = (say("It closes at %(when)s.", when=call.closes_at),) if call.closes_at else ()
    return Letter(
        "proposal.invited_on",
        say("%(number)s is invited to %(call)s", number=proposal.number, call=call.title),
        (
            *words,
            say(
                "%(number)s, %(title)s, was selected and goes on to the next stage.",
                number=proposal.number,
                title=proposal.title,
            ),
            say("A draft with your team and your answers waits for you: complete it and submit it."),
            *until,
        ),
        f"/proposals/{draft_id}",
        say("Open the draft"),
        TO_TEAM,
    )
