"""What stands between somebody and a review that they would take up, or come back to: a newer word of the office, or a
conflict that was found meanwhile."""

from __future__ import annotations

from intake import clock
from intake.conflict.looking_again import look_again
from intake.errors import Incomplete
from intake.policy import Actor, conflict_of, standing
from intake.proposal.models import Proposal
from intake.review.barring import BLOCK, barred
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.vocabulary import State, Words, say

TAKEN_BACK = say("The office took it back, so nothing is asked of you any more.")
KNOWN_NOW = say("A conflict of interest of yours with it is known now, so you cannot review it.")
"""The evidence is the office's: an applicant's objection is nothing for the eyes of whom it is about."""


def why_not_again(proposal: Proposal, row: Assignment, by: Actor) -> Words | None:
    """Why somebody who said no cannot accept after all, or None."""
    if proposal.state is not State.IN_REVIEW:
        return say("It is not in review any more.")
    if (conflict := conflict_of(by, proposal)) is not None:
        return conflict
    if (newer := _outranked(proposal, row)) is not None:
        return newer
    rows = standing(proposal.assignments)
    if row.removed_at is not None and any(row.assigned_at < each.assigned_at >= row.removed_at for each in rows):
        return say("The office has asked somebody else meanwhile.")
    return say("The review was due by now.") if row.due_at <= clock.now() else _blocked(proposal, row)


def _outranked(proposal: Proposal, row: Assignment) -> Words | None:
    """Why a newer request to the same reviewer counts instead of this one, or None where it is their newest: whom the
    office took off since does not come back by an older answer."""
    if any(each.reviewer_id == row.reviewer_id for each in standing(proposal.assignments)):
        return say("You were asked anew.")
    theirs = [each for each in proposal.assignments if each.reviewer_id == row.reviewer_id]
    newest = max(theirs, key=lambda each: (each.assigned_at, each.id))
    if newest.id == row.id:
        return None
    return say("You were asked anew, and answered that.") if newest.answer in SAID_NO else TAKEN_BACK


def _blocked(proposal: Proposal, row: Assignment) -> Words | None:
    """That a conflict stands in the reviewer's way which nobody gets past, or None. Statements: 13 at most."""
    pair = (proposal.id, row.reviewer_id)
    return KNOWN_NOW if barred([pair[0]], [pair[1]]).get(pair) == BLOCK else None


def look_before_accepting(proposal: Proposal, row: Assignment, *, by: Actor) -> bool:
    """Look for conflicts before the full text opens to somebody who was asked.

    Records: the assignment as ended where one blocks. Tells: the office of what is new, and the reviewer. Raises:
    Incomplete for a block that the office knows already. Returns: whether they may accept.
    """
    look_again([proposal.id], by=by)
    if row.removed_at is not None:
        return False
    if (why := _blocked(proposal, row)) is not None:
        raise Incomplete(why)
    return True
