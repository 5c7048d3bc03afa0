"""How scores are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from intake.call.models import Criterion

HUNDREDTH = Decimal("0.01")


def overall(criteria: Sequence[Criterion], values: Mapping[int, int]) -> Decimal:
    """One review's score: the mean of its scores weighted by the criteria's weights, to two decimals, half up.

    ``values`` maps each criterion's id to its score. On criteria with the same scale the answer is on that scale.
    Raises KeyError for a criterion without a score.
    """
    weights = sum(each.weight for each in criteria)
    total = sum(each.weight * values[each.id] for each in criteria)
    return (Decimal(total) / Decimal(weights)).quantize(HUNDREDTH, ROUND_HALF_UP)


def mean(scores: Sequence[Decimal]) -> Decimal | None:
    """The plain mean of several reviews' scores, to two decimals, half up, or None without any."""
    return mean_of(sum(scores, Decimal(0)), len(scores))


def mean_of(total: Decimal, count: int) -> Decimal | None:
    """The same of the sum of so many scores."""
    return (total / count).quantize(HUNDREDTH, ROUND_HALF_UP) if count else None


def spread(scores: Sequence[Decimal]) -> Decimal | None:
    """How far the highest and the lowest score lie apart, or None without any."""
    return max(scores) - min(scores) if scores else None
