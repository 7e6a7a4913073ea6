"""BG/NBD: how often people buy, and when they stop.

While a customer is alive purchases come at random at a rate of his own (gamma: r, alpha, in weeks); after each purchase
he drops out with a probability of his own (beta: a, b). Fader, Hardie, Lee (2005), "Counting your customers the easy
way", Marketing Science 24 (2). A customer is (x, t, T): purchases after the first, weeks from the first to the last,
weeks from the first to now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, psi

from cxid.stages.profile.value.search import Floats, Found, Places, best

_ROUGHLY = 20_000


@dataclass(frozen=True)
class Counts:
    """Buyers in cells: `weight` of them have x repeat purchases, the last at t, and T weeks of history."""

    x: Floats
    t: Floats
    T: Floats
    weight: Floats

    @property
    def buyers(self) -> float:
        return float(np.sum(self.weight))


@dataclass(frozen=True)
class Rates:
    """The four parameters."""

    r: float
    alpha: float
    a: float
    b: float


def fit(counts: Counts) -> Found | None:
    """r, alpha, a and b of the buyers; None when no peak of the likelihood is found."""
    kinds, place = np.unique(counts.x, return_inverse=True)
    usual = max(float(np.sum(counts.weight * counts.T)) / counts.buyers, 1e-3)
    if len(counts.x) > _ROUGHLY:  # a part of the cells shows where to start
        step = -(-len(counts.x) // _ROUGHLY)
        if (
            rough := fit(Counts(*(column[::step] for column in (counts.x, counts.t, counts.T, counts.weight))))
        ) is None:
            return None
        return best(lambda p: _likelihood(p, counts, kinds, place), [rough.values], counts.buyers)
    starts = [(0.5, usual / 2, 0.5, 2.0), (1.0, usual, 1.0, 5.0), (0.2, usual / 5, 0.1, 0.5)]
    return best(lambda p: _likelihood(p, counts, kinds, place), starts, counts.buyers)


def log_likelihood(rates: Rates, counts: Counts) -> float:
    """Sum over the buyers of the logarithm of equation (6) of the paper."""
    kinds, place = np.unique(counts.x, return_inverse=True)
    return _likelihood(np.array([rates.r, rates.alpha, rates.a, rates.b]), counts, kinds, place)[0]


def _likelihood(p: Floats, counts: Counts, kinds: Floats, place: Places) -> tuple[float, Floats]:
    """With its slope by r, alpha, a, b. What depends on x alone is computed once for each x that occurs."""
    r, alpha, a, b = (float(v) for v in p)
    x, weight = counts.x, counts.weight
    to_now, to_last = np.log(alpha + counts.T), np.log(alpha + counts.t)
    alive = -(r + x) * to_now
    tries = np.maximum(b + kinds - 1, 1e-300)
    gone = np.where(x > 0, np.log(a) - np.log(tries)[place] - (r + x) * to_last, -np.inf)
    either = np.logaddexp(alive, gone)
    by_x = gammaln(r + kinds) - gammaln(r) + r * np.log(alpha) + betaln(a, b + kinds) - betaln(a, b)
    # betaln has b + x where the paper's A2 has a + b + x too: the same, written as a ratio of beta functions
    here = np.exp(alive - either)
    left = 1 - here
    slope = np.array(
        [
            np.sum(weight * ((psi(r + kinds) - psi(r) + np.log(alpha))[place] - here * to_now - left * to_last)),
            np.sum(weight * (r / alpha - (r + x) * (here / (alpha + counts.T) + left / (alpha + counts.t)))),
            np.sum(weight * ((psi(a + b) - psi(a + b + kinds))[place] + left / a)),
            np.sum(weight * ((psi(a + b) + psi(b + kinds) - psi(b) - psi(a + b + kinds))[place] - left / tries[place])),
        ]
    )
    return float(np.sum(weight * (by_x[place] + either))), slope


def p_alive(rates: Rates, x: Floats, t: Floats, T: Floats) -> Floats:
    """The probability that a customer has not dropped out by now; 1 where x is 0, for nobody drops out before."""
    r, alpha, a, b = rates.r, rates.alpha, rates.a, rates.b
    odds = np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)) + (r + x) * (np.log(alpha + T) - np.log(alpha + t))
    return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)


def at_least(rates: Rates, x: float, T: Floats, weeks: float | Floats, most: int) -> Floats:
    """P(at least y purchases in the next `weeks`), a row for each T, a column for each y from 1 to `most`.

    For a customer who is alive now. To come to the y-th purchase he must have stayed after each of the y - 1 before
    it, and the clock must have rung y times: two independent things, a ratio of beta functions and a negative
    binomial.
    """
    shape = rates.r + x
    share = np.asarray(weeks / (rates.alpha + T + weeks))
    none = np.exp(shape * np.log1p(-share))
    found = np.empty((len(T), most))
    rung, mass, stays = 1.0 - none, none, 1.0
    for y in range(1, most + 1):
        found[:, y - 1] = np.maximum(rung, 0.0) * stays
        mass = mass * share * (shape + y - 1) / y
        rung = rung - mass
        stays *= (rates.b + x + y - 1) / (rates.a + rates.b + x + y - 1)
    return found


def reach(rates: Rates, x: float, weeks: float) -> int:
    """A number of purchases in `weeks` that next to nobody with x purchases passes; never more than one a day."""
    shape, share = rates.r + x, weeks / (rates.alpha + x / 7 + weeks)
    mean = shape * share / (1 - share)
    spread = np.sqrt(mean / (1 - share))
    return int(min(np.ceil(weeks * 7) + 1, np.ceil(mean + 12 * spread + 20)))


def shares(rates: Rates, counts: Counts, most: int) -> Floats:
    """How many of the buyers should have 0, 1 ... `most` or more repeat purchases in their time."""
    spans, place = np.unique(counts.T, return_inverse=True)
    weight = np.bincount(place, weights=counts.weight)
    reached = at_least(rates, 0.0, np.zeros(len(spans)), spans, most)
    expected = np.sum(weight[:, None] * reached, axis=0)
    upper = np.concatenate([[counts.buyers], expected])
    return np.append(upper[:-1] - upper[1:], upper[-1])
