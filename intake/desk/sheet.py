"""What a coordinator takes away of a list as a table: every answer of each proposal, its team, and its reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from intake.desk.listing import CHOSEN, MATCHED, columns, in_order
from intake.desk.narrowing import Asked, conditions
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.review.models import Assignment, Review, Score
from intake.review.queries import NONE_ASKED, Tally, tallies
from intake.vocabulary import ReviewState, TeamAnswer

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """One proposal with all that is told of it: its columns, tally, mean by criterion's id, and team as names."""

    row: Any
    tally: Tally
    means: dict[int, Decimal]
    team: list[str]


def wholes(actor: Actor, call_ids: Sequence[int], asked: Asked, now: datetime) -> Iterator[Whole]:
    """Every proposal of the list, in its order, read some hundred at a time; ``asked.page`` does not count.

    Statements: 4, whatever the number of rows.
    """
    must = conditions(actor, call_ids, asked, now)
    ids = sa.select(Proposal.id).where(*must)
    counted, means, teams = tallies(ids, now), _means(ids), _teams(ids)
    found = in_order(columns().add_columns(*_answers()).where(*must), asked.sort, joined=True)
    for row in db.session.execute(found.execution_options(yield_per=ROWS_AT_ONCE)):
        yield Whole(row, counted.get(row.id, NONE_ASKED), means.get(row.id, {}), teams.get(row.id, []))


def _answers() -> tuple[Any, ...]:
    return (
        CHOSEN.c.name.label("chosen"),
        MATCHED.c.name.label("matched"),
        Proposal.keywords,
        Proposal.abstract,
        Proposal.description,
        Proposal.amount_minor,
        Proposal.duration_months,
        Proposal.nothing_confidential,
        Proposal.own_work,
        Proposal.one_university,
        Proposal.submitted_at,
        Proposal.answers,
        Proposal.form_version_id,
    )


def _means(ids: sa.Select[int]) -> dict[int, dict[int, Decimal]]:
    """The mean of each criterion over the submitted reviews of standing assignments, by proposal and criterion."""
    rows = db.session.execute(
        sa.select(Assignment.proposal_id, Score.criterion_id, sa.func.avg(Score.value))
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Score, Score.review_id == Review.id)
        .where(Assignment.proposal_id.in_(ids), Assignment.removed_at.is_(None), Review.state == ReviewState.SUBMITTED)
        .group_by(Assignment.proposal_id, Score.criterion_id)
    )
    found: dict[int, dict[int, Decimal]] = {}
    for proposal_id, criterion_id, mean in rows:
        found.setdefault(proposal_id, {})[criterion_id] = Decimal(str(mean)).quantize(Decimal("0.01"))
    return found


def _teams(ids: sa.Select[int]) -> dict[int, list[str]]:
    """The names on each team, in its order, the principal among them, without those who declined."""
    rows = db.session.execute(
        sa.select(TeamMember.proposal_id, TeamMember.name)
        .where(TeamMember.proposal_id.in_(ids), TeamMember.answer != TeamAnswer.DECLINED)
        .order_by(TeamMember.proposal_id, TeamMember.position, TeamMember.id)
    )
    found: dict[int, list[str]] = {}
    for proposal_id, name in rows:
        found.setdefault(proposal_id, []).append(name)
    return found
