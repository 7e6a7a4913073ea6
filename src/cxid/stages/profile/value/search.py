"""The best parameters of a model: the maximum of a likelihood, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Likelihood = Callable[[Floats], tuple[float, Floats]]
"""Parameters -> log-likelihood, and its slope by each parameter."""

SPREAD = 10.0
"""Of the weak prior on the logarithm of each parameter: it moves no fit that the data can make (CDNOW: by less than
0.1 %), and keeps one from running to infinity along a ridge, as b does where nobody ever drops out."""
_EDGE = 20.0  # of a logarithm
_STEEP = 1e-4  # slope in a buyer's log-likelihood that still counts as none
_FLAT = 1e-3  # a bend of less than this part of the sharpest is a ridge: with millions of buyers rounding alone
_Z = 1.959963984540054  # 95 % of a normal lie within


@dataclass(frozen=True)
class Found:
    """Parameters with the ends of their 95 % intervals, and the log-likelihood there."""

    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    log_likelihood: float


def best(likelihood: Likelihood, starts: Sequence[Sequence[float]], buyers: float) -> Found | None:
    """The parameters, all above 0, of the highest likelihood; None when the search comes to no peak.

    The search runs over logarithms from each start, and Newton's steps end it, so that where it ends does not hang
    on how it got there. Intervals are those of the normal curve that fits the peak.
    """
    best_at: Floats | None = None
    lowest = np.inf
    for start in starts:
        found = minimize(
            lambda t: _cost(likelihood, t, buyers),
            np.log(np.asarray(start, dtype=np.float64)),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-_EDGE, _EDGE)] * len(start),
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
        )
        if np.isfinite(found.fun) and found.fun < lowest - 1e-10:
            best_at, lowest = found.x, float(found.fun)
    if best_at is None:
        return None
    peak = _climbed(likelihood, best_at, buyers)
    curve = None if peak is None else _curvature(likelihood, peak, buyers)
    return None if peak is None or curve is None else _described(likelihood, peak, curve * buyers)


def _cost(likelihood: Likelihood, logs: Floats, buyers: float) -> tuple[float, Floats]:
    """What is made small: minus the log-likelihood of a buyer, with the prior; and its slope by the logarithms."""
    with np.errstate(all="ignore"):  # far from the peak anything may overflow; what is not finite is no peak
        values = np.exp(logs)
        found, slope = likelihood(values)
        cost = -found + float(np.sum(logs * logs)) / (2 * SPREAD**2)
        return cost / buyers, (-slope * values + logs / SPREAD**2) / buyers


def _climbed(likelihood: Likelihood, logs: Floats, buyers: float) -> Floats | None:
    """The peak itself after a few steps of Newton's; None where the place is none."""
    for _ in range(5):
        cost, slope = _cost(likelihood, logs, buyers)
        curve = _curvature(likelihood, logs, buyers)
        if curve is None:
            return None
        bends, ways = np.linalg.eigh(curve)
        stands = bends > _FLAT * bends[-1]  # along a ridge there is no way to go
        step = np.sum(ways[:, stands] * (np.sum(ways * slope[:, None], axis=0)[stands] / bends[stands]), axis=1)
        if not _cost(likelihood, logs - step, buyers)[0] <= cost:
            break
        logs = logs - step
    slope = _cost(likelihood, logs, buyers)[1]
    return logs if float(np.max(np.abs(slope))) < _STEEP else None


def _curvature(likelihood: Likelihood, logs: Floats, buyers: float) -> Floats | None:
    """Second derivatives of the cost, from differences of its slope; None where the cost bends down.

    Along a ridge the likelihood is flat, and all that bends the cost is the prior: less than rounding leaves of it.
    """
    width = 1e-4
    rows = []
    for n in range(len(logs)):
        side = np.zeros(len(logs))
        side[n] = width
        ahead, behind = _cost(likelihood, logs + side, buyers)[1], _cost(likelihood, logs - side, buyers)[1]
        rows.append((ahead - behind) / (2 * width))
    found = np.array(rows)
    if not np.all(np.isfinite(found)):
        return None
    bends, ways = np.linalg.eigh((found + found.T) / 2)
    if bends[0] < -_FLAT * bends[-1]:
        return None
    least = 1 / (buyers * SPREAD**2)
    return np.asarray(np.sum(ways[:, None, :] * ways[None, :, :] * np.maximum(bends, least), axis=2))


def _described(likelihood: Likelihood, logs: Floats, curve: Floats) -> Found:
    spread = np.sqrt(np.diag(np.linalg.inv(curve)))
    values = np.exp(logs)
    low, high = (np.exp(np.clip(logs + side * _Z * spread, -_EDGE, _EDGE)) for side in (-1, 1))
    return Found(_kept(values), _kept(low), _kept(high), round(likelihood(values)[0], 6))


def _kept(values: Floats) -> tuple[float, ...]:
    """Nine significant digits: what follows is the same wherever the last bits of a logarithm differ."""
    return tuple(float(f"{v:.9g}") for v in values)
