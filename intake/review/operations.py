"""What may happen to an assignment: proposals are forwarded to reviewers, reviewers added, taken off, nudged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may, standing
from intake.proposal.lifecycle import advance, demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs, team_of
from intake.proposal.rulebook import going_on
from intake.review import letters
from intake.review.asking import Asked, ask, know, why_reason, write_to
from intake.review.coming_back import not_put_back
from intake.review.models import Assignment
from intake.review.weighing import Weighed, weigh
from intake.vocabulary import Action, ReviewerAnswer, ReviewState, Words, say

__all__ = [
    "Asked",
    "appoint_lead",
    "assign",
    "forward",
    "nudge",
    "put_back",
    "recall",
    "unassign",
    "why_no_nudge",
]
A_DAY = timedelta(days=1)


def forward(
    proposal: Proposal,
    asked: Sequence[Asked],
    due_at: datetime,
    *,
    by: Actor,
    although: str = "",
    reply_by: datetime | None = None,
    batch_id: int | None = None,
    weighed: Weighed | None = None,
) -> list[Assignment]:
    """Forward the proposal to its reviewers, who answer by ``reply_by`` (None: they have agreed already);
    ``although`` says why, where a rule of the call is not met any more. Who forwards several gives what was ``weighed``
    of all of them.

    Demands: proposal.forward. From: matched. Records: an assignment a reviewer, the move, with ``although`` in its
    note. Tells: reviewers, team.
    Raises: Refused; Incomplete for rules that are not met without a reason, too few, double or unknown reviewers, not
    exactly one lead, or a due date that has passed; Conflicted for a reviewer with a conflict that blocks, or one that
    warns without a reason.
    """
    demand(may(by, Action.PROPOSAL_FORWARD, proposal))
    note = going_on(proposal, although)
    needed = proposal.call.reviews_needed
    if len({each.person_id for each in asked}) != len(asked) or len(asked) < needed:
        raise Incomplete(too_few(needed), {"reviewers": too_few(needed)})
    if sum(1 for each in asked if each.lead) != 1:
        raise Incomplete(say("One reviewer leads."), {"lead": say("Choose one of the reviewers as the lead.")})
    _end_earlier_round(proposal)
    weighed = weighed or weigh(proposal.call, [(proposal.id, each.person_id) for each in asked], by=by)
    given = {"by": by, "reply_by": reply_by, "batch_id": batch_id, "weighed": weighed}
    rows = [ask(proposal, each, due_at, **given) for each in asked]  # type: ignore[arg-type]
    advance(proposal, Action.PROPOSAL_FORWARD, by=by, note=note)
    db.session.flush()
    for row in rows:
        write_to(proposal, row)
    tell(team_of(proposal), letters.under_review(proposal), proposal_id=proposal.id)
    return rows


def too_few(needed: int) -> Words:
    """What is said where fewer reviewers are chosen than the call needs."""
    if needed == 1:
        return say("Choose at least one reviewer.")
    return say("Choose at least %(needed)s different reviewers.", needed=needed)


def _end_earlier_round(proposal: Proposal) -> None:
    """A proposal that was revised after a decision is reviewed anew: what was written before stays, and counts no
    more."""
    for row in standing(proposal.assignments):
        row.removed_at, row.removed_reason, row.lead = clock.now(), "an earlier round of review", False
    db.session.flush()


def assign(
    proposal: Proposal,
    asked: Asked,
    due_at: datetime,
    *,
    by: Actor,
    reply_by: datetime | None = None,
    batch_id: int | None = None,
    weighed: Weighed | None = None,
) -> Assignment:
    """Ask one more reviewer of a proposal in review, who answers by ``reply_by`` (None: they have agreed already). A
    new lead takes over from the one before. ``weighed`` as for ``forward``.

    Demands: proposal.assign. Records: an assignment, an event. Tells: the reviewer. Raises: as ``forward`` does.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    if asked.lead:
        _no_lead(proposal)
    row = ask(proposal, asked, due_at, by=by, reply_by=reply_by, batch_id=batch_id, weighed=weighed)
    db.session.flush()
    write_to(proposal, row)
    return row


def _no_lead(proposal: Proposal) -> None:
    """Nobody leads for a moment, so that the database sees one lead at a time."""
    for row in standing(proposal.assignments):
        row.lead = False
    db.session.flush()


def appoint_lead(proposal: Proposal, assignment: Assignment, *, by: Actor) -> None:
    """Let another of the reviewers lead. Demands: proposal.assign. Records: an event. Raises: Refused, Incomplete."""
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    if assignment not in standing(proposal.assignments):
        raise Incomplete(say("They no longer review this proposal."))
    _no_lead(proposal)
    assignment.lead = True
    record("review.lead", "proposal", proposal.id, by=by, reviewer=assignment.reviewer_id)
    db.session.flush()


