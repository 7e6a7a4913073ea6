"""Blocks of records that share a key, and the pairs inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Truths = npt.NDArray[np.bool_]
_AT_ONCE = 4_000_000  # pairs of one batch


@dataclass(frozen=True)
class Blocks:
    """Records laid block by block. Only blocks of two or more are held."""

    rows: Ints
    starts: Ints
    sizes: Ints

    @property
    def largest(self) -> int:
        return int(self.sizes.max(initial=0))

    def chosen(self, wanted: Truths) -> Blocks:
        """Some of the blocks."""
        return Blocks(self.rows, self.starts[wanted], self.sizes[wanted])

    def members(self) -> Ints:
        """The records of all blocks, ascending, each once."""
        places = np.arange(int(self.sizes.sum())) + np.repeat(self.starts - _before(self.sizes), self.sizes)
        return np.unique(self.rows[places])

    def count(self, alone: Ints | None) -> int:
        """Pairs inside the blocks, without those that `alone` bars."""
        total = _couples(self.sizes)
        if alone is not None and total:
            block = np.repeat(np.arange(len(self.sizes)), self.sizes)
            source = alone[self.rows[np.arange(len(block)) + np.repeat(self.starts - _before(self.sizes), self.sizes)]]
            barred = block[source >= 0] * (int(alone.max()) + 1) + source[source >= 0]
            total -= _couples(np.unique(barred, return_counts=True)[1])
        return total

    def pairs(self, alone: Ints | None) -> Iterator[tuple[Ints, Ints]]:
        """(smaller record, larger record) in batches; `alone`: by record number, the source that holds each once."""
        ends = np.cumsum(self.sizes * (self.sizes - 1) // 2)
        first = 0
        while first < len(self.sizes):
            done = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, done + _AT_ONCE, side="right")))
            yield _inside(self.rows, self.starts[first:last], self.sizes[first:last], alone)
            first = last


def _before(sizes: Ints) -> Ints:
    """How many records stand in the blocks before each."""
    return np.asarray(np.cumsum(sizes) - sizes)


def _couples(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _inside(rows: Ints, starts: Ints, sizes: Ints, alone: Ints | None) -> tuple[Ints, Ints]:
    """All pairs of these blocks: first every neighbour, then every second neighbour, and so on."""
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    at = np.arange(int(sizes.sum())) + np.repeat(starts - _before(sizes), sizes)
    room = np.repeat(starts + sizes, sizes) - at  # places from here to the end of the block
    step = 0
    while len(at):
        step += 1
        more = room > step
        at, room = at[more], room[more]
        left.append(rows[at])
        right.append(rows[at + step])
    one, other = np.concatenate(left), np.concatenate(right)
    if alone is not None:
        may = (alone[one] != alone[other]) | (alone[one] < 0)
        one, other = one[may], other[may]
    return np.minimum(one, other), np.maximum(one, other)


def blocks_of(ways: Sequence[tuple[Keys, Truths]], rows: Ints) -> Blocks:
    """The blocks of records that share one of their keys: for each way in which a record may have a key, (keys, has).

    A record that has the same key in two ways stands in the block once.
    """
    keys, places = [], []
    for number, (key, has) in enumerate(ways):
        fresh = has.copy()
        for earlier, had in ways[:number]:
            fresh &= ~(had & (earlier == key))
        places.append(rows if fresh.all() else rows[fresh])
        keys.append(key if fresh.all() else key[fresh])
    key, row = (np.concatenate(keys), np.concatenate(places)) if len(ways) > 1 else (keys[0], places[0])
    at, key = repeated(key)
    starts = np.flatnonzero(changes(key))
    sizes = np.diff(np.append(starts, len(key)))
    several = sizes > 1
    return Blocks(row.take(at), starts[several], sizes[several])


_SPREAD, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)  # odd: different keys stay different
_SHIFT = np.uint64(29)


def mixed(key: Keys, more: Keys) -> Keys:
    """One key for two."""
    return (key ^ (key >> _SHIFT)) * _MIX + more


def changes(ordered: npt.NDArray[np.integer[Any]]) -> Truths:
    """Whether a value differs from the one before it; the first does."""
    return np.concatenate([np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1]])


def repeated(key: Keys) -> tuple[Ints, Keys]:
    """Where keys stand that others may share, equal ones side by side; and these keys.

    Sorting places together with the upper bits of their keys is several times faster than sorting places by keys.
    """
    width = np.uint64(max(len(key) - 1, 1).bit_length())
    low = (np.uint64(1) << width) - np.uint64(1)
    packed = key * _SPREAD
    packed &= ~low
    packed |= np.arange(len(key), dtype=np.uint64)
    packed.sort()
    first = changes(packed >> width)
    shared = ~first
    shared[:-1] |= ~first[1:]
    at = (packed[shared] & low).astype(np.int64)
    found = key.take(at)
    if not np.array_equal(changes(found), first[shared]):  # different keys, the same upper bits
        order = np.argsort(found, kind="stable")
        at, found = at.take(order), found.take(order)
    return at, found
