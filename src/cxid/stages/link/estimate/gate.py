"""Leave one field out: a check of the model on evidence that it did not use.

Score every pair without field f, take the pairs that a rule blind to f proposed and that still score
as matches, and ask how often they agree on f. If they are what the model says, they agree as often as
matches do; if they are chance, as often as chance does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cxid.stages.link.estimate.mixture import Mixture, log_joint
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns

_TRUSTED, _DOUBTFUL = 0.8, 0.5
_FEWEST_PAIRS = 20.0
_BARS = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_CLEAR = 0.15  # a field whose agreement separates matches from chance by less says nothing


class Status(StrEnum):
    """How far the data bears the model out."""

    IDENTIFIED = "identified"
    CAREFUL = "careful"
    NOT_IDENTIFIED = "not_identified"


@dataclass(frozen=True)
class Gate:
    """The verdict; `precision` is None when too few pairs could be checked."""

    status: Status
    precision: float | None
    bar: float  # bits that a pair must have on top of the prior
    sentence: str


def log2_odds(patterns: Patterns, mixture: Mixture) -> Floats:
    """log2 of match over all else, prior included."""
    joint = log_joint(patterns, mixture)
    return np.asarray((joint[0] - np.logaddexp.reduce(joint[1:], axis=0)) / np.log(2))


def left_out(patterns: Patterns, mixture: Mixture, *, bar: float = 0.0) -> dict[str, float]:
    """For each field that can tell, the share of checked pairs that are matches by that field's word."""
    space = patterns.space
    lenient = space.is_kind(LevelKind.EXACT) | space.is_kind(LevelKind.PARTIAL)
    absent = space.is_kind(LevelKind.MISSING) | space.is_kind(LevelKind.NEUTRAL)
    found = {}
    for number in range(space.telling):
        part = np.zeros(space.cells, bool)
        part[space.part(number)] = True
        blind = Mixture(
            tuple(np.where(part, 1.0, c) for c in mixture.classes),
            mixture.pairs,
            np.where(part, 1.0, mixture.unrelated),
            mixture.tie,
            mixture.all_pairs,
            mixture.priors,
        )
        level = patterns.levels[:, number] + space.offsets[number]
        chosen = (log2_odds(patterns, blind) >= bar) & ~absent[level]
        weight = np.where(chosen, patterns.apart[:, number], 0.0)
        if weight.sum() < _FEWEST_PAIRS:
            continue
        both = (mixture.match, mixture.unrelated)
        rates = [float(c[part & lenient].sum() / max(c[part & ~absent].sum(), 1e-12)) for c in both]
        if rates[0] - rates[1] < _CLEAR:
            continue
        agreed = float(weight[lenient[level]].sum() / weight.sum())
        share = (agreed - rates[1]) / (rates[0] - rates[1])
        found[space.comparisons[number].name] = float(np.clip(share, 0.0, 1.0))
    return found


def check(patterns: Patterns, mixture: Mixture, anchors: int) -> Gate:
    """Whether the model may be trusted, and why; where it may not, the bar rises until the check is passed."""
    shares = left_out(patterns, mixture)
    precision = float(np.mean([*shares.values()])) if shares else None
    if precision is None:
        few = "too few pairs could be checked on a field that they were not scored on"
        return Gate(Status.CAREFUL, None, 0.0, few)
    seen = f"scored without one field, accepted pairs agree on it as {round(100 * precision)}% matches would"
    if precision < _DOUBTFUL:
        bar = _raised(patterns, mixture)
        raised = f"{seen}: the columns do not tell matches from chance, so {bar:g} more bits are asked of a pair"
        return Gate(Status.NOT_IDENTIFIED, precision, bar, raised)
    doubting = min(shares, key=lambda name: (shares[name], name))
    if shares[doubting] < _DOUBTFUL:
        word = f"{seen}, but {doubting} alone says {round(100 * shares[doubting])}%: look at the pairs in review"
        return Gate(Status.CAREFUL, precision, 0.0, word)
    if precision < _TRUSTED or not anchors:
        return Gate(Status.CAREFUL, precision, 0.0, f"{seen}: look at the pairs in review")
    return Gate(Status.IDENTIFIED, precision, 0.0, seen)


def _raised(patterns: Patterns, mixture: Mixture) -> float:
    """The lowest bar at which the check is passed, or the highest tried."""
    for bar in _BARS:
        shares = left_out(patterns, mixture, bar=bar)
        if not shares or float(np.mean([*shares.values()])) >= _DOUBTFUL:
            return bar
    return _BARS[-1]
