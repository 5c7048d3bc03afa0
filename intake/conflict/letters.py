"""The letters that tell of conflicts and of who stands in."""

from __future__ import annotations

from collections.abc import Sequence

from intake.notification.letters import Letter
from intake.proposal.letters import page_of_office, to_office
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say

MOST_NAMED = 20
"""So many numbers a letter names; the page that it leads to has all of them."""


def arose(proposal: Proposal, lines: Sequence[Words], ended: bool, then: Sequence[Words] = ()) -> Letter:
    """To the office: conflicts of people who review the proposal that were not known before, and what followed
    (``then``) where an assignment ``ended``."""
    missing = say("Please assign somebody else if a review is missing now.")
    return to_office(
        proposal,
        "conflict.arose",
        say("A reviewer of %(number)s has a conflict of interest", number=proposal.number),
        *lines,
        *((then or (missing,)) if ended else (say("They still review it. Please decide whether that may stay so."),)),
    )


def suspended(proposal: Proposal) -> Letter:
    """To a reviewer whose assignment has ended, because a conflict that blocks was found."""
    return Letter(
        "conflict.suspended",
        say("%(number)s was taken off your list", number=proposal.number),
        (
            say("A conflict of interest of yours with %(number)s is known now, so you no longer review it.",
                number=proposal.number),
            say("If this is a mistake, please write to the office. What you wrote is kept."),
        ),
        "/reviews",
        say("Open your queue"),
        say("You get this because you reviewed this proposal."),
    )  # fmt: skip


def nobody_left(proposal: Proposal) -> Letter:
    """To administrators: everybody who could handle the proposal as the office has a conflict with it."""
    return Letter(
        "conflict.nobody_left",
        say("Nobody in the office may handle %(number)s", number=proposal.number),
        (
            say(
                "Whoever coordinates %(call)s has a conflict of interest with %(number)s, and nobody stands in.",
                call=proposal.call.title,
                number=proposal.number,
            ),
            say("Until you name a stand-in, the proposal waits."),
        ),
        f"/administration/stand-ins/{proposal.id}",
        say("Name a stand-in"),
        say("You get this because you administer this installation."),
    )


def nobody_left_of(call: str, numbers: Sequence[str]) -> Letter:
    """To administrators: somebody left the office who was the last to handle these proposals of a call."""
    told, more = ", ".join(numbers[:MOST_NAMED]), len(numbers) - MOST_NAMED
    return Letter(
        "conflict.nobody_left",
        say("Nobody in the office may handle %(count)s proposals of %(call)s", count=len(numbers), call=call),
        (
            say("A coordinator has left, and whoever coordinates %(call)s now has a conflict of interest with these"
                " proposals, with nobody who stands in: %(numbers)s.", call=call, numbers=told),
            *((say("And %(more)s more.", more=more),) if more > 0 else ()),
            say("Until you name stand-ins, or somebody else coordinates the call, they wait."),
        ),
        "/administration/stand-ins",
        say("Name stand-ins"),
        say("You get this because you administer this installation."),
    )  # fmt: skip


def stands_in(proposal: Proposal, reason: str) -> Letter:
    """To somebody who was named to handle the proposal as the office."""
    return Letter(
        "conflict.stands_in",
        say("You stand in for the office with %(number)s", number=proposal.number),
        (
            say("An administrator named you to handle %(number)s as the office, in place of its coordinators.",
                number=proposal.number),
            say("You find it on your desk. Nothing else of its call is yours to see."),
        ),
        page_of_office(proposal),
        say("Open it on the desk"),
        say("You get this because you were named to stand in."),
        reason,
    )  # fmt: skip


def no_longer_stands_in(proposal: Proposal) -> Letter:
    """To somebody who no longer stands in."""
    return Letter(
        "conflict.stands_in_ended",
        say("You no longer stand in for the office with %(number)s", number=proposal.number),
        (say("An administrator ended it. Thank you; nothing more is needed."),),
        "/account",
        say("Open your account"),
        say("You get this because you stood in for the office."),
    )
