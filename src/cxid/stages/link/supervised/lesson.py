"""What decisions taught: bits for every pattern, by figures that a table of the run keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np
import pyarrow as pa

from cxid.stages.link.patterns import Floats, Ints, Patterns

LN2 = log(2)
_MOST_BITS = 8.0  # that labels may move a pair
_FADE = 4.0  # bits beyond the labelled scores over which what they say fades out
_DECIMALS = 9  # of learned figures: what another order of additions changes lies beyond
_SCALE = 10**_DECIMALS
_LEVEL, _OWN = "level", ("start", "slope", "most", "low", "high", "shift")


@dataclass(frozen=True)
class Line:
    """Bits of a pair: `start`, `slope` for each bit of its score up to `most` on either side, and what levels add."""

    start: float
    slope: float
    most: float
    by_cell: Floats

    def bits(self, levels: Ints, score: Floats) -> Floats:
        """log2 of match over other; `levels` are cells, one row a pair."""
        held = np.clip(score, -self.most, self.most)
        total = self.start + self.slope * held
        for number in range(levels.shape[1]):  # field by field: the same sum whatever other pairs there are
            total = total + self.by_cell[levels[:, number]]
        return np.asarray(total)


@dataclass(frozen=True)
class Lesson:
    """A line, the scores between which labels lie, and the bits by which the pairs there are moved back as a whole."""

    line: Line
    low: float
    high: float
    shift: float = 0.0

    def rounded(self) -> Lesson:
        """As the table has it."""
        own = (self.line.start, self.line.slope, self.line.most, self.low, self.high, self.shift)
        start, slope, most, low, high, shift = (round(x, _DECIMALS) for x in own)
        return Lesson(Line(start, slope, most, np.round(self.line.by_cell, _DECIMALS)), low, high, shift)

    def shifted(self, bits: float) -> Lesson:
        return replace(self, shift=bits)

    def reach(self, score: Floats) -> Floats:
        """How far what labels say holds at each score, 0 to 1."""
        return np.clip(np.minimum(score - self.low, self.high - score) / _FADE + 1, 0.0, 1.0)

    def raw(self, patterns: Patterns, score: Floats, chosen: Ints) -> Floats:
        """Bits that the line would move each chosen pattern, wherever labels lie."""
        return self.line.bits(patterns.levels[chosen] + patterns.space.offsets[:-1], score[chosen]) - score[chosen]

    def bits(self, patterns: Patterns, score: Floats) -> Floats:
        """Bits that are added to each pattern of this score."""
        reach = self.reach(score)
        touched = np.flatnonzero(reach > 0)
        found = np.zeros(len(score))
        moved = np.clip(self.raw(patterns, score, touched) + self.shift, -_MOST_BITS, _MOST_BITS)
        found[touched] = reach[touched] * moved
        return found

    def table(self) -> pa.Table:
        """link_taught."""
        figures = (self.line.start, self.line.slope, self.line.most, self.low, self.high, self.shift)
        values = [*figures, *self.line.by_cell.tolist()]
        kinds = [*_OWN, *[_LEVEL] * len(self.line.by_cell)]
        cells = [*[0] * len(_OWN), *range(len(self.line.by_cell))]
        rows = sorted(zip(kinds, cells, (round(v * _SCALE) for v in values), strict=True))
        return _table(*([*column] for column in zip(*rows, strict=True)))


def _table(kinds: list[str], cells: list[int], values: list[int]) -> pa.Table:
    return pa.table(
        {
            "figure": pa.array(kinds, pa.string()),
            "cell": pa.array(cells, pa.int32()),
            "nano_bits": pa.array(values, pa.int64()),
        }
    )


NOTHING = _table([], [], [])
"""link_taught where decisions add nothing."""


def read_lesson(taught: pa.Table) -> Lesson | None:
    """The lesson in link_taught; None where there is none."""
    rows = taught.to_pylist()
    if not rows:
        return None
    own = {r["figure"]: r["nano_bits"] / _SCALE for r in rows if r["figure"] != _LEVEL}
    cells = sorted((r["cell"], r["nano_bits"] / _SCALE) for r in rows if r["figure"] == _LEVEL)
    line = Line(own["start"], own["slope"], own["most"], np.array([bits for _, bits in cells]))
    return Lesson(line, own["low"], own["high"], own["shift"])
