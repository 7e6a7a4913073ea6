"""The cut that a target precision asks for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxid.stages.link.target import chosen_cut

BITS = np.log2(np.array([0.999 / 0.001, 0.9 / 0.1, 0.5 / 0.5, 0.2 / 0.8]))
PAIRS = np.array([100.0, 100.0, 100.0, 1000.0])
LOWEST = math.log2(0.1 / 0.9)


@pytest.mark.parametrize(
    ("target", "probability", "precision", "lost", "reached"),
    [
        (0.99, 0.999, 0.999, 140 / 239.9, True),
        (0.94, 0.9, 0.9495, 50 / 239.9, True),
        (0.75, 0.5, 0.7997, 0.0, True),
        (0.3, 0.2, 0.338, 0.0, True),  # lower than even odds: more is joined
        (0.9995, 0.999, 0.999, 140 / 239.9, False),
    ],
)
def test_the_lowest_cut_that_reaches_the_target(
    target: float, probability: float, precision: float, lost: float, reached: bool
) -> None:
    cut = chosen_cut(BITS, PAIRS, target, LOWEST)
    assert cut.bits == pytest.approx(math.log2(probability / (1 - probability)))
    assert cut.precision == pytest.approx(precision, abs=1e-3)
    assert cut.lost == pytest.approx(lost, abs=1e-3)
    assert cut.reached is reached


def test_a_handful_of_sure_pairs_is_no_proof_of_a_precision() -> None:
    cut = chosen_cut(np.array([20.0, 0.0]), np.array([5.0, 500.0]), 0.99, LOWEST)
    assert not cut.reached


def test_nothing_to_cut_promises_nothing() -> None:
    assert not chosen_cut(np.zeros(0), np.zeros(0), 0.9, LOWEST).reached
