"""Average-link agglomeration of a sparse graph of records, under guards.

Two clusters are as alike as the mean weight of all pairs of records between them. Every round merges, at
once, all pairs of clusters that are each other's best partner: the mean of two means never exceeds the
larger one, so this gives exactly the clusters that merging the single best pair again and again gives, in a
few dozen passes over arrays instead of one step per merge (reciprocal nearest neighbours: Murtagh 1983).
A guard only ever forbids more as clusters grow, so that holds under guards as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ONE_BIT = 1_000_000
LARGEST_WEIGHT = 12 * ONE_BIT  # one pair of odd records must not outvote a whole cluster
DECIDED_GAIN = 10**15  # of two nodes that somebody decided are one person, in all: it merges before all others
DECIDED_MEAN = 100 * ONE_BIT  # a mean above this holds such a decision: evidence never reaches it
SMALLEST_WEIGHT = -LARGEST_WEIGHT - 1  # a sure no against a sure yes is a no


def unscored_weight(cut: int) -> int:
    """What a pair that nobody scored counts, in micro-bits: one bit against, and never enough to merge."""
    return min(-ONE_BIT, cut - ONE_BIT)


class Guard(Protocol):
    """A rule that forbids merges. It holds what it knows about each cluster, by the cluster's node."""

    def forbids(self, low: Ints, high: Ints) -> Flags:
        """For each pair of clusters whether they must stay apart."""

    def merge(self, low: Ints, high: Ints) -> None:
        """The clusters `high` have become part of the clusters `low`; all of them are different."""


@dataclass(frozen=True)
class Graph:
    """Nodes 0..n-1 in the order that breaks ties, with the records that each stands for, and weighted edges.

    `weight` is micro-bits for each pair of records between the two nodes; an edge appears once.
    """

    size: Ints
    a: Ints
    b: Ints
    weight: Ints


@dataclass(frozen=True)
class Clusters:
    """`label` is the smallest node of each node's cluster.

    `low`, `high`, `guard` are the pairs of final clusters between which a merge was refused, and the
    position of the guard that refused it.
    """

    label: Ints
    low: Ints
    high: Ints
    guard: Ints


class _Edges:
    """The edges between the clusters of the moment. `gain` is the sum of (weight - unscored) over record pairs."""

    def __init__(self, low: Ints, high: Ints, gain: Ints, refused: Ints) -> None:
        self.low, self.high, self.gain, self.refused = low, high, gain, refused

    def take(self, chosen: Flags | Ints) -> _Edges:
        return _Edges(self.low[chosen], self.high[chosen], self.gain[chosen], self.refused[chosen])

    def join(self, other: _Edges) -> _Edges:
        return _Edges(
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.gain, other.gain]),
            np.concatenate([self.refused, other.refused]),
        )

    def gathered(self, nodes: int) -> _Edges:
        """Parallel edges as one: gains added, a refusal kept (the first guard's, when several refused)."""
        if not len(self.low):
            return self
        key = self.low * nodes + self.high
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        first = order[starts]
        gain = np.add.reduceat(self.gain[order], starts)
        nobody = np.iinfo(np.int64).max
        refused = np.where(self.refused[order] < 0, nobody, self.refused[order])
        refused = np.minimum.reduceat(refused, starts)
        return _Edges(self.low[first], self.high[first], gain, np.where(refused == nobody, -1, refused))

    def relabelled(self, target: Ints, nodes: int) -> _Edges:
        """The edges after merges; those inside a cluster are gone."""
        low, high = target[self.low], target[self.high]
        moved = _Edges(np.minimum(low, high), np.maximum(low, high), self.gain, self.refused)
        return moved.take(moved.low != moved.high).gathered(nodes)


def agglomerate(graph: Graph, guards: Sequence[Guard], *, cut: int) -> Clusters:
    """The clusters of `graph`, merged while some mean weight is at least `cut` micro-bits and no guard forbids it."""
    nodes = len(graph.size)
    size = graph.size.copy()
    unscored = unscored_weight(cut)
    weight = graph.weight - unscored
    start = _Edges(
        np.minimum(graph.a, graph.b),
        np.maximum(graph.a, graph.b),
        weight * size[graph.a] * size[graph.b],
        np.full(len(graph.a), -1, np.int64),
    )
    edges, done = start.gathered(nodes), start.take(np.zeros(0, np.int64))
    label = np.arange(nodes, dtype=np.int64)
    while True:
        pairs = size[edges.low] * size[edges.high]
        mean = unscored + edges.gain / pairs
        live = np.flatnonzero((edges.refused < 0) & (mean >= cut))
        if not len(live):
            break
        active = np.zeros(nodes, np.bool_)
        active[edges.low[live]] = active[edges.high[live]] = True
        best = live[mutual_best(edges.low[live], edges.high[live], mean[live], nodes)]
        merged = _refuse(edges, best, guards, mean[best] < DECIDED_MEAN)
        if len(merged):
            low, high = edges.low[merged], edges.high[merged]
            for guard in guards:
                guard.merge(low, high)
            size[low] += size[high]
            label[high] = low
            edges = _after(edges, low, high, nodes)
        moving = active[edges.low] | active[edges.high]  # a mean only falls: what has no live edge is final
        done, edges = done.join(edges.take(~moving & (edges.refused >= 0))), edges.take(moving)
    done = done.join(edges.take(edges.refused >= 0))
    return Clusters(follow(label), done.low, done.high, done.refused)


def mutual_best(low: Ints, high: Ints, mean: npt.NDArray[np.float64], nodes: int) -> Flags:
    """For each edge whether it is the best of both its ends; equal means are ordered by the nodes themselves."""
    top = np.full(nodes, -np.inf)
    np.maximum.at(top, low, mean)
    np.maximum.at(top, high, mean)
    key = low * nodes + high
    first = np.full(nodes, np.iinfo(np.int64).max)
    at_low, at_high = mean == top[low], mean == top[high]
    np.minimum.at(first, low[at_low], key[at_low])
    np.minimum.at(first, high[at_high], key[at_high])
    return np.asarray((first[low] == key) & (first[high] == key))


def _refuse(edges: _Edges, best: Ints, guards: Sequence[Guard], ruled: Flags) -> Ints:
    """The edges of `best` that every guard allows; the others are marked with the first guard that does not.

    Those not `ruled` stand above the guards: a person decided them.
    """
    low, high = edges.low[best], edges.high[best]
    for position, guard in enumerate(guards):
        refused = guard.forbids(low, high) & (edges.refused[best] < 0) & ruled
        edges.refused[best[refused]] = position
    return best[edges.refused[best] < 0]


def _after(edges: _Edges, low: Ints, high: Ints, nodes: int) -> _Edges:
    """The edges once `high` have become part of `low`; only what touches a merged cluster is worked on."""
    target = np.arange(nodes, dtype=np.int64)
    target[high] = low
    changed = np.zeros(nodes, np.bool_)
    changed[low] = changed[high] = True
    touched = changed[edges.low] | changed[edges.high]
    return edges.take(~touched).join(edges.take(touched).relabelled(target, nodes))


def follow(label: Ints) -> Ints:
    """Follow each node's absorber to the cluster that was absorbed by nobody."""
    while True:
        further = label[label]
        if np.array_equal(further, label):
            return label
        label = further
