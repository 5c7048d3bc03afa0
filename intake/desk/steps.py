"""What happens next with a proposal, as the office would say it to a colleague."""

from __future__ import annotations

from typing import Any

from intake.call.models import Call
from intake.review.queries import Tally
from intake.vocabulary import State, Words, say

_ALWAYS: dict[State, Words] = {
    State.SUBMITTED: say("Screen it"),
    State.ELIGIBLE: say("Match it to a theme"),
    State.DECIDED: say("Release the decision"),
    State.WITH_SPONSOR: say("The sponsor records the outcome"),
    State.RESERVE: say("Waits for a place"),
}


def next_step(row: Any, tally: Tally, call: Call) -> Words | None:
    """The next step of the proposal in ``row`` (``state``, ``returned_until``), or None where nothing is waited for.

    ``call`` must carry its programme.
    """
    match row.state:
        case State.RETURNED:
            return say("The applicant revises it until %(when)s", when=row.returned_until)
        case State.MATCHED:
            return say("Forward it to reviewers") if call.panel else say("Record the decision")
        case State.IN_REVIEW:
            return _of_reviews(tally, call.reviews_needed)
        case State.SELECTED:
            sponsored = call.sponsor_decides and call.programme.sponsor_id is not None
            return say("Send it to the sponsor") if sponsored else say("Record the outcome")
    return _ALWAYS.get(row.state)


def _of_reviews(tally: Tally, needed: int) -> Words:
    values = {"submitted": tally.submitted, "needed": needed, "late": tally.late}
    if tally.submitted >= needed:
        return say("The lead reviewer decides: %(submitted)s reviews are in, %(needed)s needed", **values)
    if tally.late:
        return say("Nudge: %(late)s late, %(submitted)s reviews are in, %(needed)s needed", **values)
    if tally.asked < needed and tally.said_no:
        return say(
            "%(noes)s said no; nobody is left to ask: %(submitted)s reviews are in, %(needed)s needed",
            noes=tally.said_no,
            **values,
        )
    if tally.asked < needed:
        return say("Assign more reviewers: %(submitted)s reviews are in, %(needed)s needed", **values)
    if tally.unanswered:
        return say(
            "%(unanswered)s of %(asked)s have not answered: %(submitted)s reviews are in, %(needed)s needed",
            unanswered=tally.unanswered,
            asked=tally.asked,
            **values,
        )
    return say("Reviewers write: %(submitted)s reviews are in, %(needed)s needed", **values)
