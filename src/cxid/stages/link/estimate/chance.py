"""How often unrelated pairs agree: never learned from blocked pairs, which were chosen because they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

# An edge of the dependence forest stands only where agreeing on both fields is more frequent than these.
_OVER_MATCHES, _OVER_INDEPENDENCE, _FEWEST_PAIRS = 20.0, 2.0, 200.0


@dataclass(frozen=True)
class Chance:
    """What all pairs show, matches among them included (they are few)."""

    exact_rate: Floats  # cells: share of all pairs that agree exactly in a band; 0 elsewhere
    both_exact: Floats  # field x field: share of all pairs that agree exactly on both
    random: Patterns  # pairs that nothing brought together


def level_rates(space: Space, chance: Chance, seen: Floats, all_pairs: float) -> Floats:
    """Share of all pairs at each level: exact ones counted, the others sampled.

    `seen` are candidate pairs at each level: a level too rare for the sample is at least as frequent as
    the candidates show.
    """
    exact = space.is_kind(LevelKind.EXACT)
    sampled = chance.random.tally(chance.random.pairs)
    sample = max(float(chance.random.pairs.sum()), 1.0)
    rest = (sampled + 0.3) / (sample + 1.0)
    rest = np.where(exact, 0.0, np.maximum(rest, seen / all_pairs))
    rest = rest / np.maximum(space.sums(rest), 1e-300)[space.field_of]
    least = 0.3 / all_pairs
    rate = np.where(exact, np.maximum(chance.exact_rate, least), 0.0)
    left = np.clip(1.0 - space.sums(rate), 1e-9, 1.0)
    return space.normalise(np.where(exact, rate, rest * left[space.field_of]))


@dataclass(frozen=True)
class Edge:
    """Two fields that unrelated pairs tend to share together, such as city and postcode."""

    left: int
    right: int
    both: float  # share of unrelated pairs that agree exactly on both


def dependence(space: Space, unrelated: Floats, chance: Chance, matches: float, all_pairs: float) -> tuple[Edge, ...]:
    """The Chow-Liu forest over "agrees exactly", with edges that neither matches nor independence explain."""
    agree = space.sums(np.where(space.is_kind(LevelKind.EXACT), unrelated, 0.0))
    gain = np.zeros((space.fields, space.fields))
    for i in range(space.fields):
        for j in range(i + 1, space.fields):
            both = float(chance.both_exact[i, j])
            strong = both > _OVER_MATCHES * matches / all_pairs and both > _OVER_INDEPENDENCE * agree[i] * agree[j]
            if strong and both * all_pairs > _FEWEST_PAIRS:
                gain[i, j] = _information(agree[i], agree[j], both)
    forest = minimum_spanning_tree(csr_matrix(-gain)).tocoo()
    edges = sorted((int(i), int(j)) for i, j in zip(forest.row, forest.col, strict=True))
    return tuple(Edge(i, j, float(chance.both_exact[i, j])) for i, j in edges)


def _table(left: float, right: float, both: float) -> Floats:
    """2 x 2 shares of (left agrees, right agrees), agreeing first."""
    both = min(max(both, 1e-15), 0.999 * min(left, right))
    cells = np.array([[both, left - both], [right - both, 1 - left - right + both]])
    return np.maximum(cells, 1e-15)


def _information(left: float, right: float, both: float) -> float:
    """Mutual information in nats."""
    table = _table(left, right, both)
    apart = np.outer([left, 1 - left], [right, 1 - right])
    return float((table * np.log(table / apart)).sum())


def lift(edge: Edge, agree: Floats) -> Floats:
    """2 x 2: how much likelier each state of two fields is than independence says, agreeing first."""
    left, right = float(agree[edge.left]), float(agree[edge.right])
    return np.asarray(_table(left, right, edge.both) / np.outer([left, 1 - left], [right, 1 - right]))


def tie(patterns: Patterns, unrelated: Floats, edges: tuple[Edge, ...]) -> Floats:
    """Natural log of what the forest adds to each pattern's share among unrelated pairs."""
    space = patterns.space
    agree = space.sums(np.where(space.is_kind(LevelKind.EXACT), unrelated, 0.0))
    total = np.zeros(len(patterns.codes))
    state = np.where(patterns.exact, 0, 1)
    for edge in edges:
        total += np.log(lift(edge, agree))[state[:, edge.left], state[:, edge.right]]
    return total
