"""A fitted linkage model read back from its tables: from agreement on each field to the weight of a pair.

The link stage fits the model and writes it as `link_class` and `link_tie`; whoever has a pattern that it did not
score (two groups of records taken together, a question after the build) weighs it here, by the same formula:
log2 of "one person" against all other kinds of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MICRO = 1_000_000
NANO = 1_000_000_000
PRIOR = -1  # the field number of a class's share of all pairs


@dataclass(frozen=True)
class Tie:
    """Two fields that unrelated pairs tend to share together.

    `nano_bits` is 2 x 2, agreeing first: what dependence adds for (left agrees exactly, right agrees exactly).
    """

    left: int
    right: int
    nano_bits: Ints


@dataclass(frozen=True)
class Weighing:
    """The model. Levels of all fields lie end to end in cells; the match class comes first, unrelated pairs last.

    Shares are whole nano-bits: their sums are exact, so a pattern weighs the same whatever else is weighed with it.
    """

    levels: tuple[int, ...]  # how many levels each field has
    shares: Ints  # class x cell: log2 of the share of its pairs at this level
    priors: Ints  # class: log2 of its share of all pairs
    is_exact: npt.NDArray[np.bool_]  # by cell
    is_silent: npt.NDArray[np.bool_]  # by cell: missing on a side, or no such field
    ties: tuple[Tie, ...] = ()

    @cached_property
    def scales(self) -> Ints:
        """What a level of each field is multiplied with, so that their sum names the pattern."""
        return np.array([prod(self.levels[:i]) for i in range(len(self.levels))], np.int64)

    @cached_property
    def offsets(self) -> Ints:
        return np.concatenate([[0], np.cumsum(self.levels)[:-1]]).astype(np.int64)

    def unpack(self, patterns: Ints) -> Ints:
        """Level numbers, one row a pattern and one column a field."""
        return np.asarray(patterns[:, None] // self.scales % np.array(self.levels, np.int64))

    def pack(self, levels: Ints) -> Ints:
        return np.asarray(levels @ self.scales)

    def weigh(self, patterns: Ints) -> Ints:
        """Micro-bits of each pattern: log2 of match over all else."""
        unique, place = np.unique(patterns, return_inverse=True)
        return np.asarray(np.rint(odds(self.joint(unique)) * MICRO).astype(np.int64)[place])

    def joint(self, patterns: Ints) -> Floats:
        """log2 of class share times pattern share: one row a class, one column a pattern."""
        cells = self.unpack(patterns) + self.offsets
        total = np.repeat(self.priors[:, None], len(cells), axis=1)
        for number in range(len(self.levels)):
            total += self.shares[:, cells[:, number]]
        total[-1] += self._tied(cells)
        return np.asarray(total / NANO)

    def _tied(self, cells: Ints) -> Ints:
        """What dependence between fields adds to the unrelated class, by pattern."""
        total = np.zeros(len(cells), np.int64)
        state, heard = np.where(self.is_exact[cells], 0, 1), ~self.is_silent[cells]
        for tie in self.ties:
            both = heard[:, tie.left] & heard[:, tie.right]
            total += np.where(both, tie.nano_bits[state[:, tie.left], state[:, tie.right]], 0)
        return total


def odds(joint: Floats) -> Floats:
    """log2 of the first class over all others, by column."""
    return np.asarray(joint[0] - np.logaddexp2.reduce(joint[1:], axis=0))


def read_weighing(classes: pa.Table, ties: pa.Table) -> Weighing | None:
    """The model in `link_class` and `link_tie`; None where nothing was fitted."""
    if not classes.num_rows:
        return None
    number, field, level, nano = (
        np.asarray(classes.column(c).to_numpy(), np.int64) for c in ("class_no", "field_no", "level_no", "nano_bits")
    )
    kind = np.array(classes.column("kind").to_pylist(), object)
    order = np.lexsort((level, field, number))
    number, field, nano, kind = number[order], field[order], nano[order], kind[order]
    count = int(number.max()) + 1
    is_prior = field == PRIOR
    first = (number == 0) & ~is_prior
    return Weighing(
        levels=tuple(int(n) for n in np.bincount(field[first])),
        shares=nano[~is_prior].reshape(count, -1),
        priors=nano[is_prior],
        is_exact=np.asarray(kind[first] == "exact"),
        is_silent=np.isin(kind[first].astype(str), ("missing", "neutral")),
        ties=_read_ties(ties),
    )


def _read_ties(ties: pa.Table) -> tuple[Tie, ...]:
    found: dict[tuple[int, int], Ints] = {}
    for row in ties.to_pylist():
        bits = found.setdefault((row["field_no_a"], row["field_no_b"]), np.zeros((2, 2), np.int64))
        bits[1 - row["agree_a"], 1 - row["agree_b"]] = row["nano_bits"]
    return tuple(Tie(left, right, bits) for (left, right), bits in sorted(found.items()))
