"""Who could review a proposal, each with what speaks for and against them and what they have to do already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.affinity.texts import keyword_list
from intake.conflict.evidence import Evidence, found
from intake.desk.board import pairings_of, reviewer_scores
from intake.match.models import Pairing
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor, standing
from intake.proposal.models import Proposal
from intake.proposal.queries import folded
from intake.review.capacity import bounds_of, full, given
from intake.review.queries import loads
from intake.review.refusals import SaidNo, declines
from intake.vocabulary import PairingKind, PairingState, Role, State, Words

BOARD = {PairingState.MATCHED: -1, PairingState.DECLINED: 1}
"""Where the match board puts somebody among those who may be asked: first, or last."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer beside one proposal. ``shared`` are keywords of the proposal that the reviewer's expertise or titles
    name; ``load`` counts the reviews they still owe; ``asked`` says that they review it already. ``full`` says that
    they have as many reviews in the call as they should; ``noes`` are their refusals, of this proposal first.
    ``pairing`` and ``score`` (0 to 1) are those of the match board, None where it knows none."""

    person: Person
    load: int
    evidence: list[Evidence]
    shared: list[str]
    asked: bool
    full: Words | None = None
    noes: Sequence[SaidNo] = ()
    pairing: Pairing | None = None
    score: float | None = None

    @property
    def blocked(self) -> bool:
        """They cannot be asked, whatever the reason given."""
        return self.asked or any(each.blocks for each in self.evidence)

    @property
    def state(self) -> PairingState | None:
        """How far they are on the match board; None: not on it."""
        return self.pairing.state if self.pairing else None

    @property
    def warned(self) -> bool:
        """They can be asked with a reason only."""
        return not self.blocked and (self.full is not None or any(each.warns for each in self.evidence))


def candidates(proposal: Proposal, *, seen_by: Actor) -> list[Candidate]:
    """Every reviewer: who may be asked before who may not; of them, who is matched on the board first and who declined
    last, then most keywords in common, then least to do, then name.

    Statements: 22 at most, however many there are.
    """
    people = holders(Role.REVIEWER)
    ids = [person.id for person in people]
    has, bounds = given(proposal.call_id, ids, seen_by=seen_by), bounds_of(proposal.call_id, ids)
    noes = declines(ids, seen_by=seen_by)
    against = found(proposal, people, seen_by=seen_by)
    owed = loads(ids, seen_by=seen_by)
    scores, pairings = reviewer_scores(proposal.id), pairings_of(proposal.id, PairingKind.REVIEWER)
    in_review = proposal.state is State.IN_REVIEW  # those of an earlier round may be asked anew
    asked = {row.reviewer_id for row in standing(proposal.assignments)} if in_review else set()
    rows = [
        Candidate(
            person,
            owed.get(person.id, 0),
            against.get(person.id, []),
            _shared(proposal.keywords, person),
            person.id in asked,
            full(proposal.call, bounds.get(person.id), has.get(person.id, 0)),
            _this_first(noes.get(person.id, []), proposal),
            pairings.get(person.id),
            scores.get(person.id),
        )
        for person in people
    ]
    return sorted(rows, key=_place)


def _place(row: Candidate) -> tuple[object, ...]:
    board = BOARD.get(row.state, 0) if row.state else 0
    return row.blocked, board, -len(row.shared), row.load, row.person.name, row.person.id


def _this_first(noes: list[SaidNo], proposal: Proposal) -> list[SaidNo]:
    return sorted(noes, key=lambda each: each.proposal_id != proposal.id)


def _shared(keywords: str, person: Person) -> list[str]:
    """The keywords, as typed, that stand in what is known of the person."""
    known = folded(" ".join((person.expertise, *(each.title for each in person.publications))))
    return [each for each in keyword_list(keywords) if folded(each) in known]
