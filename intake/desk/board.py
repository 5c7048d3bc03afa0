"""The match board of one proposal: the themes, contacts or reviewers that suit it, each with why, how far they are with
each other, and what stands between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.call.models import Call
from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows
from intake.extensions import db
from intake.match.models import Affinity, Match, Pairing
from intake.match.queries import current
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import folded, open_to_office
from intake.review.capacity import bounds_of, given, most_of
from intake.vocabulary import PairingKind, PairingState, Role

RANK = {
    PairingState.MATCHED: 0,
    PairingState.INTERESTED: 1,
    PairingState.APPROACHED: 2,
    PairingState.SUGGESTED: 3,
    None: 4,
    PairingState.DECLINED: 5,
}
"""The order of rows: what is furthest on comes first."""


@dataclass(frozen=True, slots=True)
class Suits:
    """One row of the board of a proposal: a theme, contact or reviewer beside it.

    ``score`` (0 to 1) is None where none was computed; ``parts`` and ``why`` say what made it. ``load`` of ``most``:
    the reviews that a reviewer was given in this call, and may be. ``taken`` counts the proposals of the call that the
    reader may see and that are matched with a theme or a contact. ``chosen``: the applicant's own theme.
    """

    target_id: int
    name: str
    name_zh: str
    under: str
    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    why: Mapping[str, Any] = field(default_factory=dict)
    pairing: Pairing | None = None
    evidence: Sequence[Evidence] = ()
    load: int = 0
    most: int | None = None
    taken: int = 0
    chosen: bool = False

    @property
    def state(self) -> PairingState | None:
        """How far they are; None: not on the board."""
        return self.pairing.state if self.pairing else None

    @property
    def blocked(self) -> bool:
        """A conflict stands between them that no reason gets past."""
        return any(each.blocks for each in self.evidence)

    @property
    def full(self) -> bool:
        """The reviewer has as many reviews as they are given in this call."""
        return self.most is not None and self.load >= self.most


def board_of(proposal: Proposal, kind: PairingKind, *, seen_by: Actor, words: str = "") -> list[Suits]:
    """What suits the proposal, the best first: what is furthest on, then the highest score, then the applicant's own
    choice, then themes in their order and people by name; who is blocked comes last. With ``words``, those whose name
    or field holds all of them. Statements: 4 to 17, however many rows.
    """
    scores = _scores(proposal.id, kind)
    pairings = pairings_of(proposal.id, kind)
    suits = (
        _themes(proposal, scores, pairings, seen_by)
        if kind is PairingKind.THEME
        else _people(proposal, kind, scores, pairings, seen_by)
    )
    asked = folded(words).split()
    suits = [row for row in suits if all(part in folded(f"{row.name} {row.name_zh} {row.under}") for part in asked)]
    return sorted(suits, key=lambda row: (row.blocked, RANK[row.state], -(row.score or 0.0), not row.chosen))


def _themes(
    proposal: Proposal, scores: dict[int, Affinity], pairings: dict[int, Pairing], seen_by: Actor
) -> list[Suits]:
    taken = _matched(proposal.call_id, Match.theme_id, seen_by)
    return [
        Suits(
            each.id,
            each.name,
            each.name_zh,
            each.description,
            **scored(scores.get(each.id)),
            pairing=pairings.get(each.id),
            taken=taken.get(each.id, 0),
            chosen=each.id == proposal.theme_id,
        )
        for each in proposal.call.themes
        if each.retired_at is None or each.id in pairings or each.id == proposal.theme_id
    ]


def _people(
    proposal: Proposal, kind: PairingKind, scores: dict[int, Affinity], pairings: dict[int, Pairing], seen_by: Actor
) -> list[Suits]:
    people = people_of(proposal.call, kind)
    ids = [each.id for each in people]
    against = told_to(seen_by, rows([proposal.id], ids, judging=kind is PairingKind.REVIEWER)).get(proposal.id, {})
    reviews = kind is PairingKind.REVIEWER
    has = given(proposal.call_id, ids, seen_by=seen_by) if reviews else {}
    bounds = bounds_of(proposal.call_id, ids) if reviews else {}
    taken = {} if reviews else _matched(proposal.call_id, Match.contact_id, seen_by)
    return [
        Suits(
            each.id,
            each.name,
            each.name_zh,
            each.department.name if each.department else each.organisation,
            **scored(scores.get(each.id)),
            pairing=pairings.get(each.id),
            evidence=against.get(each.id, []),
            load=has.get(each.id, 0),
            most=most_of(proposal.call, bounds.get(each.id)) if reviews else None,
            taken=taken.get(each.id, 0),
        )
        for each in people
    ]


def people_of(call: Call, kind: PairingKind) -> Sequence[Person]:
    """The contacts of the call's sponsor, or all reviewers, by name. ``call.programme`` loaded. Statements: 0 or 2."""
    if kind is PairingKind.REVIEWER:
        return holders(Role.REVIEWER)
    sponsor_id = call.programme.sponsor_id
    return holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else []


def scored(affinity: Affinity | None) -> dict[str, Any]:
    """The score with its parts and reasons, as a row takes them; nothing where none was computed."""
    return {"score": affinity.score, "parts": affinity.parts, "why": affinity.why} if affinity else {}


def _scores(proposal_id: int, kind: PairingKind) -> dict[int, Affinity]:
    """The affinities by their target's id."""
    asked = sa.select(Affinity).where(Affinity.proposal_id == proposal_id, Affinity.kind == kind, current())
    return {each.theme_id or each.person_id or 0: each for each in db.session.scalars(asked)}


def reviewer_scores(proposal_id: int) -> dict[int, float]:
    """How well reviewers suit the proposal, 0 to 1, by their id; nobody for whom it is not known. Statements: 1."""
    of_reviewers = sa.and_(Affinity.proposal_id == proposal_id, Affinity.kind == PairingKind.REVIEWER, current())
    rows = db.session.execute(sa.select(Affinity.person_id, Affinity.score).where(of_reviewers))
    return {row.person_id: row.score for row in rows}


def pairings_of(proposal_id: int, kind: PairingKind) -> dict[int, Pairing]:
    """The pairings of the proposal with their steps, by their target's id. Statements: 1."""
    asked = sa.select(Pairing).where(Pairing.proposal_id == proposal_id, Pairing.kind == kind)
    found = db.session.scalars(asked.options(joinedload(Pairing.steps))).unique()
    return {each.theme_id or each.person_id or 0: each for each in found}


def _matched(call_id: int, target: Any, seen_by: Actor) -> dict[int, int]:
    """How many proposals of the call are matched with each theme, or contact."""
    counted = db.session.execute(
        sa.select(target, sa.func.count(Match.id))
        .join(Match.proposal)
        .where(Proposal.call_id == call_id, Match.undone_at.is_(None), target.is_not(None), open_to_office(seen_by))
        .group_by(target)
    )
    return {row[0]: row[1] for row in counted}
