"""Differences of two arms, checked with published examples and by what they must be."""

from __future__ import annotations

import random

import pytest
from scipy.stats import ttest_ind

from cxid.simulate.statistics import (
    chance_of_arms,
    difference_of_means,
    difference_of_shares,
    found_from,
    needed_in_each_arm,
)


# Newcombe (1998), Statistics in Medicine 17, table II: method 10
@pytest.mark.parametrize(
    ("yes", "of", "other", "of_other", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_of_shares_is_newcombe_s(
    yes: int, of: int, other: int, of_other: int, low: float, high: float
) -> None:
    found = difference_of_shares(yes, of, other, of_other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_difference_of_means_is_welch_s_and_the_same_for_any_order() -> None:
    rng = random.Random(1)
    one, other = [rng.gauss(5, 2) for _ in range(60)], [rng.gauss(4, 5) for _ in range(45)]
    found = difference_of_means(one, other)
    assert found is not None
    span = ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert abs(found.low - span.low) + abs(found.high - span.high) < 0.01
    assert difference_of_means(one[::-1], other[::-1]) == found
    assert difference_of_means(one[:29], other) is None
    flat = difference_of_means([1.0] * 30, [1.0] * 30)
    assert flat is not None
    assert (flat.low, flat.high) == (0, 0)


def test_arms_by_chance_are_likely_and_uneven_ones_are_not() -> None:
    assert chance_of_arms(500, 500, 0.5) == 1
    assert chance_of_arms(510, 490, 0.5) > 0.5
    assert chance_of_arms(600, 400, 0.5) < 1e-9
    assert chance_of_arms(900, 100, 0.9) == 1
    assert chance_of_arms(0, 0, 0.5) == 1


def test_sizes_and_what_they_find_agree() -> None:
    assert needed_in_each_arm(0.5, 0.1) == 385
    assert needed_in_each_arm(0.1, 0.02) == 3839
    assert abs(found_from(0.1, 3839, 3839) - 0.02) < 0.002
