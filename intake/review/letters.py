"""The letters of the review."""

from __future__ import annotations

from intake.notification.letters import Letter
from intake.proposal.letters import to_office, to_team
from intake.proposal.models import Proposal
from intake.review.models import Assignment
from intake.vocabulary import Words, say

SWITCH = "/account#reminders"
TO_REVIEWER = say("You get this because the office asked you to review this proposal.")


def _to_reviewer(proposal: Proposal, kind: str, subject: object, *paragraphs: object, quoted: str = "") -> Letter:
    return Letter(
        kind,
        subject,  # type: ignore[arg-type]
        paragraphs,  # type: ignore[arg-type]
        f"/reviews/{proposal.id}",
        say("Open the review"),
        TO_REVIEWER,
        quoted,
    )


def asked(proposal: Proposal, assignment: Assignment) -> Letter:
    """The request to review, to one reviewer."""
    lead = (say("You lead the panel: once the reviews are in, you record its decision."),) if assignment.lead else ()
    return _to_reviewer(
        proposal,
        "review.asked",
        say("Please review %(number)s by %(due)s", number=proposal.number, due=assignment.due_at),
        say(
            "We ask you to review %(number)s for %(call)s, by %(due)s.",
            number=proposal.number,
            call=proposal.call.title,
            due=assignment.due_at,
        ),
        *lead,
        say("Before the full text opens, please declare whether you have a conflict of interest."),
    )


def invited(proposal: Proposal, assignment: Assignment, token: str) -> Letter:
    """The question whether somebody will review it, with the link by which they answer. Who applies is not named."""
    lead = (say("You would lead the panel and record its decision."),) if assignment.lead else ()
    return _to_answer(
        proposal,
        token,
        "review.invited",
        say("Will you review a proposal for %(call)s? Please answer by %(until)s", call=proposal.call.title,
            until=assignment.reply_by),
        say("We would like you to review “%(title)s” (%(number)s) for %(call)s.",
            title=proposal.title or proposal.title_zh, number=proposal.number, call=proposal.call.title),
        say("You would read the proposal, score it by the criteria of the call, and write a few sentences for the"
            " applicant. The review would be due at %(due)s.", due=assignment.due_at),
        *lead,
        say("The page shows the abstract. There you accept, decline, declare a conflict of interest, or name a"
            " colleague. Please answer by %(until)s.", until=assignment.reply_by),
    )  # fmt: skip


def reminded(proposal: Proposal, assignment: Assignment, token: str) -> Letter:
    """The reminder to answer; without ``token`` it leads to the page behind the sign-in."""
    return _to_answer(
        proposal,
        token,
        "review.reminded",
        say("Please answer by %(until)s: will you review %(number)s?", until=assignment.reply_by,
            number=proposal.number),
        say("We asked you to review a proposal for %(call)s and have not heard from you.", call=proposal.call.title),
        say("If you cannot, please say so: then somebody else can be asked in time. The review would be due at"
            " %(due)s.", due=assignment.due_at),
        stop=SWITCH,
    )  # fmt: skip


def _to_answer(proposal: Proposal, token: str, kind: str, subject: Words, *paragraphs: Words, stop: str = "") -> Letter:
    return Letter(
        kind,
        subject,
        paragraphs,
        f"/invited/{token}" if token else f"/reviews/{proposal.id}",
        say("Read the abstract and answer"),
        TO_REVIEWER,
        secret=bool(token),
        stop=stop,
    )


def answered(proposal: Proposal, what: Words, then: Words | None, *, quoted: str = "") -> Letter:
    """What a reviewer said, and what followed of itself, to the office."""
    return to_office(
        proposal,
        "review.answered",
        say("%(number)s: %(what)s", number=proposal.number, what=what),
        what,
        *((then,) if then else ()),
        quoted=quoted,
    )


def nudged(proposal: Proposal, assignment: Assignment) -> Letter:
    """A reminder, to one reviewer."""
    return _to_reviewer(
        proposal,
        "review.nudged",
        say("Reminder: your review of %(number)s", number=proposal.number),
        say(
            "Your review of %(number)s is due at %(due)s. What you saved so far is kept.",
            number=proposal.number,
            due=assignment.due_at,
        ),
    )


def no_longer(proposal: Proposal) -> Letter:
    """That the review is no longer needed, to one reviewer."""
    return Letter(
        "review.recalled",
        say("%(number)s: your review is no longer needed", number=proposal.number),
        (
            say(
                "The office took %(number)s back from you. Thank you for your readiness; nothing more is needed.",
                number=proposal.number,
            ),
        ),
        "/reviews",
        say("Open your queue"),
        TO_REVIEWER,
    )


def again(proposal: Proposal, reason: str) -> Letter:
    """That the office asks for more, to one reviewer."""
    return _to_reviewer(
        proposal,
        "review.reopened",
        say("%(number)s is open for review again", number=proposal.number),
        say("You can change and submit your review again. The office wrote:"),
        quoted=reason,
    )


def under_review(proposal: Proposal) -> Letter:
    """That reviewers have it, to the team; who they are stays unsaid."""
    return to_team(
        proposal,
        "proposal.forwarded",
        say("Under review: %(number)s", number=proposal.number),
        say(
            "Your proposal %(number)s is with reviewers now. You need do nothing until you hear from us.",
            number=proposal.number,
        ),
    )


def all_in(proposal: Proposal) -> Letter:
    """That the lead reviewer can decide, to the lead."""
    return _to_reviewer(
        proposal,
        "review.enough",
        say("%(number)s: enough reviews are in", number=proposal.number),
        say("As the lead reviewer you can record the panel's decision now."),
    )


def came_in(proposal: Proposal, count: int, needed: int) -> Letter:
    """That a review came in, to the office."""
    return to_office(
        proposal,
        "review.submitted",
        say("A review of %(number)s is in", number=proposal.number),
        say("%(count)s of %(needed)s needed reviews are submitted.", count=count, needed=needed),
    )
