"""What an uploaded list is held against: the proposals and reviewers that it names, as a coordinator may know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from intake.call.models import Call
from intake.conflict.evidence import Evidence
from intake.extensions import db
from intake.people.models import Person, PersonAddress
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted, overseen_by
from intake.review.barring import away_from, evidence_for
from intake.review.capacity import bounds_of, given
from intake.review.gathering import HANDLED, open_to, reviewers
from intake.review.models import Assignment
from intake.review.wishes import Pair
from intake.vocabulary import State, Words, say
from intake.workflow import STATES


@dataclass(frozen=True, slots=True)
class Known:
    """Ids by number and by address; what those are that cannot be taken; evidence, standing pairs, loads; who is too
    busy or away for the whole call."""

    proposals: Mapping[str, int]
    elsewhere: Mapping[str, State]
    withheld: frozenset[str]
    reviewers: Mapping[str, int]
    standing: frozenset[Pair]
    evidence: Mapping[int, Mapping[int, list[Evidence]]]
    most: Mapping[int, int]
    has: Counter[int]
    away: Collection[int] = frozenset()

    def why_no_proposal(self, number: str) -> Words | None:
        """Why the proposal with that number is not assigned, or None."""
        if number in self.proposals:
            return None
        if number in self.withheld:
            return say("Withheld: you have a conflict with it, so somebody else handles it.")
        if number in self.elsewhere:
            return say("It is not to be assigned now: %(state)s.", state=STATES[self.elsewhere[number]].label)
        return say("There is no proposal with this number in this call.")

    def why_no_reviewer(self, address: str) -> Words | None:
        """Why nobody with that address can be asked, or None."""
        return None if address in self.reviewers else say("No active reviewer has this address.")

    def against(self, pair: Pair) -> list[Evidence]:
        """What blocks or warns, the heaviest first."""
        rows = self.evidence.get(pair[0], {}).get(pair[1], [])
        return [each for each in rows if each.blocks or each.warns]

    def over(self, reviewer_id: int, more: int) -> Words | None:
        """Why one more, beyond what they have and ``more``, is too much for the reviewer, or None."""
        if reviewer_id in self.away:
            return say("They declined a review in this call as too busy or away.")
        has, most = self.has[reviewer_id] + more, self.most[reviewer_id]
        if has < most:
            return None
        return say("They would have %(has)s reviews in this call, and %(most)s at most.", has=has + 1, most=most)


def known_for(call: Call, numbers: Sequence[str], addresses: Sequence[str], *, by: Actor) -> Known:
    """What is known of them. Statements: 22 at most, whatever the number."""
    proposals, elsewhere, withheld = _proposals(call, set(numbers), by)
    people = _people(set(addresses))
    ids, persons = sorted(proposals.values()), sorted(set(people.values()))
    bounds, has = bounds_of(call.id, persons), given(call.id, persons, seen_by=by)
    most = {key: bounds[key].most if key in bounds else None for key in persons}
    return Known(
        proposals,
        elsewhere,
        withheld,
        people,
        _standing(ids),
        evidence_for(ids, persons, seen_by=by) if ids and persons else {},
        {key: call.reviewer_load if value is None else value for key, value in most.items()},
        Counter(has),
        away_from(call.id, seen_by=by),
    )


def _proposals(call: Call, numbers: set[str], by: Actor) -> tuple[dict[str, int], dict[str, State], frozenset[str]]:
    """Statements: 2. A sealed call shows none."""
    rows = db.session.execute(
        sa.select(Proposal.number, Proposal.id, Proposal.state).where(open_to(call.id, by)).order_by(Proposal.id)
    ).all()
    named = [row for row in rows if row.number in numbers]
    hidden = sa.select(Proposal.number).where(Proposal.call_id == call.id, overseen_by(by), conflicted(by))
    return (
        {row.number: row.id for row in named if row.state in HANDLED},
        {row.number: row.state for row in named if row.state not in HANDLED},
        frozenset(each for each in db.session.scalars(hidden) if each),
    )


def _people(addresses: set[str]) -> dict[str, int]:
    """Active reviewers by each of their addresses that is named. Statements: 3."""
    known = reviewers()
    first = db.session.execute(sa.select(Person.email, Person.id).where(Person.id.in_(list(known))))
    more = db.session.execute(sa.select(PersonAddress.email, PersonAddress.person_id))
    found = {row[0]: row[1] for row in [*more, *first] if row[1] in known}
    return {address: number for address, number in found.items() if address in addresses}


def _standing(proposal_ids: Sequence[int]) -> frozenset[Pair]:
    """Statements: 1."""
    rows = db.session.execute(
        sa.select(Assignment.proposal_id, Assignment.reviewer_id)
        .join(Assignment.proposal)
        .where(
            Assignment.proposal_id.in_(list(proposal_ids)),
            Assignment.removed_at.is_(None),
            Proposal.state == State.IN_REVIEW,
        )
    )
    return frozenset((row[0], row[1]) for row in rows)
