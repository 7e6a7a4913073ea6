"""The fitted model as tables, for whoever must weigh a pattern after this stage (`cxid.weighing` reads them)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.stages.link.estimate.model import Model
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Space
from cxid.weighing import NANO, PRIOR

_LEAST = 1e-12


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
