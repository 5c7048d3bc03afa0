"""Who said no to a request to review, when and why; and what somebody said no to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from intake.call.models import Call
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import open_to_office
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.vocabulary import DeclineReason, ReviewerAnswer, State, Words, say

REASONS: dict[DeclineReason, Words] = {
    DeclineReason.TOO_BUSY: say("too busy"),
    DeclineReason.OUTSIDE_EXPERTISE: say("outside the expertise"),
    DeclineReason.AWAY: say("away"),
    DeclineReason.CONFLICT: say("a conflict of interest"),
    DeclineReason.OTHER: say("another reason"),
}


@dataclass(frozen=True, slots=True)
class SaidNo:
    """One no of a reviewer: which proposal (empty where the viewer may not see it; then nothing else is told of it),
    when, what, why, and what they wrote to it."""

    proposal_id: int
    number: str
    at: datetime | None
    answer: ReviewerAnswer | None
    reason: DeclineReason | None
    note: str = ""

    @property
    def words(self) -> Words:
        """What a coordinator reads of it."""
        values = {"number": self.number, "when": self.at}
        if not self.number:
            return say("Declined another proposal.")
        if self.answer is ReviewerAnswer.LAPSED:
            return say("Did not answer for %(number)s by %(when)s.", **values)
        if self.answer is ReviewerAnswer.PASSED:
            return say("Passed %(number)s on at %(when)s.", **values)
        why = REASONS[self.reason or DeclineReason.OTHER]
        return say("Declined %(number)s at %(when)s: %(why)s.", why=why, **values)


def declines(person_ids: Iterable[int], *, seen_by: Actor, call_id: int | None = None) -> dict[int, list[SaidNo]]:
    """Every no of each person, in one call or in all, the newest first. Of proposals that ``seen_by`` does not read as
    the office (who is on its team, or reviews it, may not learn who else was asked) only that there is one. Statements:
    1."""
    seen = sa.case((open_to_office(seen_by), Proposal.number), else_="")
    rows = db.session.execute(
        sa.select(
            Assignment.reviewer_id,
            Assignment.proposal_id,
            seen,
            Assignment.answered_at,
            Assignment.answer,
            Assignment.decline_reason,
            Assignment.answer_note,
        )
        .select_from(Assignment)
        .join(Assignment.proposal)
        .where(
            Assignment.reviewer_id.in_(list(person_ids)),
            Assignment.answer.in_(SAID_NO),
            sa.true() if call_id is None else Proposal.call_id == call_id,
        )
        .order_by(Assignment.answered_at.desc(), Assignment.id.desc())
    )
    found: dict[int, list[SaidNo]] = {}
    for person_id, proposal_id, number, at, answer, reason, note in rows:
        known = SaidNo(proposal_id, number, at, answer, reason, note) if number else SaidNo(0, "", None, None, None)
        found.setdefault(person_id, []).append(known)
    return found


def refused_by(actor: Actor, most: int = 20) -> Sequence[Assignment]:
    """What the actor was asked to review, said no to, and was not asked anew, the newest first, with proposal and call.
    Statements: 1."""
    anew = aliased(Assignment)
    again = sa.select(anew.id).where(
        anew.proposal_id == Assignment.proposal_id,
        anew.reviewer_id == Assignment.reviewer_id,
        sa.or_(anew.removed_at.is_(None), anew.id > Assignment.id),
    )
    return db.session.scalars(
        sa.select(Assignment)
        .join(Assignment.proposal)
        .join(Proposal.call)
        .where(
            Assignment.reviewer_id == actor.id,
            Assignment.answer.in_(SAID_NO),
            Proposal.state == State.IN_REVIEW,
            ~again.correlate(Assignment).exists(),
        )
        .options(
            contains_eager(Assignment.proposal)
            .load_only(Proposal.number, Proposal.state, raiseload=True)
            .contains_eager(Proposal.call)
            .load_only(Call.title, raiseload=True)
        )
        .order_by(Assignment.answered_at.desc(), Assignment.id.desc())
        .limit(most)
    ).all()
