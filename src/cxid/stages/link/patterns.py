"""Agreement patterns as numbers: packing, unpacking, and the counts that the estimator works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cxid.stages.link.levels import Comparison, LevelKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_LARGEST = 2**62
_MANY = 30_000  # patterns; beyond, of the rarest only every fourth is looked at, and counts four times
_RARE, _EVERY = 2.0, 4


def scales(comparisons: Sequence[Comparison]) -> tuple[int, ...]:
    """What a level of each field is multiplied with, so that their sum names the pattern."""
    return tuple(prod(len(c.levels) for c in comparisons[:i]) for i in range(len(comparisons)))


def packable(comparisons: Sequence[Comparison]) -> int:
    """How many of the comparisons, from the first, fit into one BIGINT."""
    count = len(comparisons)
    while count and prod(len(c.levels) for c in comparisons[:count]) >= _LARGEST:
        count -= 1
    return count


def unpack(pattern: Ints, comparisons: Sequence[Comparison]) -> Ints:
    """Level numbers, one row a pattern and one column a field."""
    rest = pattern.copy()
    found = np.zeros((len(pattern), len(comparisons)), np.int64)
    for i, comparison in enumerate(comparisons):
        rest, found[:, i] = np.divmod(rest, len(comparison.levels))
    return found


@dataclass(frozen=True)
class Space:
    """The levels of all fields laid end to end: cell = offset of the field + level number."""

    comparisons: tuple[Comparison, ...]

    @property
    def fields(self) -> int:
        return len(self.comparisons)

    @property
    def telling(self) -> int:
        """How many of them, from the first, are about people; a last one may be about where records come from."""
        return sum(c.levels[0].kind is not LevelKind.CONTEXT for c in self.comparisons)

    @cached_property
    def offsets(self) -> Ints:
        return np.cumsum([0, *(len(c.levels) for c in self.comparisons)]).astype(np.int64)

    @property
    def cells(self) -> int:
        return int(self.offsets[-1])

    @cached_property
    def field_of(self) -> Ints:
        return np.repeat(np.arange(self.fields), np.diff(self.offsets))

    @cached_property
    def kinds(self) -> npt.NDArray[np.str_]:
        return np.array([level.kind.value for c in self.comparisons for level in c.levels])

    def is_kind(self, kind: LevelKind) -> npt.NDArray[np.bool_]:
        return np.asarray(self.kinds == kind.value)

    def part(self, number: int) -> slice:
        """The cells of one field."""
        return slice(int(self.offsets[number]), int(self.offsets[number + 1]))

    def sums(self, cells: Floats) -> Floats:
        """Sum over the cells of each field."""
        return np.add.reduceat(cells, self.offsets[:-1])

    def normalise(self, cells: Floats) -> Floats:
        """Cells as shares of their field; a neutral level says nothing and is 1 in every class."""
        shares = np.where(self.is_kind(LevelKind.NEUTRAL), 0.0, cells)
        shares = shares / np.maximum(self.sums(shares), 1e-300)[self.field_of]
        return np.where(self.is_kind(LevelKind.NEUTRAL), 1.0, shares)


@dataclass(frozen=True)
class _Run:
    """Fields that lie side by side."""

    last: int  # the field after it
    place: npt.NDArray[np.intp]  # of each pattern among the levels that the run shows
    onehot: sparse.csr_matrix  # one row for each of them, one column a cell

    @classmethod
    def of(cls, patterns: Patterns, first: int) -> _Run:
        """As many fields from `first` as show few combinations of levels beside the number of patterns."""
        space, most = patterns.space, max(len(patterns.codes) // 8, 64)
        place, rows = np.zeros(len(patterns.codes), np.int64), np.zeros((1, 0), np.int64)
        last = first
        while last < space.fields:
            width = len(space.comparisons[last].levels)
            shown, wider = np.unique(place * width + patterns.levels[:, last], return_inverse=True)
            if last > first and len(shown) > most:
                break
            rows = np.column_stack([rows[shown // width], shown % width + space.offsets[last]])
            place, last = wider, last + 1
        starts = np.arange(0, rows.size + 1, max(rows.shape[1], 1))
        onehot = sparse.csr_matrix((np.ones(rows.size), rows.ravel(), starts), (len(rows), space.cells))
        return cls(last, place.astype(np.intp), onehot)


@dataclass(frozen=True)
class Patterns:
    """Unique patterns in ascending order with how many pairs show each."""

    space: Space
    codes: Ints
    pairs: Floats
    apart: Floats  # pairs x field: those that a rule proposed which does not read the field
    levels: Ints = field(repr=False)

    @classmethod
    def of(cls, space: Space, codes: Ints, pairs: Floats, apart: Floats | None = None) -> Patterns:
        none = np.zeros((len(codes), space.fields))
        return cls(space, codes, pairs, none if apart is None else apart, unpack(codes, space.comparisons))

    @cached_property
    def runs(self) -> tuple[_Run, ...]:
        """The fields in a few runs, so that most sums are taken over the levels that a run shows, not over patterns."""
        found, first = [], 0
        while first < self.space.fields:
            run = _Run.of(self, first)
            found.append(run)
            first = run.last
        return tuple(found)

    @cached_property
    def exact(self) -> npt.NDArray[np.bool_]:
        """Whether each field agrees exactly."""
        return self.is_kind(LevelKind.EXACT)

    def is_kind(self, kind: LevelKind) -> npt.NDArray[np.bool_]:
        return np.asarray(self.space.is_kind(kind)[self.levels + self.space.offsets[:-1]])

    def log_share(self, cells: Floats) -> Floats:
        """Natural log of the product of each field's share."""
        logs, total = np.log(cells), np.zeros(len(self.codes))
        for run in self.runs:
            total += (run.onehot @ logs)[run.place]
        return total

    def tally(self, weights: Floats) -> Floats:
        """Weighted pairs in each cell."""
        total = np.zeros(self.space.cells)
        for run in self.runs:
            total += np.bincount(run.place, weights, run.onehot.shape[0]) @ run.onehot
        return total

    def subset(self, chosen: npt.NDArray[np.bool_]) -> Patterns:
        return Patterns(self.space, self.codes[chosen], self.pairs[chosen], self.apart[chosen], self.levels[chosen])

    def thinned(self) -> Patterns:
        """The same counts in fewer rows, where there are many: the rarest patterns are sampled in their order."""
        rare = self.pairs <= _RARE
        if len(self.codes) <= _MANY or not rare.any():
            return self
        drawn = np.flatnonzero(rare)[_EVERY // 2 :: _EVERY]
        chosen = ~rare
        chosen[drawn] = True
        found = self.subset(chosen)
        factor = np.where(rare, float(self.pairs[rare].sum() / self.pairs[drawn].sum()), 1.0)[chosen]
        return replace(found, pairs=found.pairs * factor, apart=found.apart * factor[:, None])
