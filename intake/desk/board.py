"""The match board of one proposal: the themes, contacts or reviewers that suit it, each with why, how far they are with
each other, and what stands between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

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
from intake.review.models import Capacity
from intake.review.queries import loads
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
    the reviews that a reviewer owes, and may be given in this call. ``taken`` counts the proposals of the call that the
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
    or field holds all of them. Statements: 5 to 18, however many rows.
    """
    scores = _scores(Affinity.proposal_id == proposal.id, kind)
    pairings = _pairings(Pairing.proposal_id == proposal.id, kind)
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
    owed = loads(ids, seen_by=seen_by) if reviews else {}
    limits = capacities(proposal.call, ids) if reviews else {}
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
            load=owed.get(each.id, 0),
            most=limits.get(each.id),
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


def capacities(call: Call, person_ids: Iterable[int]) -> dict[int, int]:
    """The most reviews that each of the people is given in the call. Statements: 1."""
    ids = list(person_ids)
    own = db.session.execute(
        sa.select(Capacity.person_id, Capacity.most).where(
            Capacity.call_id == call.id, Capacity.person_id.in_(ids), Capacity.most.is_not(None)
        )
    )
    return dict.fromkeys(ids, call.reviewer_load) | {row.person_id: row.most for row in own}


def scored(affinity: Affinity | None) -> dict[str, Any]:
    """The score with its parts and reasons, as a row takes them; nothing where none was computed."""
    return {"score": affinity.score, "parts": affinity.parts, "why": affinity.why} if affinity else {}


def _scores(among: sa.ColumnElement[bool], kind: PairingKind) -> dict[int, Affinity]:
    """The affinities by their target's id."""
    known = db.session.scalars(sa.select(Affinity).where(among, Affinity.kind == kind, current()))
    return {each.theme_id or each.person_id or 0: each for each in known}


def _pairings(among: sa.ColumnElement[bool], kind: PairingKind) -> dict[int, Pairing]:
    """The pairings with their steps, by their target's id."""
    asked = sa.select(Pairing).where(among, Pairing.kind == kind).options(selectinload(Pairing.steps))
    return {each.theme_id or each.person_id or 0: each for each in db.session.scalars(asked)}


def _matched(call_id: int, target: Any, seen_by: Actor) -> dict[int, int]:
    """How many proposals of the call are matched with each theme, or contact."""
    counted = db.session.execute(
        sa.select(target, sa.func.count(Match.id))
        .join(Match.proposal)
        .where(Proposal.call_id == call_id, Match.undone_at.is_(None), target.is_not(None), open_to_office(seen_by))
        .group_by(target)
    )
    return {row[0]: row[1] for row in counted}
