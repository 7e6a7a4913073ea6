"""Confidence intervals of shares: one sample, a stratified sample, and a share of two totals.

Sources: Wilson, Probable inference, 1927 (one sample); Yan and Su, Stratified Wilson and Newcombe confidence
intervals for multiple binomial proportions, 2010 (strata); Donner and Zou, Closed-form confidence intervals for
functions of the normal mean and standard deviation, 2012 (ratio of two estimates, from their own intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that holds the true one in 95 of 100 samples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Stratum:
    """What was reviewed of a stratum: `yes` of `seen`, out of `size` that there are."""

    size: int
    seen: int
    yes: int

    @property
    def share(self) -> float:
        return self.yes / self.seen

    @property
    def effective(self) -> float:
        """`seen` with the finite population correction: a stratum that was seen as a whole is known."""
        if self.seen >= self.size:
            return float("inf")
        return self.seen * (self.size - 1) / (self.size - self.seen)


def z_value(level: float = LEVEL) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """The Wilson interval of a share seen in `n` draws; the share itself where n is infinite."""
    if n == float("inf"):
        return share, share
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return (0.0 if share == 0 else max(0.0, middle - half)), (1.0 if share == 1 else min(1.0, middle + half))


def stratified(strata: Sequence[Stratum], level: float = LEVEL) -> Estimate:
    """The share over all strata together, each weighing its size.

    The limits are the weighted Wilson limits of the strata, at a smaller z that makes their errors add up as
    independent ones do. A stratum's error is taken at its Wilson midpoint, so that one without a single "no" has some.
    """
    total = sum(s.size for s in strata)
    z = z_value(level)
    weights = [s.size / total for s in strata]
    errors = []
    for s in strata:
        n = s.effective
        middle = (s.share * n + z * z / 2) / (n + z * z) if n != float("inf") else s.share
        errors.append(sqrt(middle * (1 - middle) / (n + z * z)) if n != float("inf") else 0.0)
    spread = sum(w * e for w, e in zip(weights, errors, strict=True))
    together = sqrt(sum((w * e) ** 2 for w, e in zip(weights, errors, strict=True)))
    own = z * together / spread if spread else 0.0
    limits = [wilson(s.share, s.effective, own) if own else (s.share, s.share) for s in strata]
    value = sum(w * s.share for w, s in zip(weights, strata, strict=True))
    return Estimate(
        value,
        sum(w * low for w, (low, _) in zip(weights, limits, strict=True)),
        sum(w * high for w, (_, high) in zip(weights, limits, strict=True)),
    )


def part_of_both(part: Estimate, other: Estimate) -> Estimate:
    """part / (part + other), for two independent estimates of totals, from their own intervals."""
    total = part.value + other.value
    if not total:
        return Estimate(0.0, 0.0, 1.0)
    low, high = _ratio(other, part)
    return Estimate(part.value / total, 1 / (1 + high) if high != float("inf") else 0.0, 1 / (1 + low))


def _ratio(top: Estimate, bottom: Estimate) -> tuple[float, float]:
    """Limits of top / bottom (the method of variance estimates recovery)."""
    cross = top.value * bottom.value

    def limit(t: float, b: float, sign: float) -> float:
        inside = cross * cross - t * b * (2 * top.value - t) * (2 * bottom.value - b)
        below = b * (2 * bottom.value - b)
        return (cross + sign * sqrt(max(inside, 0.0))) / below if below > 0 else float("inf")

    return max(0.0, limit(top.low, bottom.high, -1.0)), limit(top.high, bottom.low, 1.0)


def ratio_of_means(strata: Sequence[tuple[int, Sequence[tuple[float, float]]]], level: float = LEVEL) -> Estimate:
    """sum(y) / sum(x) over a population of clusters, from (clusters in the stratum, [(y, x) of those seen]).

    The linearised variance of a ratio over strata (Cochran, Sampling Techniques, 1977, 6.11) gives an effective
    number of draws, which goes into Wilson's interval, as y / x is a share; a sample without a single fault counts
    as many draws as clusters were seen.
    """
    top = sum(size * sum(y for y, _ in seen) / len(seen) for size, seen in strata)
    bottom = sum(size * sum(x for _, x in seen) / len(seen) for size, seen in strata)
    share = top / bottom
    variance = 0.0
    for size, seen in strata:
        n = len(seen)
        if n < 2 or n >= size:
            continue
        rest = [y - share * x for y, x in seen]
        mean = sum(rest) / n
        variance += size * size * (1 - n / size) * sum((r - mean) ** 2 for r in rest) / (n - 1) / n
    clusters = float(sum(len(seen) for _, seen in strata))
    if all(len(seen) >= size for size, seen in strata):
        return Estimate(share, share, share)
    spread = variance / (bottom * bottom)
    draws = share * (1 - share) / spread if spread and 0 < share < 1 else clusters
    low, high = wilson(share, draws, z_value(level))
    return Estimate(share, low, high)
