"""The rules that keep clusters apart, as arrays over the nodes of one graph."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cxid.stages.stitch.agglomerate import Flags, Ints


class SizeGuard:
    """No cluster holds more than `largest` records."""

    def __init__(self, size: Ints, largest: int) -> None:
        self._size, self._largest = size.copy(), largest

    def forbids(self, low: Ints, high: Ints) -> Flags:
        return np.asarray(self._size[low] + self._size[high] > self._largest)

    def merge(self, low: Ints, high: Ints) -> None:
        self._size[low] += self._size[high]


class SourceGuard:
    """At most one record of a source that holds each person once."""

    def __init__(self, present: Flags) -> None:
        self._present = present.copy()

    def forbids(self, low: Ints, high: Ints) -> Flags:
        return np.asarray(self._present[low] & self._present[high])

    def merge(self, low: Ints, high: Ints) -> None:
        self._present[low] |= self._present[high]


class ValueGuard:
    """Two records that both have the field must share a value of it. `codes` has a column per slot, 0 for none.

    Each row of `codes` is a node, or lies in one of `nodes` clusters, at the position that `place` says.
    """

    def __init__(self, codes: Ints, place: Ints | None = None, nodes: int | None = None) -> None:
        self._has = np.zeros(len(codes) if nodes is None else nodes, np.bool_)
        self._sets: dict[int, set[frozenset[int]]] = {}
        for row in np.flatnonzero((codes != 0).any(axis=1)):
            node = int(row if place is None else place[row])
            self._has[node] = True
            self._sets.setdefault(node, set()).add(frozenset(int(c) for c in codes[row] if c))

    def forbids(self, low: Ints, high: Ints) -> Flags:
        refused = np.asarray(self._has[low] & self._has[high])
        for at in np.flatnonzero(refused):
            mine, theirs = self._sets[int(low[at])], self._sets[int(high[at])]
            refused[at] = mine != theirs and any(m.isdisjoint(t) for m in mine for t in theirs)
        return refused

    def merge(self, low: Ints, high: Ints) -> None:
        moved = self._has[high]
        for keep, gone in zip(low[moved], high[moved], strict=True):
            self._sets.setdefault(int(keep), set()).update(self._sets.pop(int(gone)))
        self._has[low] |= self._has[high]


class ApartGuard:
    """Pairs of nodes that someone said are different, for ever: it survives every merge around them."""

    def __init__(self, nodes: int, pairs: Iterable[tuple[int, int]]) -> None:
        self._has = np.zeros(nodes, np.bool_)
        self._apart: dict[int, set[int]] = {}
        for a, b in pairs:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)
            self._has[[a, b]] = True

    def forbids(self, low: Ints, high: Ints) -> Flags:
        refused = np.asarray(self._has[low] & self._has[high])
        for at in np.flatnonzero(refused):
            refused[at] = int(high[at]) in self._apart[int(low[at])]
        return refused

    def merge(self, low: Ints, high: Ints) -> None:
        moved = self._has[high]
        for keep, gone in zip(low[moved], high[moved], strict=True):
            others = self._apart.pop(int(gone))
            for other in others:
                self._apart[other].discard(int(gone))
                self._apart[other].add(int(keep))
            self._apart.setdefault(int(keep), set()).update(others)
        self._has[low] |= self._has[high]
