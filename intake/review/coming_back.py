"""What stands between somebody and a review that they would take up, or come back to: a newer word of the office, or a
conflict that was found meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from intake import clock
from intake.conflict.looking_again import look_again
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.models import Person
from intake.policy import Actor, conflict_of, standing
from intake.proposal.models import Move, Proposal
from intake.review.barring import BLOCK, barred
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.review.weighing import active_reviewer
from intake.vocabulary import State, Words, say

TAKEN_BACK = say("The office took it back, so nothing is asked of you any more.")
KNOWN_NOW = say("A conflict of interest of yours with it is known now, so you cannot review it.")
"""The evidence is the office's: an applicant's objection is nothing for the eyes of whom it is about."""


NO_REVIEWER = say("You are no reviewer here any more, so you cannot accept it. Please write to the office.")


def why_not_again(proposal: Proposal, row: Assignment, by: Actor) -> Words | None:
    """Why somebody who said no cannot accept after all, or None. Statements: 16 at most."""
    if proposal.state is not State.IN_REVIEW:
        return say("It is not in review any more.")
    if not is_reviewer(row.reviewer_id):
        return NO_REVIEWER
    if (conflict := conflict_of(by, proposal)) is not None:
        return conflict
    if (newer := _outranked(proposal, row)) is not None:
        return newer
    began, rows = _began(proposal), standing(proposal.assignments)
    if began is not None and row.assigned_at < began:
        return say("That was an earlier round of review, which is over.")
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


def is_reviewer(person_id: int) -> bool:
    """Whether they are a reviewer with an open account now. Statements: 1."""
    return db.session.scalars(sa.select(Person.id).where(Person.id == person_id, active_reviewer())).first() is not None


def no_reviewer(name: str) -> Words:
    """What the office reads of somebody whose role or account is gone."""
    return say("%(name)s is no reviewer with an open account any more.", name=name)


def not_put_back(proposal: Proposal, rows: Iterable[Assignment]) -> dict[int, Words]:
    """Why the office cannot put back these assignments of the proposal, by their id: they are of an earlier round, or
    of somebody who is no reviewer any more. Those that it can are left out. Statements: 2, or none."""
    asked = list(rows)
    if not asked:
        return {}
    began, ids = _began(proposal), [row.reviewer_id for row in asked]
    people = db.session.execute(sa.select(Person.id, Person.name, active_reviewer()).where(Person.id.in_(ids)))
    gone = {number: name for number, name, able in people if not able}
    over = say("That was an earlier round of review, which is over. Ask them anew.")
    why = {row.id: over for row in asked if began is not None and row.assigned_at < began}
    for row in asked:
        if row.id not in why and row.reviewer_id in gone:
            why[row.id] = no_reviewer(gone[row.reviewer_id])
    return why


def _began(proposal: Proposal) -> datetime | None:
    """When the proposal last came to where it is forwarded from: matched, or recalled from reviewers. Who was asked
    before that was asked in an earlier round. Statements: 1."""
    came = sa.and_(Move.proposal_id == proposal.id, Move.became == State.MATCHED)
    return db.session.scalars(sa.select(Move.at).where(came).order_by(Move.at.desc(), Move.id.desc())).first()


def _blocked(proposal: Proposal, row: Assignment) -> Words | None:
    """That a conflict stands in the reviewer's way which nobody gets past, or None. Statements: 14 at most."""
    pair = (proposal.id, row.reviewer_id)
    return KNOWN_NOW if barred([pair[0]], [pair[1]]).get(pair) == BLOCK else None


def look_before_accepting(proposal: Proposal, row: Assignment, *, by: Actor) -> bool:
    """Look for role and conflicts before the full text opens to somebody who was asked.

    Records: the assignment as ended where one blocks. Tells: the office of what is new, and the reviewer. Raises:
    Incomplete for a block that the office knows already, and for somebody who is no reviewer any more. Returns: whether
    they may accept.
    """
    if not is_reviewer(row.reviewer_id):
        raise Incomplete(NO_REVIEWER)
    look_again([proposal.id], by=by)
    if row.removed_at is not None:
        return False
    if (why := _blocked(proposal, row)) is not None:
        raise Incomplete(why)
    return True
