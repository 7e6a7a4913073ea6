"""Whether people of one home are among the matches: what contradicts, beside what deviates."""

from __future__ import annotations

import numpy as np
import pytest

from cxid.model import Field, FieldType
from cxid.stages.link.estimate.gate import Status, log2_odds
from cxid.stages.link.estimate.homes import homebound, judged
from cxid.stages.link.estimate.mixture import Mixture
from cxid.stages.link.estimate.model import Model
from cxid.stages.link.levels import LevelKind, comparisons
from cxid.stages.link.patterns import Patterns, Space, scales
from tests.reference.link_world import BIRTH, CITY, FAMILY, GIVEN

SPACE = Space(comparisons((GIVEN, FAMILY, BIRTH, CITY, Field("street", FieldType.STREET, ("street",)))))
OWN, PAIRS = {0, 2}, 10_000


def shares(exact: float) -> np.ndarray:
    cells = np.full(SPACE.cells, 1e-6)
    cells[SPACE.offsets[:-1]] = exact
    return SPACE.normalise(np.where(SPACE.is_kind(LevelKind.DIFFERENT), 1 - exact, cells))


MIXTURE = Mixture((shares(0.9),), np.array([1e4]), shares(1e-3), np.zeros(0), 1e8, (shares(0.9),))


def seen(apart: tuple[float, ...]) -> Patterns:
    """Pairs that differ on each field so often, independently, and agree exactly otherwise."""
    rng = np.random.default_rng(1)
    differs = [int(np.flatnonzero(SPACE.is_kind(LevelKind.DIFFERENT)[SPACE.part(i)])[0]) for i in range(SPACE.fields)]
    drawn = rng.random((PAIRS, SPACE.fields)) < np.array(apart)
    codes, pairs = np.unique(drawn * np.array(differs) @ np.array(scales(SPACE.comparisons)), return_counts=True)
    return Patterns.of(SPACE, codes, pairs.astype(float))


@pytest.mark.parametrize(
    ("given", "family", "birth", "city", "street", "doubted"),
    [
        (0.02, 0.05, 0.01, 0.15, 0.20, False),  # people who move and marry
        (0.20, 0.30, 0.25, 0.40, 0.40, False),  # everything is badly typed
        (0.01, 0.01, 0.40, 0.02, 0.20, False),  # one field full of rubbish
        (0.14, 0.00, 0.00, 0.00, 0.00, False),  # nothing but nicknames that nobody knows
        (0.10, 0.00, 0.30, 0.03, 0.15, True),  # the home is always right, the person is not
    ],
)
def test_a_home_is_doubted_when_the_person_contradicts_more_than_the_home_deviates(
    given: float, family: float, birth: float, city: float, street: float, doubted: bool
) -> None:
    patterns = seen((given, family, birth, city, street))
    mixture = Mixture(*(MIXTURE.classes, MIXTURE.pairs, MIXTURE.unrelated, np.zeros(len(patterns.codes))), 1e8, ())
    assert (homebound(patterns, mixture) is not None) is doubted


def test_then_a_pair_needs_more_than_one_thing_of_a_person_and_what_is_left_is_for_review() -> None:
    patterns = seen((0.1, 0.0, 0.3, 0.03, 0.15))
    mixture = Mixture(MIXTURE.classes, MIXTURE.pairs, MIXTURE.unrelated, np.zeros(len(patterns.codes)), 1e8, ((),))
    model, gate = judged(patterns, Model(mixture, (), 5, None))
    bits = log2_odds(patterns, model.mixture) - gate.bar
    both = patterns.exact[:, [0, 2]].all(axis=1)
    neither = ~patterns.exact[:, [0, 2]].any(axis=1)
    assert gate.status is Status.NOT_IDENTIFIED and gate.precision is None
    assert (bits[both] > 0).all() and both.any()
    assert (bits[neither] < 0).all() and neither.any()
    assert model.held is not None and model.held.sum() > (bits >= 0).sum()
