"""The cut: where pairs stop being joined, when a precision is asked for instead of a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxid.stages.link.patterns import Floats

_FEWEST_PAIRS = 20.0  # a cut that leaves fewer keeps a promise about nothing


@dataclass(frozen=True)
class Cut:
    """Where to cut, in bits, and what is expected of it. Shares from 0 to 1."""

    bits: float
    precision: float  # expected of the pairs above it
    lost: float  # of the expected matches that even odds would join
    reached: bool


def chosen_cut(bits: Floats, pairs: Floats, target: float, lowest: float) -> Cut:
    """The lowest cut, `lowest` bits or more, above which the mean probability of a pair reaches `target`.

    `bits` are log2 odds by pattern and `pairs` how many show it. Where no cut that leaves a fair number of pairs
    reaches the target, the one that comes nearest.
    """
    order = np.argsort(-bits, kind="stable")
    odds, count = bits[order], pairs[order]
    chance = 1 / (1 + np.exp2(-np.clip(odds, -60, 60)))
    right, every = np.cumsum(count * chance), np.maximum(np.cumsum(count), 1e-12)
    mean = right / every
    ends = np.flatnonzero(np.append(odds[1:] < odds[:-1], True) & (odds >= lowest))
    if not len(ends):
        return Cut(0.0, 1.0, 0.0, False)
    enough = ends[every[ends] >= min(_FEWEST_PAIRS, float(every[ends[-1]]))]
    fair = enough[mean[enough] >= target]
    at = int(fair[-1]) if len(fair) else int(enough[int(mean[enough].argmax())])
    joined = float(right[odds >= 0][-1]) if (odds >= 0).any() else 0.0
    lost = max(joined - float(right[at]), 0.0) / joined if joined else 0.0
    return Cut(float(odds[at]), float(mean[at]), lost, bool(len(fair)))
