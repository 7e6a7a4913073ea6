"""Packing, unpacking and weights agree with plain arithmetic."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.model import Field, FieldType
from cxid.stages.link.estimate.gate import log2_odds
from cxid.stages.link.estimate.mixture import Mixture, posteriors, run_em
from cxid.stages.link.levels import LevelKind, comparisons
from cxid.stages.link.patterns import Floats, Patterns, Space, packable, scales, unpack
from tests.reference.link_weights import weight

_TYPES = [t for t in FieldType if t not in (FieldType.ATTRIBUTE, FieldType.FULL_NAME)]
_FIELDS = st.lists(st.sampled_from(_TYPES), min_size=1, max_size=5).map(
    lambda types: tuple(Field(f"f{i}", t, (f"f{i}",)) for i, t in enumerate(types))
)


def _drawn(data: st.DataObject, space: Space, count: int) -> Patterns:
    rows = [[data.draw(st.integers(0, len(c.levels) - 1)) for c in space.comparisons] for _ in range(count)]
    codes = np.unique(np.array(rows, dtype=np.int64) @ np.array(scales(space.comparisons), dtype=np.int64))
    return Patterns.of(space, codes, np.ones(len(codes)))


def _shares(data: st.DataObject, space: Space) -> Floats:
    seed = data.draw(st.integers(0, 2**16))
    return space.normalise(np.random.default_rng(seed).random(space.cells) + 0.01)


@settings(max_examples=40, deadline=None)
@given(fields=_FIELDS, data=st.data())
def test_a_packed_pattern_gives_its_levels_back(fields: tuple[Field, ...], data: st.DataObject) -> None:
    compared = comparisons(fields)
    levels = [data.draw(st.integers(0, len(c.levels) - 1)) for c in compared]
    code = sum(level * scale for level, scale in zip(levels, scales(compared), strict=True))
    assert unpack(np.array([code]), compared)[0].tolist() == levels


def test_fields_that_do_not_fit_into_one_pattern_are_counted_out() -> None:
    many = tuple(Field(f"n{i}", FieldType.GIVEN_NAME, (f"n{i}",)) for i in range(20))
    fitting = packable(comparisons(many))
    assert 10 < fitting < 20
    assert max(scales(comparisons(many[:fitting]))) * len(comparisons(many)[fitting - 1].levels) < 2**62


@settings(max_examples=40, deadline=None)
@given(fields=_FIELDS, data=st.data())
def test_a_weight_is_the_log_of_match_over_all_else(fields: tuple[Field, ...], data: st.DataObject) -> None:
    space = Space(comparisons(fields))
    patterns = _drawn(data, space, 6)
    classes = [_shares(data, space) for _ in range(3)]
    mixture = Mixture(
        tuple(classes[:2]), np.array([40.0, 70.0]), classes[2], np.zeros(len(patterns.codes)), 1e5, tuple(classes[:2])
    )
    split = [[list(c[space.part(i)]) for i in range(space.fields)] for c in classes]
    expected = [weight(levels, split, (40.0, 70.0), 1e5) for levels in patterns.levels.tolist()]
    assert np.allclose(log2_odds(patterns, mixture), expected, rtol=1e-9, atol=1e-9)
    assert np.allclose(posteriors(patterns, mixture).sum(axis=0), 1.0)


@settings(max_examples=20, deadline=None)
@given(fields=_FIELDS, data=st.data())
def test_shares_stay_shares_whatever_em_learns(fields: tuple[Field, ...], data: st.DataObject) -> None:
    space = Space(comparisons(fields))
    patterns = _drawn(data, space, 8)
    match, unrelated = _shares(data, space), _shares(data, space)
    start = Mixture((match,), np.array([2.0]), unrelated, np.zeros(len(patterns.codes)), 1e4, (match,))
    learned = run_em(patterns, start, free=frozenset({0}), rounds=10)
    counted = np.where(space.is_kind(LevelKind.NEUTRAL), 0.0, learned.match)
    assert np.allclose(space.sums(counted), 1.0)
    assert 0 <= learned.pairs[0] <= patterns.pairs.sum()
