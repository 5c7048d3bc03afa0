"""Who may not, or only with a reason, be given which proposal: conflicts with evidence, and who said no before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows, strongest
from intake.extensions import db
from intake.policy import Actor
from intake.review.models import Assignment
from intake.review.wishes import Pair
from intake.vocabulary import ConflictLevel, ReviewerAnswer

BLOCK, WARN, SAID_NO = "block", "warn", "said_no"
"""Nobody gets past a block; a warning needs a reason; who said no is asked again only where that is forced."""
MARKS = {ConflictLevel.BLOCK: BLOCK, ConflictLevel.WARN: WARN}
NO = (ReviewerAnswer.DECLINED, ReviewerAnswer.PASSED)


def barred(proposal_ids: Sequence[int], reviewer_ids: Sequence[int]) -> dict[Pair, str]:
    """Which of the pairs are barred, and how. Statements: 14 at most, whatever the number of both."""
    levels = strongest(rows(proposal_ids, reviewer_ids))
    marks = {pair: MARKS[level] for pair, level in levels.items() if level in MARKS}
    wanted = set(reviewer_ids)
    for pair in _refusals(proposal_ids):
        if pair[1] in wanted:
            marks.setdefault(pair, SAID_NO)
    return marks


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
