"""How good an assignment is, in numbers and by names: of exactly the pairs that the reader may see.

Percentile and Gini are those of ``solver.measures``, written anew without numpy: every page of a batch loads this
module, and the engine's libraries are slow to load. A test holds the two equal.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intake.review.solution import Planned
from intake.vocabulary import Words, say

TENTH = 0.10
SMALLEST_STEP = 0.01
NEAR = 1e-9
HALF = 0.5
"""Without a threshold of the coordinator's, a proposal is pointed out below this share of the mean."""


@dataclass(frozen=True, slots=True)
class Under:
    """A proposal below the threshold, or short, with the reason in words."""

    proposal_id: int
    score: float
    why: Words


@dataclass(frozen=True, slots=True)
class Health:
    """The numbers of one assignment. A proposal's score is the sum of its pairs' scores.

    Of the ``asking`` proposals, which need a review, ``floor`` is the smallest, ``p10`` the 10th percentile (between
    two values in proportion), ``mean`` the mean and ``gini`` how unequal they are, from 0 (all the same) to 1; None
    without proposals. ``loads`` are of the reviewers who have or may have some; of those ``idle`` ones have nothing,
    ``full`` ones as many as they may.
    """

    total: float
    floor: float | None
    p10: float | None
    mean: float | None
    gini: float | None
    needed: int
    filled: int
    asking: int
    threshold: float | None
    scores: Mapping[int, float]
    loads: Mapping[int, int]
    idle: Sequence[int]
    full: Sequence[int]

    @property
    def coverage(self) -> float:
        """The share of the needed reviews that have somebody."""
        return self.filled / self.needed if self.needed else 1.0


def health(
    pairs: Iterable[Planned], needs: Mapping[int, int], most: Mapping[int, int], threshold: float | None = None
) -> Health:
    """The health of the pairs; ``needs`` of every proposal, and ``most`` reviews of each reviewer within this batch."""
    rows = list(pairs)
    sums = dict.fromkeys(needs, 0.0)
    for each in rows:
        sums[each.pair[0]] = sums.get(each.pair[0], 0.0) + each.score
    asking = sorted(sums[key] for key, need in needs.items() if need)
    loads = Counter(each.pair[1] for each in rows)
    mean = math.fsum(asking) / len(asking) if asking else None
    return Health(
        total=math.fsum(each.score for each in rows),
        floor=asking[0] if asking else None,
        p10=percentile(asking, TENTH),
        mean=mean,
        gini=gini(asking),
        needed=sum(needs.values()),
        filled=len(rows),
        asking=len(asking),
        threshold=threshold if threshold is not None else None if mean is None else mean * HALF,
        scores=sums,
        loads={key: loads[key] for key, room in most.items() if room or loads[key]},
        idle=[key for key, room in most.items() if room and not loads[key]],
        full=[key for key, room in most.items() if room and loads[key] >= room],
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which ``share`` of the ascending values lie, between two in proportion; None without any."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def gini(ordered: Sequence[float]) -> float | None:
    """How unequal the ascending values are: sum((2i - n - 1) x_i) / (n sum(x_i)), i from 1; None where the sum is not
    above 0. The mean difference of all pairs over twice the mean (C. Gini, 1912)."""
    n, whole = len(ordered), math.fsum(ordered)
    if whole <= 0:
        return None
    return max(0.0, math.fsum((2 * i - n - 1) * x for i, x in enumerate(ordered, 1)) / (n * whole))


def under(
    found: Health, needs: Mapping[int, int], open_scores: Mapping[int, Sequence[float]], pairs: Iterable[Planned]
) -> list[Under]:
    """The proposals that are short or below the threshold, the worst first. ``open_scores`` are the scores of each
    proposal's pairs that may be, the best first."""
    has = Counter(each.pair[0] for each in pairs)
    rows = []
    for key, need in needs.items():
        missing, score = need - has[key], found.scores.get(key, 0.0)
        low = found.threshold is not None and score < found.threshold
        if need and (missing > 0 or low):
            rows.append(Under(key, score, _why(missing, need, score, open_scores.get(key, ()), found.threshold)))
    return sorted(rows, key=lambda row: (row.score, row.proposal_id))


def _why(missing: int, need: int, score: float, best: Sequence[float], threshold: float | None) -> Words:
    if missing > 0:
        if len(best) < need:
            return say("Only %(open)s reviewers may be assigned, and it needs %(need)s.", open=len(best), need=need)
        return say("%(missing)s of %(need)s reviews have nobody: the reviewers are full.", missing=missing, need=need)
    most = math.fsum(best[:need])
    if threshold is not None and most < threshold:
        return say("No better: its best reviewers would give %(most)s points together.", most=f"{most * 100:.0f}")
    return say("Its best reviewers (%(most)s points together) are needed elsewhere.", most=f"{most * 100:.0f}")


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram: from, to, and how many."""

    low: float
    high: float
    count: int


def histogram(values: Sequence[float], bars: int = 8) -> list[Bin]:
    """The values in at most ``bars`` bars, or one more, from 0 or below the smallest value to the largest; each is as
    wide as 1, 2 or 5 times a power of ten, and a value between two stands in the upper."""
    if not values:
        return []
    low, high = min(0.0, *values), max(values)
    width = _step((high - low) / bars)
    first = math.floor(low / width + NEAR)
    places = [math.floor(each / width + NEAR) - first for each in values]
    last = max(1, math.ceil(high / width - NEAR) - first)
    counts = Counter(min(each, last - 1) for each in places)
    return [Bin((first + each) * width, (first + each + 1) * width, counts[each]) for each in range(last)]


def _step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least so much; of next to nothing, a hundredth."""
    if least < SMALLEST_STEP:
        return SMALLEST_STEP
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= least * (1 - NEAR))


def load_counts(loads: Mapping[int, int]) -> list[tuple[int, int]]:
    """How many reviewers have how many reviews, from none on."""
    counts = Counter(loads.values())
    return [(load, counts[load]) for load in range(max(counts, default=0) + 1)] if counts else []
