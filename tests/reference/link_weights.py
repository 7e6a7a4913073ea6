"""The weight of a pattern by the formula, in plain Python with exact logarithms of one pattern at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2


def weight(
    levels: Sequence[int], classes: Sequence[Sequence[Sequence[float]]], pairs: Sequence[float], all_pairs: float
) -> float:
    """log2 of match over all else.

    `classes[k][field][level]` is a share; class 0 is the match, the last one unrelated pairs. `pairs` are
    the expected pairs of every class but the last, which holds the rest.
    """
    sizes = [*pairs, all_pairs - sum(pairs)]
    joint = []
    for size, shares in zip(sizes, classes, strict=True):
        product = size / all_pairs
        for field, level in enumerate(levels):
            product *= shares[field][level]
        joint.append(product)
    return log2(joint[0] / sum(joint[1:]))
