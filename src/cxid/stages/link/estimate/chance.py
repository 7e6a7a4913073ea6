"""How often unrelated pairs agree: never learned from blocked pairs, which were chosen because they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from cxid.model import FieldType
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

    @cached_property
    def silent(self) -> Floats:
        """By field, the share of all pairs where it is neutral and says nothing."""
        space = self.random.space
        seen = np.where(space.is_kind(LevelKind.NEUTRAL), self.random.tally(self.random.pairs), 0.0)
        return np.asarray(space.sums(seen) / max(float(self.random.pairs.sum()), 1.0))

    @cached_property
    def both_present(self) -> Floats:
        """Field x field: the share of all pairs where both fields have values on both sides."""
        present = 1.0 - (self.random.is_kind(LevelKind.MISSING) | self.random.is_kind(LevelKind.NEUTRAL))
        weighted = present * self.random.pairs[:, None]
        return np.asarray((weighted.T @ present) / max(float(self.random.pairs.sum()), 1.0))


_FEW = 200.0  # pairs that what is usual weighs: it matters only where there are hardly more

# How often two unrelated people share a value, where no data says so: orders of magnitude, by type.
_USUAL: dict[FieldType, float] = {
    FieldType.GIVEN_NAME: 5e-3, FieldType.MIDDLE_NAME: 1e-2, FieldType.FAMILY_NAME: 1e-3, FieldType.EMAIL: 1e-6,
    FieldType.PHONE: 1e-6, FieldType.BIRTH_DATE: 5e-5, FieldType.STREET: 1e-4, FieldType.HOUSE_NUMBER: 1e-2,
    FieldType.CITY: 2e-2, FieldType.REGION: 0.1, FieldType.POSTCODE: 1e-3, FieldType.COUNTRY: 0.5,
    FieldType.GENDER: 0.5, FieldType.IDENTIFIER: 1e-7, FieldType.CATEGORY: 5e-2, FieldType.TEXT: 1e-2,
}  # fmt: skip


def usual_agreement(space: Space) -> Floats:
    """By field, how often unrelated people agree exactly, before any data is seen."""
    return np.asarray([_USUAL.get(c.field.type, 0.5) for c in space.comparisons], dtype=np.float64)


def usual_differences(space: Space) -> Floats:
    """Cells: how pairs that do not agree exactly spread over the other levels, before any data is seen."""
    partial, different = space.is_kind(LevelKind.PARTIAL), space.is_kind(LevelKind.DIFFERENT)
    steps = space.sums(np.where(partial, 1.0, 0.0))[space.field_of]
    return np.asarray(np.where(partial, 0.05 / np.maximum(steps, 1.0), np.where(different, 0.95, 0.0)))


def level_rates(space: Space, chance: Chance, seen: Floats, all_pairs: float) -> Floats:
    """Share of all pairs at each level: exact ones counted, the others sampled.

    `seen` are candidate pairs at each level: a level too rare for the sample is at least as frequent as
    the candidates show.
    """
    exact = space.is_kind(LevelKind.EXACT)
    sampled = chance.random.tally(chance.random.pairs)
    sample = max(float(chance.random.pairs.sum()), 1.0)
    rest = (sampled + 0.3 + _FEW * usual_differences(space)) / (sample + 1.0)
    rest = np.where(exact | space.is_kind(LevelKind.NEUTRAL), 0.0, np.maximum(rest, seen / all_pairs))
    rest = rest / np.maximum(space.sums(rest), 1e-300)[space.field_of]
    least = 0.3 / all_pairs
    speaking = np.maximum(1.0 - chance.silent, 1e-6)[space.field_of]
    counted = np.where(exact, np.maximum(chance.exact_rate, least) / speaking, 0.0)
    total = space.sums(counted)
    known = (total * all_pairs + _FEW * usual_agreement(space)) / (all_pairs + _FEW)
    rate = counted * (known / np.maximum(total, 1e-300))[space.field_of]
    left = np.clip(1.0 - space.sums(rate), 1e-9, 1.0)
    return space.normalise(np.where(exact, rate, rest * left[space.field_of]))


@dataclass(frozen=True)
class Edge:
    """Two fields that unrelated pairs tend to share together, such as city and postcode.

    Shares are of the unrelated pairs where both fields have values on both sides.
    """

    left: int
    right: int
    left_agrees: float
    right_agrees: float
    both: float

    @property
    def table(self) -> Floats:
        """2 x 2 shares of (left agrees exactly, right agrees exactly), agreeing first."""
        left, right = self.left_agrees, self.right_agrees
        both = min(max(self.both, left * right), 0.999 * min(left, right))
        cells = np.array([[both, left - both], [right - both, 1 - left - right + both]])
        return np.asarray(np.maximum(cells, 1e-15), dtype=np.float64)

    @property
    def apart(self) -> Floats:
        """The same shares if the fields were independent."""
        left = np.array([[self.left_agrees], [1 - self.left_agrees]], dtype=np.float64)
        right = np.array([[self.right_agrees, 1 - self.right_agrees]], dtype=np.float64)
        return np.asarray(left * right)

    @property
    def lift(self) -> Floats:
        """2 x 2: how much likelier each state is than independence says."""
        return np.asarray(self.table / self.apart, dtype=np.float64)

    @property
    def information(self) -> float:
        """Mutual information in nats."""
        return float((self.table * np.log(self.lift)).sum())


def _agreement(space: Space, shares: Floats) -> Floats:
    """By field, the share of exact agreement among pairs that have values on both sides."""
    silent = space.is_kind(LevelKind.NEUTRAL) | space.is_kind(LevelKind.MISSING)
    agree = space.sums(np.where(space.is_kind(LevelKind.EXACT), shares, 0.0))
    return np.asarray(agree / np.maximum(space.sums(np.where(silent, 0.0, shares)), 1e-12))


def edge(space: Space, unrelated: Floats, chance: Chance, fields: tuple[int, int], both: float) -> Edge:
    """The edge between two fields of which a share `both` of all pairs agrees on both."""
    left, right = fields
    agree = np.clip(_agreement(space, unrelated), 1e-12, 1 - 1e-9)
    present = max(float(chance.both_present[left, right]), 1e-9)
    return Edge(left, right, float(agree[left]), float(agree[right]), both / present)


def dependence(space: Space, unrelated: Floats, chance: Chance, matches: float, all_pairs: float) -> tuple[Edge, ...]:
    """The Chow-Liu forest over "agrees exactly", with edges that neither matches nor independence explain."""
    gain = np.zeros((space.fields, space.fields))
    found: dict[tuple[int, int], Edge] = {}
    for i in range(space.fields):
        for j in range(i + 1, space.fields):
            both = float(chance.both_exact[i, j])
            tried = edge(space, unrelated, chance, (i, j), both)
            beyond = tried.both > _OVER_INDEPENDENCE * tried.left_agrees * tried.right_agrees
            if beyond and both > _OVER_MATCHES * matches / all_pairs and both * all_pairs > _FEWEST_PAIRS:
                found[i, j], gain[i, j] = tried, tried.information
    forest = minimum_spanning_tree(csr_matrix(-gain)).tocoo()
    kept = sorted((int(i), int(j)) for i, j in zip(forest.row, forest.col, strict=True))
    return tuple(found[fields] for fields in kept)


def tie(patterns: Patterns, edges: Sequence[Edge]) -> Floats:
    """Natural log of what the forest adds to each pattern's share among unrelated pairs."""
    total = np.zeros(len(patterns.codes))
    state = np.where(patterns.exact, 0, 1)
    present = ~(patterns.is_kind(LevelKind.MISSING) | patterns.is_kind(LevelKind.NEUTRAL))
    for e in edges:
        both = present[:, e.left] & present[:, e.right]
        total += np.where(both, np.log(e.lift)[state[:, e.left], state[:, e.right]], 0.0)
    return total
