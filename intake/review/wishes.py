"""What a coordinator wishes of a batch of assignments, as plain data: each change makes a new version, and one undo
brings the version before back. Knows neither the database nor the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from intake.vocabulary import Objective

Pair = tuple[int, int]
"""Ids of a proposal and of a reviewer."""
USUAL_STABILITY = 0.2
"""Percent of the best total that may be given up so that fewer pairs change."""
MOST_STABILITY = 5.0
VERSIONS = 50
"""So many earlier versions are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the engine is asked for, and how the reviewers are then asked.

    ``need`` reviews a proposal, unless ``needs`` says otherwise; ``loads`` are largest loads in this call that differ
    from the usual. ``forced`` pairs must be there, each with the reason why in spite of a warning (or nothing);
    ``forbidden`` ones must not; ``locked`` ones stay; ``held`` stood before, and stay where that costs less than
    ``stability`` percent of the best total. ``leads`` names who leads a proposal where not the best score decides.
    ``reply_by`` None: they have agreed already. ``threshold`` is the score below which a proposal is pointed out.
    """

    proposals: tuple[int, ...]
    reviewers: tuple[int, ...]
    due_at: datetime
    need: int
    reply_by: datetime | None = None
    objective: Objective = Objective.FAIR
    floor: float | None = None
    stability: float = USUAL_STABILITY
    needs: Mapping[int, int] = field(default_factory=dict)
    loads: Mapping[int, int] = field(default_factory=dict)
    forced: Mapping[Pair, str] = field(default_factory=dict)
    forbidden: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()
    held: frozenset[Pair] = frozenset()
    leads: Mapping[int, int] = field(default_factory=dict)
    threshold: float | None = None

    def need_of(self, proposal_id: int) -> int:
        """How many reviews the proposal is to have."""
        return self.needs.get(proposal_id, self.need)


@dataclass(frozen=True, slots=True)
class Said:
    """One change of the wishes, for the list of changes: the act, and what it was about."""

    act: str
    proposal_id: int | None = None
    reviewer_id: int | None = None
    number: float | None = None


def force(wishes: Wishes, pair: Pair, reason: str = "") -> Wishes:
    """The pair must be there."""
    return replace(
        wishes,
        forced={**wishes.forced, pair: reason},
        forbidden=wishes.forbidden - {pair},
        needs=_room_for(wishes, pair),
        reviewers=tuple(sorted({*wishes.reviewers, pair[1]})),
    )


def _room_for(wishes: Wishes, pair: Pair) -> Mapping[int, int]:
    """A proposal for which more is forced and locked than it needs gets a larger need."""
    asked = {each for each in (*wishes.forced, *wishes.locked, pair) if each[0] == pair[0]}
    if len(asked) <= wishes.need_of(pair[0]):
        return wishes.needs
    return {**wishes.needs, pair[0]: len(asked)}


def forbid(wishes: Wishes, pair: Pair) -> Wishes:
    """The pair must not be there."""
    free = release(wishes, pair)
    leads = {key: who for key, who in free.leads.items() if (key, who) != pair}
    return replace(free, forbidden=free.forbidden | {pair}, leads=leads)


def lock(wishes: Wishes, pair: Pair) -> Wishes:
    """The pair, which is there, stays."""
    return replace(wishes, locked=wishes.locked | {pair})


def release(wishes: Wishes, pair: Pair) -> Wishes:
    """Nothing is wished of the pair any more."""
    forced = {each: why for each, why in wishes.forced.items() if each != pair}
    return replace(wishes, forced=forced, forbidden=wishes.forbidden - {pair}, locked=wishes.locked - {pair})


def swap(wishes: Wishes, one: Pair, other: Pair) -> Wishes:
    """The reviewers of two pairs change places."""
    crossed = ((one[0], other[1]), (other[0], one[1]))
    free = release(release(wishes, one), other)
    forced = {**free.forced, crossed[0]: "", crossed[1]: ""}
    forbidden = (free.forbidden | {one, other}) - set(crossed)
    return replace(free, forced=forced, forbidden=forbidden)


def load(wishes: Wishes, reviewer_id: int, most: int) -> Wishes:
    """The reviewer has at most so many reviews in this call."""
    return replace(wishes, loads={**wishes.loads, reviewer_id: most})


def need(wishes: Wishes, proposal_id: int, reviews: int) -> Wishes:
    """The proposal is to have so many reviews."""
    return replace(wishes, needs={**wishes.needs, proposal_id: reviews})


def lead(wishes: Wishes, pair: Pair) -> Wishes:
    """The reviewer leads the proposal."""
    return replace(wishes, leads={**wishes.leads, pair[0]: pair[1]})


def as_kept(wishes: Wishes) -> dict[str, Any]:
    """The wishes as JSON."""
    return {
        "proposals": list(wishes.proposals),
        "reviewers": list(wishes.reviewers),
        "due_at": wishes.due_at.isoformat(),
        "reply_by": wishes.reply_by.isoformat() if wishes.reply_by else None,
        "need": wishes.need,
        "objective": wishes.objective.value,
        "floor": wishes.floor,
        "stability": wishes.stability,
        "threshold": wishes.threshold,
        "needs": [[key, value] for key, value in sorted(wishes.needs.items())],
        "loads": [[key, value] for key, value in sorted(wishes.loads.items())],
        "leads": [[key, value] for key, value in sorted(wishes.leads.items())],
        "forced": [[*pair, why] for pair, why in sorted(wishes.forced.items())],
        "forbidden": [list(each) for each in sorted(wishes.forbidden)],
        "locked": [list(each) for each in sorted(wishes.locked)],
        "held": [list(each) for each in sorted(wishes.held)],
    }


def from_kept(kept: Mapping[str, Any]) -> Wishes:
    """The wishes out of JSON."""

    def pairs(name: str) -> frozenset[Pair]:
        return frozenset((row[0], row[1]) for row in kept[name])

    return Wishes(
        proposals=tuple(kept["proposals"]),
        reviewers=tuple(kept["reviewers"]),
        due_at=datetime.fromisoformat(kept["due_at"]),
        reply_by=datetime.fromisoformat(kept["reply_by"]) if kept["reply_by"] else None,
        need=kept["need"],
        objective=Objective(kept["objective"]),
        floor=kept["floor"],
        stability=kept["stability"],
        threshold=kept["threshold"],
        needs=dict(kept["needs"]),
        loads=dict(kept["loads"]),
        leads=dict(kept["leads"]),
        forced={(row[0], row[1]): row[2] for row in kept["forced"]},
        forbidden=pairs("forbidden"),
        locked=pairs("locked"),
        held=pairs("held"),
    )
