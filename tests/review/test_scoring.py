"""How scores are read: weights, rounding, and what nothing means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intake.call.models import Criterion
from intake.call.rubric import standard
from intake.review.scoring import mean, overall, spread

pytestmark = pytest.mark.once


def criteria(*weights: int) -> list[Criterion]:
    return [Criterion(id=number, weight=weight, least=1, most=5) for number, weight in enumerate(weights, 1)]


def test_the_overall_score_is_weighted() -> None:
    assert overall(criteria(60, 40), {1: 5, 2: 2}) == Decimal("3.80")
    assert overall(criteria(40, 60), {1: 5, 2: 2}) == Decimal("3.20")


def test_equal_scores_give_that_score_whatever_the_weights() -> None:
    standing = [Criterion(id=at, **each) for at, each in enumerate(standard())]
    for value in range(1, 6):
        assert overall(standing, {each.id: value for each in standing}) == value


def test_halves_are_rounded_up_to_two_decimals() -> None:
    assert overall(criteria(1, 7), {1: 2, 2: 1}) == Decimal("1.13")  # 9 / 8 = 1.125
    assert overall(criteria(2, 1), {1: 1, 2: 2}) == Decimal("1.33")


def test_weights_that_miss_100_still_give_a_value_on_the_scale() -> None:
    assert overall(criteria(1, 1, 1), {1: 1, 2: 3, 3: 5}) == 3


def test_a_criterion_without_a_score_has_no_overall() -> None:
    with pytest.raises(KeyError):
        overall(criteria(50, 50), {1: 4})


def test_mean_and_spread_of_several_and_of_none() -> None:
    scores = [Decimal("4.00"), Decimal("2.50"), Decimal("2.51")]
    assert mean(scores) == Decimal("3.00")
    assert spread(scores) == Decimal("1.50")
    assert spread([Decimal(3)]) == 0
    assert mean([]) is None
    assert spread([]) is None
