"""A batch as one reader may see it: its numbers, and its proposals with their reviewers, page by page.

Somebody who sees other proposals of the call than whoever made the batch gets the pairs of those that both see, and
nothing that speaks of the whole: no loads, no choices, no best possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.call.models import Call
from intake.people.queries import names
from intake.policy import Actor
from intake.review import batches, solving, wished
from intake.review.batches import Named
from intake.review.engine import is_small, mark_of, score_of
from intake.review.explaining import Reason, Standing, loads_of, reason, room_of, standings
from intake.review.gathering import Facts, demand_open
from intake.review.health import Health, Under, health, under
from intake.review.models import Batch, PlannedPair
from intake.review.planning import same_eyes
from intake.review.solution import Planned
from intake.review.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal of the batch with its pairs, each with its reason (None for a reader with other eyes)."""

    proposal: Named
    pairs: Sequence[tuple[PlannedPair, Reason | None]]
    score: float
    need: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole for one page. ``own_eyes`` is whether the reader sees all that the batch was made from; ``facts`` is
    None before the first solving, and for other eyes."""

    own_eyes: bool
    wishes: Wishes
    facts: Facts | None
    proposals: Mapping[int, Named]
    rows: Mapping[int, Sequence[PlannedPair]]
    names: Mapping[int, str]
    health: Health
    under: Sequence[Under]
    loads: Counter[int]

    @property
    def planned(self) -> list[Planned]:
        """The pairs that are shown, as the engine gave them."""
        return [_planned(row) for lot in self.rows.values() for row in lot]

    def lines(self, first: int, most: int) -> list[Line]:
        """So many proposals with their pairs, from the place ``first`` on."""
        return [self.line(key) for key in list(self.proposals)[first : first + most]]

    def line(self, proposal_id: int) -> Line:
        """One proposal with its pairs."""
        pairs = self.rows.get(proposal_id, ())
        stand = self.standings(proposal_id)
        told = [(row, reason(stand, row.reviewer_id) if stand else None) for row in pairs]
        need = self.wishes.need_of(proposal_id)
        return Line(self.proposals[proposal_id], told, sum(row.score for row in pairs), need)

    def standings(self, proposal_id: int) -> list[Standing]:
        """Every reviewer beside the proposal; nothing for other eyes."""
        if self.facts is None:
            return []
        own = [_planned(row) for row in self.rows.get(proposal_id, ())]
        return standings(self.facts, self.wishes, proposal_id, own, self.loads)


def _planned(row: PlannedPair) -> Planned:
    return Planned((row.proposal_id, row.reviewer_id), row.score, row.came_by)


def picture(batch: Batch, call: Call, *, seen_by: Actor) -> Picture:
    """The batch as the reader may see it. Statements: 4, whatever there is. Raises Refused while the call is sealed, as
    what the batch keeps tells of what was submitted."""
    demand_open(call, seen_by)
    own, wishes = same_eyes(batch, call, seen_by), wished.now(batch)
    facts = solving.facts_of(batch) if own else None
    rows: dict[int, list[PlannedPair]] = {}
    for row in batches.pairs_of(batch, call, seen_by):
        rows.setdefault(row.proposal_id, []).append(row)
    proposals = batches.named(call, _known(wishes, facts, rows), seen_by)
    people = {*(map(int, facts["reviewers"]) if facts else ()), *(r.reviewer_id for lot in rows.values() for r in lot)}
    planned = [_planned(row) for lot in rows.values() for row in lot]
    needs = {key: max(wishes.need_of(key), len(rows.get(key, ()))) for key in proposals}
    found = health(planned, needs, room_of(facts, wishes) if facts else {}, wishes.threshold)
    return Picture(
        own, wishes, facts, proposals, rows, names(people), found,
        under(found, needs, _open(facts), planned) if facts else [],
        loads_of(facts, planned) if facts else Counter(),
    )  # fmt: skip


def _known(wishes: Wishes, facts: Facts | None, rows: Mapping[int, object]) -> list[int]:
    """The proposals that the batch speaks of: those that the engine was given, or that have pairs."""
    return sorted({*(map(int, facts["proposals"]) if facts else ()), *rows}) or list(wishes.proposals)


def _open(facts: Facts | None) -> dict[int, list[float]]:
    """The scores of each proposal's pairs that may be, the best first."""
    found: dict[int, list[float]] = {}
    if facts is None:
        return found
    for p in facts["proposals"]:
        keys = facts["reviewers"] if is_small(facts) else facts["scores"].get(p, ())
        pairs = [(int(p), int(r)) for r in keys]
        scores = [score_of(facts, pair) for pair in pairs if mark_of(facts, pair) is None]
        found[int(p)] = sorted(scores, reverse=True)
    return found
