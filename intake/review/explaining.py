"""Why a pair is there: its rank, the next best, and what binds; and how each reviewer stands to one proposal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intake.review.engine import is_small, mark_of, score_of
from intake.review.gathering import Facts
from intake.review.solution import Planned
from intake.review.wishes import Pair, Wishes

FULL, FORBIDDEN, TAKEN, LESS, KEPT, ELSEWHERE = "full", "forbidden", "taken", "less", "kept", "elsewhere"
"""What keeps a reviewer away who may be assigned: their largest load; a wish; that every place is settled by who
reviews it already, is forced or locked; that they score no more than who is there; that a pair of the version before is
kept; or, though they score more and have room, that all proposals together come out better so."""
SETTLED = frozenset({"standing", "forced", "locked"})
"""What the engine did not choose."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one reviewer stands to one proposal. ``rank`` counts from 1 among those who may be assigned, None for others.

    ``mark`` is a bar (block, warn, said_no), ``there`` says that the pair is in the batch, and ``binds`` what keeps an
    allowed reviewer away (see ``FULL``). ``load`` of ``most`` reviews in the call.
    """

    reviewer_id: int
    score: float
    rank: int | None
    mark: str | None
    there: Planned | None
    binds: str | None
    load: int
    most: int


def most_of(facts: Facts, wishes: Wishes, reviewer_id: int) -> int:
    """How many reviews the reviewer may have in the whole call."""
    return wishes.loads.get(reviewer_id, int(facts["reviewers"][str(reviewer_id)][0]))


def room_of(facts: Facts, wishes: Wishes) -> dict[int, int]:
    """How many reviews each reviewer may have within the batch."""
    return {
        int(key): max(most_of(facts, wishes, int(key)) - row[2], 0) for key, row in sorted(facts["reviewers"].items())
    }


def loads_of(facts: Facts, pairs: Sequence[Planned]) -> Counter[int]:
    """How many reviews each reviewer has in the call: here and elsewhere."""
    counts = Counter({int(key): row[2] for key, row in facts["reviewers"].items()})
    counts.update(each.pair[1] for each in pairs)
    return counts


def standings(
    facts: Facts, wishes: Wishes, proposal_id: int, pairs: Sequence[Planned], loads: Counter[int]
) -> list[Standing]:
    """Every reviewer of the batch beside the proposal: who may be assigned by score, then who may not. ``pairs`` are
    the proposal's own."""
    there = {each.pair[1]: each for each in pairs}
    rows = [(int(key), score_of(facts, (proposal_id, int(key)))) for key in facts["reviewers"]]
    known = facts["scores"].get(str(proposal_id), {})
    if not is_small(facts):
        rows = [(key, score) for key, score in rows if str(key) in known or key in there]
    rows.sort(key=lambda row: (-row[1], row[0]))
    ranks: dict[int, int] = {}
    for key, _ in rows:
        if mark_of(facts, (proposal_id, key)) is None or key in there:
            ranks[key] = len(ranks) + 1
    found = []
    for key, score in rows:
        pair, most = (proposal_id, key), most_of(facts, wishes, key)
        mark = mark_of(facts, pair)
        binds = None if key in there or mark else _binds(wishes, pair, score, loads[key] >= most, pairs)
        found.append(Standing(key, score, ranks.get(key), mark, there.get(key), binds, loads[key], most))
    return sorted(found, key=lambda row: (row.rank is None, row.rank or 0))


def _binds(wishes: Wishes, pair: Pair, score: float, full: bool, there: Sequence[Planned]) -> str:
    """What keeps the pair with that score away from the proposal, whose own pairs are ``there``."""
    if pair in wishes.forbidden:
        return FORBIDDEN
    if full:
        return FULL
    if len(there) < wishes.need_of(pair[0]):
        return ELSEWHERE
    chosen = [each for each in there if each.came_by not in SETTLED]
    if not chosen:
        return TAKEN
    lower = [each for each in chosen if each.score < score]
    if not lower:
        return LESS
    return KEPT if any(each.came_by == "held" for each in lower) else ELSEWHERE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one pair is there: its rank of so many, and the next best who is not there, with what keeps them away."""

    rank: int | None
    of: int
    next_best: Standing | None


def reason(rows: Sequence[Standing], reviewer_id: int) -> Reason:
    """The reason of a pair, out of the proposal's standings."""
    allowed = [row for row in rows if row.rank is not None]
    mine = next((row for row in allowed if row.reviewer_id == reviewer_id), None)
    away = next((row for row in allowed if row.there is None), None)
    return Reason(mine.rank if mine else None, len(allowed), away)
