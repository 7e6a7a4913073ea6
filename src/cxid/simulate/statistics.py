"""Differences between two arms: shares, means, uneven arms, and the sizes that trials need.

Shares: Newcombe's hybrid score interval (Newcombe 1998, method 10), from the Wilson interval of each arm. Means:
Welch's t (Welch 1947) on large samples. Uneven arms: chi-square with one degree of freedom. Sizes: normal
approximation, two-sided 5 %, power 80 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cxid.evaluate.intervals import student, wilson, z_value

_POWER = 0.8416212335729143  # the normal quantile of 80 %
_FEW = 30  # below this many in an arm, a mean has no interval: money is too skewed


@dataclass(frozen=True)
class Interval:
    """A difference and its 95 % interval."""

    value: float
    low: float
    high: float


def difference_of_shares(yes: int, of: int, other_yes: int, of_other: int) -> Interval:
    """yes/of - other_yes/of_other. Both arms have somebody."""
    z, first, second = z_value(), yes / of, other_yes / of_other
    low, high = wilson(first, of, z)
    other_low, other_high = wilson(second, of_other, z)
    value = first - second
    return Interval(
        value,
        value - math.hypot(first - low, other_high - second),
        value + math.hypot(high - first, second - other_low),
    )


def difference_of_means(values: Sequence[float], others: Sequence[float]) -> Interval | None:
    """mean(values) - mean(others); None where an arm has fewer than 30."""
    if min(len(values), len(others)) < _FEW:
        return None
    (mean, part), (other_mean, other_part) = _moments(values), _moments(others)
    spread, value = math.sqrt(part + other_part), mean - other_mean
    if spread == 0:
        return Interval(value, value, value)
    freedom = (part + other_part) ** 2 / (part**2 / (len(values) - 1) + other_part**2 / (len(others) - 1))
    reach = student(z_value(), int(freedom)) * spread
    return Interval(value, value - reach, value + reach)


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the variance over the number; the same for every order of the values."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values)


def chance_of_arms(treated: int, control: int, share: float) -> float:
    """How probable arms at least as uneven are, where `share` was meant to be treated."""
    total = treated + control
    if not total or not 0 < share < 1:
        return 1.0
    statistic = (treated - total * share) ** 2 / (total * share * (1 - share))
    return math.erfc(math.sqrt(statistic / 2))


def needed_in_each_arm(base: float, detect: float) -> int:
    """Customers in each arm to find base + detect in four trials of five."""
    other = min(max(base + detect, 0.0), 1.0)
    spread = base * (1 - base) + other * (1 - other)
    return math.ceil((z_value() + _POWER) ** 2 * spread / detect**2)


def found_from(base: float, treated: int, control: int) -> float:
    """The smallest difference of shares that arms of these sizes find in four trials of five."""
    return (z_value() + _POWER) * math.sqrt(base * (1 - base) * (1 / treated + 1 / control))
