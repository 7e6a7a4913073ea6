"""Gamma-Gamma: how much people spend when they buy.

What a customer spends varies around a mean of his own (gamma: p, and a rate of his own, gamma: q, v), which has nothing
to do with how often he buys. Fader, Hardie (2013), "The gamma-gamma model of monetary value". A customer is (x, total):
repeat purchases and the money of all of them together, both above 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from cxid.stages.profile.value.search import Floats, Found, Places, best


@dataclass(frozen=True)
class Spendings:
    """Repeat buyers in cells: `weight` of them made x repeat purchases for `total` money."""

    x: Floats
    total: Floats
    weight: Floats

    @property
    def buyers(self) -> float:
        return float(np.sum(self.weight))


@dataclass(frozen=True)
class Spend:
    """The three parameters; v is in the currency's own unit."""

    p: float
    q: float
    v: float

    def mean(self, x: Floats, total: Floats) -> Floats:
        """Expected spending a purchase of customers with x repeat purchases for `total`; of all where x is 0."""
        return np.asarray(self.p * (self.v + total) / (self.p * x + self.q - 1))


def fit(spendings: Spendings) -> Found | None:
    """p, q and v of the repeat buyers; None when no peak of the likelihood is found.

    The search counts money in the buyers' mean spending, so that it goes the same way in yen as in dollars.
    """
    unit = float(np.sum(spendings.weight * spendings.total / spendings.x)) / spendings.buyers
    scaled = Spendings(spendings.x, spendings.total / unit, spendings.weight)
    kinds, place = np.unique(scaled.x, return_inverse=True)
    starts = [(2.0, 3.0, 1.0), (6.0, 4.0, 0.5), (1.0, 10.0, 8.0)]
    found = best(lambda p: _likelihood(p, scaled, kinds, place), starts, scaled.buyers)
    if found is None:
        return None

    def back(values: tuple[float, ...]) -> tuple[float, ...]:
        return (values[0], values[1], values[2] * unit)

    spend = Spend(*back(found.values))
    return Found(back(found.values), back(found.low), back(found.high), round(log_likelihood(spend, spendings), 6))


def log_likelihood(spend: Spend, spendings: Spendings) -> float:
    """Sum over the buyers of the logarithm of the density of their mean spending, equation (1a) of the note."""
    kinds, place = np.unique(spendings.x, return_inverse=True)
    return _likelihood(np.array([spend.p, spend.q, spend.v]), spendings, kinds, place)[0]


def _likelihood(parameters: Floats, spendings: Spendings, kinds: Floats, place: Places) -> tuple[float, Floats]:
    """With its slope by p, q, v. What depends on x alone is computed once for each x that occurs."""
    p, q, v = (float(value) for value in parameters)
    x, total, weight = spendings.x, spendings.total, spendings.weight
    grown, money = np.log(v + total), np.log(total)
    by_x = gammaln(p * kinds + q) - gammaln(p * kinds) - gammaln(q) + q * np.log(v) + np.log(kinds)
    found = by_x[place] + (p * x - 1) * money - (p * x + q) * grown
    slope = np.array(
        [
            np.sum(weight * x * ((psi(p * kinds + q) - psi(p * kinds))[place] + money - grown)),
            np.sum(weight * ((psi(p * kinds + q) - psi(q))[place] + np.log(v) - grown)),
            np.sum(weight * (q / v - (p * x + q) / (v + total))),
        ]
    )
    return float(np.sum(weight * found)), slope
