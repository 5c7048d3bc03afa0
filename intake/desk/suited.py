"""The match board from the other side: a theme, a contact or a reviewer, and the proposals of a call that suit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake.call.models import Call, Theme
from intake.conflict.evidence import Evidence, told_to
from intake.conflict.finding import rows
from intake.desk.board import RANK, people_of, scored
from intake.extensions import db
from intake.match.models import Affinity, Pairing
from intake.match.queries import current
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import open_to_office
from intake.vocabulary import PairingKind, PairingState, State

SHOWN = 30
"""Rows on one page."""
ON_BOARD = (State.SUBMITTED, State.ELIGIBLE, State.MATCHED, State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Suited:
    """One row of the board of a theme, contact or reviewer: a proposal beside it."""

    proposal: Proposal
    principal: str
    score: float | None
    parts: Mapping[str, float]
    why: Mapping[str, Any]
    pairing: Pairing | None
    evidence: Sequence[Evidence]

    @property
    def state(self) -> PairingState | None:
        """How far they are; None: not on the board."""
        return self.pairing.state if self.pairing else None

    @property
    def blocked(self) -> bool:
        """A conflict stands between them that no reason gets past."""
        return any(each.blocks for each in self.evidence)


def suited_to(
    call: Call, kind: PairingKind, target_id: int, *, seen_by: Actor, first: int = 0, most: int = SHOWN
) -> tuple[list[Suited], int]:
    """The proposals of the call that are on their way to a match or with reviewers, and that ``seen_by`` handles, each
    beside one theme, contact or reviewer: what is furthest on first, then the highest score, then by number.

    Returns: one page of rows, and how many there are. Statements: 19 at most, however many rows.
    """
    scored_for = sa.and_(Affinity.kind == kind, _target(Affinity, kind) == target_id, current())
    affinity = sa.and_(Affinity.proposal_id == Proposal.id, scored_for)
    pairing = sa.and_(Pairing.proposal_id == Proposal.id, Pairing.kind == kind, _target(Pairing, kind) == target_id)
    wanted = sa.and_(Proposal.call_id == call.id, Proposal.state.in_(ON_BOARD), open_to_office(seen_by))
    total = db.session.scalar(sa.select(sa.func.count(Proposal.id)).where(wanted)) or 0
    rank = sa.case({state.value: place for state, place in RANK.items() if state}, value=Pairing.state, else_=4)
    page = db.session.execute(
        sa.select(Proposal, Affinity, Pairing)
        .select_from(Proposal)
        .outerjoin(Affinity, affinity)
        .outerjoin(Pairing, pairing)
        .where(wanted)
        .order_by(rank, sa.func.coalesce(Affinity.score, 0).desc(), sa.func.length(Proposal.number), Proposal.number)
        .offset(first)
        .limit(most)
        .options(
            joinedload(Proposal.call).joinedload(Call.programme),
            selectinload(Proposal.team),
            selectinload(Pairing.steps),
        )
    ).all()
    ids = [row[0].id for row in page]
    conflicts = [] if kind is PairingKind.THEME else rows(ids, [target_id], judging=kind is PairingKind.REVIEWER)
    against = told_to(seen_by, conflicts)
    return [_suited(row, against.get(row[0].id, {}).get(target_id, [])) for row in page], total


def _suited(row: Any, against: Sequence[Evidence]) -> Suited:
    proposal, affinity, pairing = row
    score = scored(affinity)
    return Suited(
        proposal,
        proposal.principal.name,
        score.get("score"),
        score.get("parts", {}),
        score.get("why", {}),
        pairing,
        against,
    )


def _target(model: Any, kind: PairingKind) -> Any:
    return model.theme_id if kind is PairingKind.THEME else model.person_id


@dataclass(frozen=True, slots=True)
class Target:
    """A theme, contact or reviewer on the board of a call, and how many of the proposals shown there are how far with
    it."""

    kind: PairingKind
    id: int
    name: str
    under: str
    counts: Mapping[PairingState, int]


def targets_of(call: Call, kind: PairingKind, *, seen_by: Actor) -> list[Target]:
    """The themes, contacts or reviewers of a call by name (themes in their order), with the pairings that ``seen_by``
    handles. ``call`` with themes. Statements: 1 to 3."""
    counts = _counts(call, kind, seen_by)
    if kind is PairingKind.THEME:
        themes: Sequence[Theme] = [each for each in call.themes if each.retired_at is None or each.id in counts]
        return [Target(kind, each.id, each.name, each.name_zh, counts.get(each.id, {})) for each in themes]
    return [
        Target(
            kind,
            each.id,
            each.name,
            each.department.name if each.department else each.organisation,
            counts.get(each.id, {}),
        )
        for each in people_of(call, kind)
    ]


def _counts(call: Call, kind: PairingKind, seen_by: Actor) -> dict[int, dict[PairingState, int]]:
    target = _target(Pairing, kind)
    counted = db.session.execute(
        sa.select(target, Pairing.state, sa.func.count(Pairing.id))
        .join(Pairing.proposal)
        .where(Proposal.call_id == call.id, Proposal.state.in_(ON_BOARD), Pairing.kind == kind, open_to_office(seen_by))
        .group_by(target, Pairing.state)
    )
    found: dict[int, dict[PairingState, int]] = {}
    for target_id, state, count in counted:
        found.setdefault(target_id, {})[state] = count
    return found
