"""The letters that remind."""

from __future__ import annotations

from intake.notification.letters import Letter
from intake.reminder.queries import Due
from intake.vocabulary import Words, say

SWITCH = "/account#reminders"
WHY = say("You get this because you write for this proposal and have reminders switched on.")


def of(due: Due) -> Letter:
    """The reminder of a draft, or of a proposal that was returned."""
    return _of_returned(due) if due.kind.startswith("returned.") else _of_draft(due)


def _of_draft(due: Due) -> Letter:
    named = say("Your draft “%(title)s”", title=due.title) if due.title else say("Your draft without a title")
    return _letter(
        due,
        say("Not submitted yet: %(call)s closes for you at %(when)s", call=due.call, when=due.ends),
        say("%(draft)s for %(call)s has not been submitted.", draft=named, call=due.call),
        say(
            "The principal investigator can submit it until %(when)s. The page Check my proposal tells what is left.",
            when=due.ends,
        ),
        f"/proposals/{due.proposal_id}/check",
        say("See what is left"),
    )


def _of_returned(due: Due) -> Letter:
    return _letter(
        due,
        say("Please revise %(number)s by %(when)s", number=due.number, when=due.ends),
        say("%(number)s, %(title)s, was returned for revision and waits for your team.",
            number=due.number, title=due.title),
        say("The principal investigator can submit it again until %(when)s.", when=due.ends),
        f"/proposals/{due.proposal_id}",
        say("Open the proposal"),
    )  # fmt: skip


def _letter(due: Due, subject: Words, what: Words, until: Words, path: str, link: Words) -> Letter:
    return Letter(f"reminder.{due.kind}", subject, (what, until), path, link, WHY, stop=SWITCH)
