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
    """The share over all strata together, each weighing its size."""
    total = sum(s.size for s in strata)
    return _together([(s.size / total, s.share, s.effective) for s in strata], z_value(level))


def _together(parts: Sequence[tuple[float, float, float]], z: float) -> Estimate:
    """The share over strata from (weight, share, draws that it rests on; infinite where it is known).

    The limits are the weighted Wilson limits of the strata, at a smaller z that makes their errors add up as
    independent ones do. A stratum's error is taken at its Wilson midpoint, so that one without a single "no" has some.
    """
    errors = []
    for _, share, n in parts:
        middle = (share * n + z * z / 2) / (n + z * z) if n != float("inf") else share
        errors.append(sqrt(middle * (1 - middle) / (n + z * z)) if n != float("inf") else 0.0)
    weighted = [w * e for (w, _, _), e in zip(parts, errors, strict=True)]
    own = z * sqrt(sum(e * e for e in weighted)) / sum(weighted) if sum(weighted) else 0.0
    limits = [wilson(share, n, own) if own else (share, share) for _, share, n in parts]
    return Estimate(
        sum(w * share for w, share, _ in parts),
        sum(w * low for (w, _, _), (low, _) in zip(parts, limits, strict=True)),
        sum(w * high for (w, _, _), (_, high) in zip(parts, limits, strict=True)),
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

    y / x is a share, in each stratum and over all. The linearised variance of a ratio (Cochran, Sampling Techniques,
    1977, 6.11) says how many draws the share of a stratum rests on; strata are then taken together as `stratified`
    does. A stratum without a fault rests on as many draws as clusters were seen of it, however large they are.
    """
    tops = [size * sum(y for y, _ in seen) / len(seen) for size, seen in strata]
    bottoms = [size * sum(x for _, x in seen) / len(seen) for size, seen in strata]
    share = sum(tops) / sum(bottoms)
    parts = [
        (bottom / sum(bottoms), top / bottom, _draws(size, seen, top / bottom, share, z_value(level)))
        for (size, seen), top, bottom in zip(strata, tops, bottoms, strict=True)
    ]
    return _together(parts, z_value(level))


def _draws(size: int, seen: Sequence[tuple[float, float]], own: float, share: float, z: float) -> float:
    """The single draws that would tell the share of a stratum (`own`; `share` over all strata) as well as clusters.

    A variance that rests on few clusters is itself in doubt, so that they count as fewer draws, by Student's t.
    """
    n = len(seen)
    if n >= size:
        return float("inf")
    if n > 1 and 0 < own < 1:
        rest = [y - share * x for y, x in seen]
        mean, length = sum(rest) / n, sum(x for _, x in seen) / n
        variance = (1 - n / size) * sum((r - mean) ** 2 for r in rest) / (n - 1) / n / (length * length)
        if variance:
            return own * (1 - own) / variance * (z / student(z, n - 1)) ** 2
    return n * (size - 1) / (size - n)


def student(z: float, freedom: int) -> float:
    """The quantile of Student's t for a normal one, by the first terms of its expansion (Fisher and Cornish 1960)."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
