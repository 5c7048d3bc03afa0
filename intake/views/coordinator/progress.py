"""The reviews of one proposal as the office may see them: progress of each, and in full those that are submitted.

A draft gives nothing but that it was begun and when it was last saved: its text and scores never reach a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext

from intake.call.models import Call, Criterion
from intake.policy import Actor, Ruling
from intake.proposal.models import Proposal
from intake.review.coming_back import not_put_back
from intake.review.models import Assignment
from intake.review.operations import why_no_nudge
from intake.review.refusals import REASONS
from intake.views.faces import reviewer_name
from intake.vocabulary import Declared, Recommendation, ReviewerAnswer, ReviewState, Words, say

RECOMMENDED: dict[Recommendation, Words] = {
    Recommendation.FORWARD: say("Forward it"),
    Recommendation.RESERVE: say("Keep it in reserve"),
    Recommendation.REVISE: say("Have it revised"),
    Recommendation.DECLINE: say("Decline it"),
}


@dataclass(frozen=True, slots=True)
class Full:
    """A submitted review: scores beside their criteria with the words of the value given."""

    scores: list[tuple[Criterion, int, str]]
    overall: Decimal
    recommendation: Words
    for_applicant: str
    for_office: str


@dataclass(frozen=True, slots=True)
class Progress:
    """One reviewer's way with the proposal. ``stands`` is False once they were taken off or said no; ``answer`` is
    what they said to the request, ``why`` the reason of a no in words, ``note`` theirs, ``colleague`` whom they named
    instead; ``put_back`` says whether the office may put them back."""

    id: int
    name: str
    department: str
    lead: bool
    stands: bool
    asked_at: datetime
    declared_at: datetime | None
    declared: str
    saved_at: datetime | None
    submitted_at: datetime | None
    due_at: datetime
    late: bool
    nudged_at: datetime | None
    why_no_nudge: Ruling
    override_reason: str
    removed_at: datetime | None
    removed_reason: str
    full: Full | None
    answer: ReviewerAnswer
    reply_by: datetime | None
    answered_at: datetime | None
    why: Words | None
    note: str
    colleague: str
    colleague_email: str
    put_back: Ruling


def progress(
    proposal: Proposal, rows: Sequence[Assignment], call: Call, now: datetime, viewer: Actor
) -> list[Progress]:
    """Each assignment of ``rows`` (``review.queries.of_proposal``) in order; ``call`` carries its criteria.
    Statements: 2 where somebody was taken off, or none."""
    gone = [row for row in rows if row.removed_at is not None and row.answer is ReviewerAnswer.ACCEPTED]
    not_back = not_put_back(proposal, gone)
    return [_one(proposal, row, place, call, now, viewer, not_back.get(row.id)) for place, row in enumerate(rows)]


def _one(
    proposal: Proposal,
    row: Assignment,
    place: int,
    call: Call,
    now: datetime,
    viewer: Actor,
    not_back: Words | None,
) -> Progress:
    review = row.review
    submitted = review is not None and review.state is ReviewState.SUBMITTED
    declared_at, declared = _declaration(proposal, row)
    why = why_no_nudge(row)
    person = row.reviewer
    return Progress(
        id=row.id,
        name=reviewer_name(viewer, proposal, row, place),
        department=person.department.code if person.department else person.organisation,
        lead=row.lead,
        stands=row.removed_at is None,
        asked_at=row.assigned_at,
        declared_at=declared_at,
        declared=declared,
        saved_at=review.saved_at if review else None,
        submitted_at=review.submitted_at if review else None,
        due_at=row.due_at,
        late=_is_late(row, submitted, now),
        nudged_at=row.nudged_at,
        why_no_nudge=Ruling(why is None, why),
        override_reason=row.override_reason,
        removed_at=row.removed_at,
        removed_reason=row.removed_reason,
        full=_full(row, call) if submitted else None,
        answer=row.answer,
        reply_by=row.reply_by,
        answered_at=row.answered_at,
        why=REASONS[row.decline_reason] if row.decline_reason else None,
        note=row.answer_note,
        colleague=row.passed_to_name,
        colleague_email=row.passed_to_email,
        put_back=Ruling(not_back is None, not_back),
    )


def _is_late(row: Assignment, submitted: bool, now: datetime) -> bool:
    """Whoever has not agreed yet owes nothing."""
    owes = row.removed_at is None and row.answer is ReviewerAnswer.ACCEPTED and not submitted
    return owes and row.due_at < now


def _declaration(proposal: Proposal, row: Assignment) -> tuple[datetime | None, str]:
    found = next((each for each in proposal.conflicts if each.person_id == row.reviewer_id), None)
    if found is None:
        return None, ""
    if found.declared is Declared.NONE:
        return found.declared_at, gettext("no conflict")
    return found.declared_at, gettext("conflict, lifted") if found.lifted_at else gettext("conflict")


def _full(row: Assignment, call: Call) -> Full:
    review = row.review
    assert review is not None and review.overall is not None and review.recommendation is not None
    given = {score.criterion_id: score.value for score in review.scores}
    return Full(
        scores=[
            (each, given[each.id], each.anchors.get(str(given[each.id]), ""))
            for each in call.criteria
            if each.id in given
        ],
        overall=review.overall,
        recommendation=RECOMMENDED[review.recommendation],
        for_applicant=review.for_applicant,
        for_office=review.for_office,
    )
