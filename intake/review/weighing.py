"""What the office weighs before it asks somebody to review: the evidence against them, and how much they have already.
It is looked up at once for everybody whom one act asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.call.models import Call
from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows
from intake.conflict.models import Notice
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.review.capacity import Bounds, bounds_of, full, given
from intake.review.models import Assignment
from intake.review.wishes import Pair
from intake.vocabulary import ConflictRule, Role, State, Words


def active_reviewer() -> sa.ColumnElement[bool]:
    """People with an open account who hold the reviewer's role."""
    holds = Person.grants.any(sa.and_(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None)))
    return sa.and_(Person.active, holds)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was looked up of the pairs that one act asks: the active reviewers among them by id, the evidence by pair,
    the heaviest first, what the office knew of each pair by rule, and how many reviews each is given in the call, which
    whoever asks counts on."""

    people: Mapping[int, Person]
    evidence: Mapping[Pair, Sequence[Evidence]]
    known: Mapping[Pair, Mapping[ConflictRule, Notice]]
    bounds: Mapping[int, Bounds]
    has: Counter[int]

    def over(self, call: Call, person_id: int) -> Words | None:
        """Why the person gets no more reviews in the call without a reason, or None."""
        return full(call, self.bounds.get(person_id), self.has[person_id])


def weigh(call: Call, pairs: Collection[Pair], *, by: Actor) -> Weighed:
    """Look up all that asking these reviewers of these proposals of the call depends on, as ``by`` may know it.

    Whoever asks holds the locks of the proposals already. Statements: 20 at most, whatever the number of pairs.
    """
    ids, people = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
    asked = sa.select(Person).where(Person.id.in_(people), active_reviewer()).options(joinedload(Person.department))
    has = Counter(given(call.id, people, seen_by=None if by.id is None else by))
    has.subtract(_of_earlier_rounds(ids, people))
    return Weighed(
        {each.id: each for each in db.session.scalars(asked)},
        _evidence(ids, people, set(pairs), by),
        _known(ids, people),
        bounds_of(call.id, people),
        has,
    )


def _evidence(ids: Sequence[int], people: Sequence[int], pairs: set[Pair], by: Actor) -> dict[Pair, list[Evidence]]:
    told = told_to(by, [row for row in rows(ids, people) if row[:2] in pairs])
    return {(number, who): lines for number, each in told.items() for who, lines in each.items()}


def _known(ids: Sequence[int], people: Sequence[int]) -> dict[Pair, dict[ConflictRule, Notice]]:
    """Statements: 1."""
    found: dict[Pair, dict[ConflictRule, Notice]] = defaultdict(dict)
    asked = sa.select(Notice).where(Notice.proposal_id.in_(ids), Notice.person_id.in_(people))
    for row in db.session.scalars(asked):
        found[row.proposal_id, row.person_id][row.rule] = row
    return found


def _of_earlier_rounds(ids: Sequence[int], people: Sequence[int]) -> dict[int, int]:
    """How many of the people's assignments end when those of the proposals that are matched anew are forwarded.
    Statements: 1."""
    counted = db.session.execute(
        sa.select(Assignment.reviewer_id, sa.func.count(Assignment.id))
        .join(Assignment.proposal)
        .where(Proposal.id.in_(ids), Proposal.state == State.MATCHED)
        .where(Assignment.removed_at.is_(None), Assignment.reviewer_id.in_(people))
        .group_by(Assignment.reviewer_id)
    )
    return {row[0]: row[1] for row in counted}
