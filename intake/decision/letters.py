"""The letters of a decision and of an outcome."""

from __future__ import annotations

from datetime import datetime

from intake.notification.letters import Letter
from intake.proposal.letters import own_words_of, to_office, to_team
from intake.proposal.models import Proposal
from intake.review.letters import TO_REVIEWER
from intake.vocabulary import Outcome, Verdict, Words, say

VERDICTS: dict[Verdict, Words] = {
    Verdict.SELECT: say("Select: forward to the sponsor"),
    Verdict.RESERVE: say("Reserve: keep on the reserve list"),
    Verdict.REVISE: say("Revise: return to the applicant"),
    Verdict.DECLINE: say("Decline"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.SELECTED: say("Selected for funding"),
    Outcome.RESERVE: say("On the sponsor's reserve list"),
    Outcome.DECLINED: say("Declined by the sponsor"),
}
_TOLD: dict[Verdict, Words] = {
    Verdict.SELECT: say("The panel selected your proposal %(number)s. The office now forwards it to the sponsor."),
    Verdict.RESERVE: say("The panel put your proposal %(number)s on the reserve list."),
    Verdict.REVISE: say("The panel asks you to revise your proposal %(number)s and to submit it again."),
    Verdict.DECLINE: say("The panel did not select your proposal %(number)s."),
}
_OWN: dict[Verdict, str] = {
    Verdict.SELECT: "selected",
    Verdict.RESERVE: "reserve",
    Verdict.REVISE: "returned",
    Verdict.DECLINE: "declined",
}
"""The kind of letter, as the office knows it, of each verdict."""


def released(proposal: Proposal, verdict: Verdict, feedback: str, until: datetime | None = None) -> Letter:
    """The decision with its feedback, to the team: the letter that a coordinator reads before releasing it.

    ``until`` is when a revision is due, for that verdict.
    """
    by_when = (say("Please submit it again by %(until)s.", until=until),) if until else ()
    return to_team(
        proposal,
        "decision.released",
        say("Decision on %(number)s, %(title)s", number=proposal.number, title=proposal.title),
        *own_words_of(proposal, _OWN[verdict]),
        Words(_TOLD[verdict].text, {"number": proposal.number}),
        *by_when,
        say("You find the reviewers' comments beside the proposal. The panel wrote:")
        if feedback
        else say("You find the reviewers' comments beside the proposal."),
        quoted=feedback,
    )


def recorded(proposal: Proposal) -> Letter:
    """That a decision waits to be released, to the office."""
    return to_office(
        proposal,
        "decision.recorded",
        say("Decided: %(number)s", number=proposal.number),
        say("The decision on %(number)s has been recorded and waits to be released.", number=proposal.number),
    )


def thanks(proposal: Proposal, verdict: Verdict) -> Letter:
    """What became of it, to a reviewer, with thanks."""
    return Letter(
        "review.thanks",
        say("%(number)s: what became of it", number=proposal.number),
        (
            say("The decision on %(number)s is: %(verdict)s.", number=proposal.number, verdict=VERDICTS[verdict]),
            say("Thank you for your review."),
        ),
        "/reviews",
        say("Open your queue"),
        TO_REVIEWER,
    )


def reopened(proposal: Proposal, reason: str) -> Letter:
    """That the decision was reopened, to a reviewer."""
    return Letter(
        "decision.reopened",
        say("%(number)s is with the panel again", number=proposal.number),
        (say("The office reopened the decision on %(number)s. The office wrote:", number=proposal.number),),
        f"/reviews/{proposal.id}",
        say("Open the review"),
        TO_REVIEWER,
        reason,
    )


def answered(proposal: Proposal, result: Outcome, reason: str) -> Letter:
    """What the sponsor answered, to the team."""
    return to_team(
        proposal,
        "outcome.recorded",
        say("The sponsor's answer on %(number)s", number=proposal.number),
        say("The sponsor answered on %(number)s: %(result)s.", number=proposal.number, result=OUTCOMES[result]),
        quoted=reason,
    )


def outcome_in(proposal: Proposal, result: Outcome) -> Letter:
    """What the sponsor answered, to the office."""
    return to_office(
        proposal,
        "outcome.arrived",
        say("The sponsor answered on %(number)s", number=proposal.number),
        say("%(number)s: %(result)s.", number=proposal.number, result=OUTCOMES[result]),
    )