def unassign(proposal: Proposal, assignment: Assignment, reason: str, *, by: Actor) -> None:
    """Take the proposal back from one reviewer; their access ends at once, and a review of theirs no longer counts.

    Demands: proposal.assign. Records: the reason, an event. Tells: the reviewer. Raises: Refused; Incomplete.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    needs(reason, "reason", say("Say why they no longer review it."))
    if assignment.removed_at is not None:
        raise Incomplete(say("They no longer review this proposal."))
    assignment.removed_at, assignment.removed_reason, assignment.lead = clock.now(), reason, False
    record("review.taken_back", "proposal", proposal.id, by=by, note=reason, reviewer=assignment.reviewer_id)
    db.session.flush()
    tell([db.session.get_one(Person, assignment.reviewer_id)], letters.no_longer(proposal), proposal_id=proposal.id)


def put_back(proposal: Proposal, assignment: Assignment, reason: str = "", *, by: Actor) -> None:
    """Undo ``unassign``: the review counts again, unchanged; ``reason`` says why in spite of a warning.

    Demands: proposal.assign. Records: the reason, an event. Tells: the reviewer. Raises: Refused; Incomplete when they
    are asked anew meanwhile, had not agreed, are no reviewer any more, or that was an earlier round, and at ``reason``
    for a new warning (of a conflict, of a load that is full) without one; Conflicted for a conflict that blocks.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    if assignment.answer is not ReviewerAnswer.ACCEPTED:
        raise Incomplete(say("They had not agreed to review it. Ask them anew."))
    if assignment.removed_at is None or any(
        r.reviewer_id == assignment.reviewer_id for r in standing(proposal.assignments)
    ):
        raise Incomplete(say("They review this proposal already."))
    if why := not_put_back(proposal, [assignment]).get(assignment.id):
        raise Incomplete(why)
    person = db.session.get_one(Person, assignment.reviewer_id)
    weighed = weigh(proposal.call, [(proposal.id, person.id)], by=by)
    warning = why_reason(proposal, person, weighed, assignment)
    if warning is not None:
        unexplained = "%(name)s: %(reason)s Give a reason to put them back all the same."
        needs(reason, "reason", say(unexplained, name=person.name, reason=warning))
        assignment.override_reason = reason.strip()
    know(proposal, person, weighed)
    assignment.removed_at, assignment.removed_reason = None, ""
    note = "" if warning is None else assignment.override_reason
    record("review.put_back", "proposal", proposal.id, by=by, note=note, reviewer=assignment.reviewer_id)
    db.session.flush()
    tell([person], letters.asked(proposal, assignment), proposal_id=proposal.id)


def why_no_nudge(assignment: Assignment) -> Words | None:
    """Why the reviewer is not to be reminded now, or None; the review must be loaded."""
    if assignment.removed_at is not None or (assignment.review and assignment.review.state is ReviewState.SUBMITTED):
        return say("There is nothing to wait for.")
    if assignment.nudged_at and clock.now() - assignment.nudged_at < A_DAY:
        return say("They were reminded at %(when)s; give them a day.", when=assignment.nudged_at)
    return None


def nudge(proposal: Proposal, assignment: Assignment, *, by: Actor) -> None:
    """Remind a reviewer: to answer, or of their review. Demands: proposal.assign. Records: when, an event. Tells: the
    reviewer. Raises: Refused; Incomplete when the review is in or they were reminded within a day."""
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    if why := why_no_nudge(assignment):
        raise Incomplete(why)
    assignment.nudged_at = clock.now()
    record("review.nudged", "proposal", proposal.id, by=by, reviewer=assignment.reviewer_id)
    db.session.flush()
    if assignment.answer is ReviewerAnswer.ASKED:
        write_to(proposal, assignment, reminder=True)
        return
    person = db.session.get_one(Person, assignment.reviewer_id)
    tell([person], letters.nudged(proposal, assignment), proposal_id=proposal.id)


def recall(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Take the proposal back from all reviewers.

    Demands: proposal.recall (no review submitted). From: in_review. Records: the assignments end, the move. Tells:
    them.
    """
    demand(may(by, Action.PROPOSAL_RECALL, proposal))
    needs(reason, "reason", say("Say why it is recalled."))
    people = [db.session.get_one(Person, row.reviewer_id) for row in standing(proposal.assignments)]
    for row in standing(proposal.assignments):
        row.removed_at, row.removed_reason, row.lead = clock.now(), reason, False
    advance(proposal, Action.PROPOSAL_RECALL, by=by, note=reason)
    db.session.flush()
    tell(people, letters.no_longer(proposal), proposal_id=proposal.id)
