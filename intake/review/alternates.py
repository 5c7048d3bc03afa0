"""Who is asked next when a reviewer says no or has a conflict: the alternates of a proposal, in the order that its
office set.

Whoever changes them holds the proposal's lock, so that two at once never ask two for one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.conflict import ending
from intake.errors import Conflicted, Incomplete, IntakeError
from intake.extensions import db
from intake.notification.letters import desk
from intake.people.models import Person
from intake.policy import NOBODY, Actor, may, standing
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.review.asking import TO_ANSWER, Asked, ask, reviewer, unblocked, write_to
from intake.review.models import Alternate, Assignment
from intake.review.queries import SAID_NO
from intake.vocabulary import Action, Limit, State, Words, say

DAY = timedelta(days=1)
LEAST_FOR_REVIEW = DAY
"""Nobody is asked by itself unless at least this much stays between their answer and the due date."""
LEAST_TO_ANSWER = DAY


@dataclass(slots=True)
class Following:
    """What followed when a reviewer said no: who was asked in their place, who was passed over and why, or why nobody
    was asked (None where nobody is missing)."""

    asked: Person | None = None
    skipped: list[Words] = field(default_factory=list)
    why_nobody: Words | None = None

    @property
    def told(self) -> Words | None:
        """The sentence for the office."""
        if self.asked is not None:
            return say("%(name)s, the next alternate, is asked now.", name=self.asked.name)
        return self.why_nobody


def of_proposal(proposal_id: int) -> Sequence[Alternate]:
    """The alternates in their order, with reviewer and department; those that were asked or passed over are among
    them. Statements: 1."""
    return db.session.scalars(
        sa.select(Alternate)
        .where(Alternate.proposal_id == proposal_id)
        .options(joinedload(Alternate.reviewer).joinedload(Person.department))
        .order_by(Alternate.rank, Alternate.id)
    ).all()


def demand_choosing(proposal: Proposal, by: Actor) -> None:
    """Who may choose reviewers of the proposal now may set its alternates. Raises Refused."""
    waits = proposal.state is State.MATCHED
    demand(may(by, Action.PROPOSAL_FORWARD if waits else Action.PROPOSAL_ASSIGN, proposal))


def add(proposal: Proposal, person_id: int, *, by: Actor) -> Alternate:
    """Put a reviewer at the end of the line. Somebody who was passed over or asked before stands anew.

    Demands: proposal.forward or proposal.assign. Records: the alternate, an event. Raises: Refused; Incomplete at
    ``person_id`` for somebody who is no reviewer, reviews it, is in the line already, or has a conflict that blocks.
    """
    demand_choosing(proposal, by)
    person, rows = reviewer(person_id), of_proposal(proposal.id)
    if person is None:
        raise Incomplete(say("Nobody was added."), {"person_id": say("Choose somebody who is a reviewer.")})
    if proposal.state is State.IN_REVIEW and any(r.reviewer_id == person.id for r in standing(proposal.assignments)):
        raise Incomplete(say("Nobody was added."), {"person_id": say("They are asked already.")})
    row = next((each for each in rows if each.reviewer_id == person.id), None)
    if row is not None and waits(row):
        raise Incomplete(say("Nobody was added."), {"person_id": say("They are in the list already.")})
    try:
        unblocked(proposal, person, by=by)
    except Conflicted as error:
        raise Incomplete(say("Nobody was added."), {"person_id": error.reason}) from None
    if row is None:
        row = Alternate(proposal_id=proposal.id, reviewer_id=person.id)
    row.rank, row.asked_id, row.skipped = max((each.rank for each in rows), default=0) + 1, None, ""
    row.set_by_id, row.set_at = by.id, clock.now()
    db.session.add(row)
    record("review.alternate_set", "proposal", proposal.id, by=by, reviewer=person.id, rank=row.rank)
    db.session.flush()
    return row


def waits(row: Alternate) -> bool:
    """The alternate has neither been asked nor passed over."""
    return row.asked_id is None and not row.skipped


def remove(proposal: Proposal, row: Alternate, *, by: Actor) -> None:
    """Take somebody out of the line. Demands: as ``add``. Records: an event. Raises: Refused."""
    demand_choosing(proposal, by)
    db.session.delete(row)
    record("review.alternate_removed", "proposal", proposal.id, by=by, reviewer=row.reviewer_id)
    db.session.flush()


def move(proposal: Proposal, row: Alternate, *, up: bool, by: Actor) -> None:
    """Let somebody change places with the one before (or after) them among those who wait; at an end nothing happens.
    Demands: as ``add``. Records: an event. Raises: Refused."""
    demand_choosing(proposal, by)
    line = [each for each in of_proposal(proposal.id) if waits(each)]
    at = next((place for place, each in enumerate(line) if each.id == row.id), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is None or to is None or not 0 <= to < len(line):
        return
    line[at], line[to] = line[to], line[at]
    for rank, each in enumerate(line, start=1):
        each.rank = rank
    record("review.alternate_set", "proposal", proposal.id, by=by, reviewer=row.reviewer_id, rank=to + 1)
    db.session.flush()


def missing(proposal: Proposal) -> int:
    """How many reviewers fewer than the call needs are asked or have agreed."""
    return max(0, proposal.call.reviews_needed - len(standing(proposal.assignments)))


def ask_next(proposal: Proposal, gone: Assignment, *, lead: bool, by: Actor = NOBODY) -> Following:
    """Ask the first alternate who can be asked, in place of ``gone``, which has ended; they lead if nobody does now, as
    where ``gone`` did (``lead``). Each is checked now: activity, conflicts, load. The proposal must be locked.

    Records: the assignment, who was passed over and why, events. Tells: the alternate. Returns: what followed. More
    than the call needs are never asked. Statements: 1, and a few for each who is tried.
    """
    following = Following()
    if proposal.state is not State.IN_REVIEW or not missing(proposal):
        if lead and _leaderless(proposal):
            following.why_nobody = say("Nobody leads the panel now: appoint one of the others.")
        return following
    reply_by = _reply_by(gone)
    if reply_by is None:
        following.why_nobody = say("Too little time is left before the due date to ask an alternate by itself.")
        return following
    line = [each for each in of_proposal(proposal.id) if waits(each)]
    for row in line:
        try:
            made = _asked(proposal, row, gone.due_at, reply_by, _leaderless(proposal), by)
        except (Incomplete, Conflicted) as error:
            _pass_over(proposal, row, error, following, by)
            continue
        row.asked_id, following.asked = made.id, row.reviewer
        db.session.flush()
        return following
    following.why_nobody = say("Nobody is left to ask: choose somebody under Reviews.")
    return following


def _leaderless(proposal: Proposal) -> bool:
    return not any(row.lead for row in standing(proposal.assignments))


def _reply_by(gone: Assignment) -> datetime | None:
    """About as long to answer as the one before had, at the hour that was chosen for them, and time left to review;
    None where there is too little."""
    span = gone.reply_by - gone.assigned_at if gone.reply_by is not None else TO_ANSWER
    chosen, least = gone.reply_by or gone.due_at, clock.now() + min(span, LEAST_TO_ANSWER)
    until = chosen + DAY * round((clock.now() + span - chosen) / DAY)
    until = min(until if until >= least else until + DAY, gone.due_at - LEAST_FOR_REVIEW)
    return until if until >= least else None


def _asked(
    proposal: Proposal, row: Alternate, due_at: datetime, reply_by: datetime, lead: bool, by: Actor
) -> Assignment:
    theirs = [each for each in proposal.assignments if each.reviewer_id == row.reviewer_id]
    if any(each.answer in SAID_NO for each in theirs):
        raise Incomplete(say("%(name)s said no to this proposal before.", name=row.reviewer.name))
    if any(each.removed_at is not None and each.removed_at >= row.set_at for each in theirs):
        raise Incomplete(say("%(name)s was taken off this proposal.", name=row.reviewer.name))
    made = ask(proposal, Asked(row.reviewer_id, lead=lead), due_at, by=by, reply_by=reply_by)
    db.session.flush()
    write_to(proposal, made)
    return made


def _pass_over(proposal: Proposal, row: Alternate, error: IntakeError, following: Following, by: Actor) -> None:
    row.skipped = desk.speak(error.reason)[: Limit.REASON]
    following.skipped.append(error.reason)
    record("review.alternate_passed_over", "proposal", proposal.id, by=by, note=row.skipped, reviewer=row.reviewer_id)
    db.session.flush()


def ask_first(proposal: Proposal, *, by: Actor) -> Following:
    """The office asks the first alternate now, in place of the newest reviewer who is gone.

    Demands: proposal.assign. Records, Tells, Returns: as ``ask_next``, which says why where nobody could be asked.
    Raises: Refused; Incomplete when nobody is gone or nobody is missing.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    gone = [row for row in proposal.assignments if row.removed_at is not None]
    if not gone or not missing(proposal):
        raise Incomplete(say("No reviewer is missing. Add one under Reviews if you want more than the call needs."))
    newest = max(gone, key=lambda row: (row.removed_at, row.id))
    return ask_next(proposal, newest, lead=False, by=by)


def _on_conflict(proposal: Proposal, gone: Assignment, led: bool) -> Words | None:
    """An assignment ended because its reviewer has a conflict."""
    return ask_next(proposal, gone, lead=led).told if proposal.state is State.IN_REVIEW else None


ending.FOLLOWS.append(_on_conflict)
