"""Who may not, or only with a reason, be given which proposal: conflicts with evidence, and who said no before, to the
proposal or for the whole call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product

import sqlalchemy as sa

from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows, strongest
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted
from intake.review.models import Assignment
from intake.review.wishes import Pair
from intake.vocabulary import ConflictLevel, DeclineReason, ReviewerAnswer

BLOCK, WARN, AWAY, SAID_NO = "block", "warn", "away", "said_no"
"""Nobody gets past a block; a warning needs a reason, and so does whoever is too busy or away for the whole call; who
said no to the proposal is asked for it again only where that is forced."""
NEED_A_REASON = (WARN, AWAY)
MARKS = {ConflictLevel.BLOCK: BLOCK, ConflictLevel.WARN: WARN}
NO = (ReviewerAnswer.DECLINED, ReviewerAnswer.PASSED)
FOR_THE_CALL = (DeclineReason.TOO_BUSY, DeclineReason.AWAY)
"""Who declines for such a reason declines the other proposals of the call with it."""


def barred(
    proposal_ids: Sequence[int], reviewer_ids: Sequence[int], away: Collection[int] = frozenset()
) -> dict[Pair, str]:
    """Which of the pairs are barred, and how; ``away`` are reviewers who declined for the whole call. Statements: 14 at
    most, whatever the number of both."""
    levels = strongest(rows(proposal_ids, reviewer_ids))
    marks = {pair: MARKS[level] for pair, level in levels.items() if level in MARKS}
    wanted = set(reviewer_ids)
    for pair in product(proposal_ids, wanted.intersection(away)):
        marks.setdefault(pair, AWAY)
    for pair in _refusals(proposal_ids):
        if pair[1] in wanted:
            marks.setdefault(pair, SAID_NO)
    return marks


def away_from(call_id: int, *, seen_by: Actor) -> set[int]:
    """Who declined a review of the call as too busy or away, and agreed to none that they were asked for later; nothing
    of proposals that the reader has a conflict with. Statements: 1."""
    said, agreed = Assignment.decline_reason.in_(FOR_THE_CALL), Assignment.answer == ReviewerAnswer.ACCEPTED
    rows = db.session.execute(
        sa.select(Assignment.reviewer_id, said, Assignment.answered_at, Assignment.assigned_at)
        .join(Assignment.proposal)
        .where(
            Proposal.call_id == call_id,
            sa.or_(said, sa.and_(agreed, Assignment.removed_at.is_(None))),
            sa.not_(conflicted(seen_by)),
        )
    ).all()
    no = {(row[0], row[2]) for row in rows if row[1] and row[2]}
    yes = {(row[0], row[3]) for row in rows if not row[1]}
    return {who for who, at in no if not any(each == who and since > at for each, since in yes)}


def evidence_for(
    proposal_ids: Sequence[int], reviewer_ids: Sequence[int], *, seen_by: Actor
) -> Mapping[int, Mapping[int, list[Evidence]]]:
    """The evidence by proposal's id and reviewer's id, the heaviest first; notes too. Statements: 14 at most."""
    return told_to(seen_by, rows(proposal_ids, reviewer_ids))


def _refusals(proposal_ids: Sequence[int]) -> set[Pair]:
    """Who was asked to review which of the proposals and said no. Statements: 1."""
    found = db.session.execute(
        sa.select(Assignment.proposal_id, Assignment.reviewer_id).where(
            Assignment.proposal_id.in_(list(proposal_ids)), Assignment.answer.in_(NO)
        )
    )
    return {(row[0], row[1]) for row in found}
