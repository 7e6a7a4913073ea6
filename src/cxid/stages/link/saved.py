"""The fitted model as tables, for whoever weighs a pattern after this stage or in a later build (see `cxid.weighing`).

This stage itself weighs with what the tables say, also in the build that learned: so a later build that keeps the
model gives the same pairs the same weights, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.errors import ContractError
from cxid.stages.link.estimate.gate import Gate
from cxid.stages.link.estimate.model import Model
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space
from cxid.weighing import NANO, PRIOR, Weighing, read_weighing

_LEAST = 1e-12


@dataclass(frozen=True)
class Learned:
    """What pairs are weighed with, and how far it may be trusted."""

    weighing: Weighing
    gate: Gate
    anchors: int  # rules that taught what matches look like
    household: int | None  # number of the household class
    pairs: Floats  # expected of each class but the unrelated one
    held: npt.NDArray[np.bool_] | None = None  # patterns that a less careful model would join: they go to review

    @property
    def share(self) -> float:
        """Matches among all pairs."""
        return float(np.exp2(self.weighing.priors[0] / NANO + self.gate.bar))

    def shares(self, joint: Floats) -> Floats:
        """Share of each class (rows) in each pattern, from `Weighing.joint`; what is asked of a match left aside."""
        level = joint.copy()
        level[0] += self.gate.bar
        return np.asarray(np.exp2(level - np.logaddexp2.reduce(level, axis=0)))


def _nano(share: float) -> int:
    return round(float(np.log2(max(share, _LEAST))) * NANO)


def _class_rows(space: Space, model: Model, bar: float) -> Iterator[dict[str, object]]:
    mixture = model.mixture
    rest = max(mixture.all_pairs - float(mixture.pairs.sum()), 0.5 * mixture.all_pairs * _LEAST)
    classes, pairs = (*mixture.classes, mixture.unrelated), (*mixture.pairs, rest)
    for number, (shares, count) in enumerate(zip(classes, pairs, strict=True)):
        asked = round(bar * NANO) if number == 0 else 0
        prior = _nano(float(count) / mixture.all_pairs) - asked
        yield {"class_no": number, "field_no": PRIOR, "level_no": 0, "kind": "prior", "nano_bits": prior}
        for field_no, comparison in enumerate(space.comparisons):
            for level_no, level in enumerate(comparison.levels):
                neutral = level.kind is LevelKind.NEUTRAL
                share = float(shares[int(space.offsets[field_no]) + level_no])
                yield {
                    "class_no": number,
                    "field_no": field_no,
                    "level_no": level_no,
                    "kind": level.kind.value,
                    "nano_bits": 0 if neutral else _nano(share),
                }


def _tie_rows(model: Model) -> Iterator[dict[str, int]]:
    for edge in model.edges:
        for left, right in product((0, 1), repeat=2):
            yield {
                "field_no_a": edge.left,
                "field_no_b": edge.right,
                "agree_a": 1 - left,
                "agree_b": 1 - right,
                "nano_bits": round(float(np.log2(edge.lift[left, right])) * NANO),
            }


def write_saved(engine: Engine, space: Space, model: Model, bar: float) -> None:
    """link_class and link_tie; `bar` bits are asked on top of the prior of a match."""
    small, large = pa.int32(), pa.int64()
    cell = {"class_no": small, "field_no": small, "level_no": small, "kind": pa.string(), "nano_bits": large}
    engine.load("link_class", pa.Table.from_pylist(list(_class_rows(space, model, bar)), pa.schema(cell)))
    pair = {"field_no_a": small, "field_no_b": small, "agree_a": small, "agree_b": small, "nano_bits": large}
    engine.load("link_tie", pa.Table.from_pylist(list(_tie_rows(model)), pa.schema(pair)))


def written(engine: Engine, space: Space, model: Model, gate: Gate) -> Learned:
    """The model as its tables have it, which are written."""
    write_saved(engine, space, model, gate.bar)
    return Learned(_weighing(engine), gate, model.anchors, model.household, model.mixture.pairs, model.held)


def read_back(engine: Engine, patterns: Patterns, gate: Gate, anchors: int, household: int | None) -> Learned:
    """The model that link_class and link_tie already hold, on other pairs than those that it was learned from."""
    learned = Learned(_weighing(engine), gate, anchors, household, np.zeros(0))
    found = learned.shares(learned.weighing.joint(patterns.codes))[:-1] * patterns.pairs
    return Learned(learned.weighing, gate, anchors, household, found.sum(axis=1))


def _weighing(engine: Engine) -> Weighing:
    found = read_weighing(engine.fetch("SELECT * FROM link_class"), engine.fetch("SELECT * FROM link_tie"))
    if found is None:
        raise ContractError("a linkage model without classes", hint="this is a bug in cxid: report it")
    return found
