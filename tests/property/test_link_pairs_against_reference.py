"""Blocks and the pairs inside them, against every pair looked at one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxid.stages.link import pairs as room
from cxid.stages.link.pairs import Blocks, blocks_of

_KEY = st.one_of(st.none(), st.integers(0, 4))
_RECORDS = st.lists(st.tuples(_KEY, _KEY, st.integers(-1, 1)), max_size=25)


def _blocks(records: list[tuple[int | None, int | None, int]], ways: int) -> Blocks:
    found = []
    for way in range(ways):
        has = np.array([r[way] is not None for r in records], bool)
        found.append((np.array([r[way] or 0 for r in records], np.uint64), has))
    return blocks_of(found, np.arange(len(records), dtype=np.int64))


def _found(blocks: Blocks, alone: np.ndarray | None = None) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for left, right in blocks.pairs(alone) for a, b in zip(left, right, strict=True)]


@pytest.mark.parametrize("ways", [1, 2])
@pytest.mark.parametrize("at_once", [1, 3, 1000])
@given(records=_RECORDS)
def test_pairs_are_those_that_share_a_key_whatever_the_batches(
    ways: int, at_once: int, records: list[tuple[int | None, int | None, int]]
) -> None:
    before, room._AT_ONCE = room._AT_ONCE, at_once
    try:
        found = _found(_blocks(records, ways))
    finally:
        room._AT_ONCE = before
    keys = [{k for k in r[:ways] if k is not None} for r in records]
    assert set(found) == {(a, b) for a, b in combinations(range(len(records)), 2) if keys[a] & keys[b]}
    assert len(found) == sum(len(keys[a] & keys[b]) for a, b in combinations(range(len(records)), 2))


@given(records=_RECORDS)
def test_two_records_of_a_source_that_holds_each_person_once_are_no_pair(
    records: list[tuple[int | None, int | None, int]],
) -> None:
    alone = np.array([r[2] for r in records], np.int64)
    blocks = _blocks(records, 1)
    expected = {(a, b) for a, b in _found(blocks) if alone[a] < 0 or alone[a] != alone[b]}
    assert set(_found(blocks, alone)) == expected
    assert blocks.count(alone) == len(expected)


@given(records=_RECORDS, size=st.integers(2, 4))
def test_chosen_blocks_hold_the_records_of_their_size(
    records: list[tuple[int | None, int | None, int]], size: int
) -> None:
    blocks = _blocks(records, 1)
    large = blocks.chosen(blocks.sizes > size)
    counts = {key: [r[0] for r in records].count(key) for key in range(5)}
    assert large.members().tolist() == [i for i, r in enumerate(records) if r[0] is not None and counts[r[0]] > size]
    assert blocks.largest == max([n for n in counts.values() if n > 1], default=0)


_INVERSE = pow(int(room._SPREAD), -1, 2**64)


@given(keys=st.lists(st.integers(0, 3), max_size=12))
def test_keys_that_differ_only_in_their_lowest_bits_make_different_blocks(keys: list[int]) -> None:
    near = np.array([k * _INVERSE % 2**64 for k in keys], np.uint64)  # once spread, 0 to 3: all upper bits are equal
    blocks = blocks_of([(near, np.ones(len(keys), bool))], np.arange(len(keys), dtype=np.int64))
    assert set(_found(blocks)) == {(a, b) for a, b in combinations(range(len(keys)), 2) if keys[a] == keys[b]}
