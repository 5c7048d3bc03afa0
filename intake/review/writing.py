"""What a reviewer may do to their own review: save it, submit it; and the office may reopen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may, standing, submitted_reviews
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs, office_of
from intake.review import letters
from intake.review.models import Assignment, Review, Score
from intake.review.scoring import overall
from intake.vocabulary import Action, Recommendation, ReviewState, Words, say


@dataclass(frozen=True, slots=True)
class Written:
    """What the form holds. ``scores`` maps a criterion's id to a whole number; missing ones are not given yet."""

    scores: Mapping[int, int]
    recommendation: Recommendation | None
    for_applicant: str
    for_office: str


def save(
    proposal: Proposal, assignment: Assignment, call: Call, written: Written, *, version: int, by: Actor
) -> Review:
    """Save a draft of the actor's own review. ``version`` is 0 for the first time.

    Demands: proposal.review. Raises: Refused; Stale; Incomplete for a score outside its scale or of another call.
    ``assignment`` must be the actor's own, with its review and scores; ``call`` carries its criteria.
    """
    demand(may(by, Action.PROPOSAL_REVIEW, proposal))
    review = assignment.review
    if (review.version if review else 0) != version:
        raise Stale
    _within_scales(call, written.scores)
    if review is None:
        review = Review(assignment=assignment, scores=[])
        db.session.add(review)
    given = {score.criterion_id: score for score in review.scores}
    for criterion_id, value in written.scores.items():
        if criterion_id in given:
            given[criterion_id].value = value
        else:
            review.scores.append(Score(criterion_id=criterion_id, value=value))
    for criterion_id in set(given) - set(written.scores):
        review.scores.remove(given[criterion_id])
        db.session.delete(given[criterion_id])
    review.recommendation = written.recommendation
    review.for_applicant, review.for_office = written.for_applicant, written.for_office
    review.saved_at = clock.now()
    db.session.flush()
    return review


def _within_scales(call: Call, scores: Mapping[int, int]) -> None:
    """Every score belongs to a criterion of the call and lies on its scale. Raises Incomplete, field by field."""
    scales = {each.id: each for each in call.criteria}
    wrong: dict[str, Words] = {}
    for criterion_id, value in scores.items():
        scale = scales.get(criterion_id)
        if scale is None:
            raise Incomplete(say("That criterion is not one of this call."))
        if not scale.least <= value <= scale.most:
            wrong[f"criterion_{criterion_id}"] = say("From %(least)s to %(most)s.", least=scale.least, most=scale.most)
    if wrong:
        raise Incomplete(say("A score is outside its scale."), wrong)


def submit(
    proposal: Proposal, assignment: Assignment, call: Call, written: Written, *, version: int, by: Actor
) -> Review:
    """Save and submit the actor's own review.

    Demands: proposal.review. Records: the review with its overall score, an event. Tells: the office; the lead, once
    the decision can be recorded. Raises: as ``save``; Incomplete when a score, the recommendation or the comment is
    missing.
    """
    demand(may(by, Action.PROPOSAL_REVIEW, proposal))
    missing: dict[str, Words] = {
        f"criterion_{each.id}": say("Choose a score.") for each in call.criteria if each.id not in written.scores
    }
    if written.recommendation is None:
        missing["recommendation"] = say("Choose what you recommend.")
    if not written.for_applicant.strip():
        missing["for_applicant"] = say("Write a few sentences for the applicant.")
    if missing:
        raise Incomplete(say("The review is not complete; nothing was submitted."), missing)
    review = save(proposal, assignment, call, written, version=version, by=by)
    review.state, review.submitted_at = ReviewState.SUBMITTED, clock.now()
    review.overall = overall(call.criteria, written.scores)
    record("review.submitted", "proposal", proposal.id, by=by, became=ReviewState.SUBMITTED.value, review=review.id)
    db.session.flush()
    _tell_of(proposal, by)
    return review


def _tell_of(proposal: Proposal, by: Actor) -> None:
    """The office hears of each review; the lead once, when the decision has become possible."""
    count, needed = len(submitted_reviews(proposal)), proposal.call.reviews_needed
    tell(office_of(proposal), letters.came_in(proposal, count, needed), proposal_id=proposal.id)
    lead = next((row for row in standing(proposal.assignments) if row.lead), None)
    if lead is None or lead.review is None or lead.review.state is not ReviewState.SUBMITTED:
        return
    if count == needed or (count > needed and lead.reviewer_id == by.id):
        tell([db.session.get_one(Person, lead.reviewer_id)], letters.all_in(proposal), proposal_id=proposal.id)


def reopen(proposal: Proposal, assignment: Assignment, reason: str, *, by: Actor) -> None:
    """Let a reviewer change a submitted review; until it is submitted again it counts for nothing.

    Demands: proposal.assign. Records: an event. Tells: the reviewer. Raises: Refused; Incomplete.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    needs(reason, "reason", say("Say what the reviewer is asked to change."))
    review = assignment.review
    if review is None or review.state is not ReviewState.SUBMITTED or assignment.removed_at is not None:
        raise Incomplete(say("There is no submitted review to reopen."))
    review.state, review.submitted_at, review.overall = ReviewState.DRAFT, None, None
    record("review.reopened", "proposal", proposal.id, by=by, note=reason, review=review.id)
    db.session.flush()
    tell([db.session.get_one(Person, assignment.reviewer_id)], letters.again(proposal, reason), proposal_id=proposal.id)
