"""Patterns of pairs that the run before has compared already.

How two records agree rests on what is compared of them, on how common the values are that they share, and on the
compared fields, which a kept model keeps. So a pair of records that are as they were, none of whose values moved to
another band, has the pattern that it had. Only pairs are taken over: which ones are proposed is asked anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.link.pairs import Ints
from cxid.stages.link.relations import PAIR_BASE, PAIR_BITS

REUSES: Mapping[str, str] = {"earlier_link_compared": "link_compared"}
"""Name here -> table of the run before."""

_WORTH = 0.5  # of the records are as they were: with fewer, comparing all costs less
OPEN = -1  # in the place of a pattern: nobody has compared these two

# values of the kept model that have become two bands more common
_MOVED = """
SELECT b.field_no, b.value FROM link_band AS b JOIN kept_band AS k ON k.field_no = b.field_no AND k.value = b.value
WHERE k.band <> b.band
UNION ALL
SELECT b.field_no, b.value FROM link_band AS b LEFT JOIN kept_band AS k ON k.field_no = b.field_no AND k.value = b.value
WHERE k.value IS NULL
"""


class Compared:
    """Finds the earlier patterns of pairs; holds four bytes for each record."""

    def __init__(self, engine: Engine, fields: Sequence[Field]) -> None:
        self._engine = engine
        size = int(engine.scalar("SELECT coalesce(max(record_no), 0) FROM record_norm")) + 1
        self._earlier: npt.NDArray[np.int32] = np.full(size, -1, np.int32)
        known = engine.fetch("SELECT record_no, earlier_record_no FROM unchanged_norm")
        self._earlier[known.column("record_no").to_numpy()] = known.column("earlier_record_no").to_numpy()
        self._earlier[_moved(engine, fields)] = -1

    def patterns(self, pair: Ints) -> Ints:
        """The pattern of each pair of an ascending list, OPEN where it is not known."""
        found = np.full(len(pair), OPEN, np.int64)
        a, b = self._earlier.take(pair >> PAIR_BITS), self._earlier.take(pair & PAIR_BASE - 1)
        asked = np.flatnonzero((a >= 0) & (b >= 0))
        if not len(asked):
            return found
        a, b = a.take(asked).astype(np.int64), b.take(asked).astype(np.int64)
        told = self._engine.fetch(
            "SELECT record_no_a, record_no_b, pattern FROM earlier_link_compared "
            "WHERE record_no_a >= ? AND record_no_a <= ? ORDER BY record_no_a, record_no_b",
            [int(a[0]), int(a[-1])],  # records keep their order from run to run
        )
        key = told.column("record_no_a").to_numpy() << PAIR_BITS | told.column("record_no_b").to_numpy()
        if len(key):
            wanted = a << PAIR_BITS | b
            at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            there = np.flatnonzero(key.take(at) == wanted)
            found[asked[there]] = told.column("pattern").to_numpy().take(at[there])
        return found


def compared_before(ctx: StageContext, fields: Sequence[Field]) -> Compared | None:
    """What the run before has compared; None where little may be taken over. Needs tables of the kept model."""
    engine = ctx.engine
    if not ctx.reused >= {*REUSES, "unchanged_norm"}:
        return None
    if engine.count("unchanged_norm") < _WORTH * engine.count("record_norm"):
        return None
    return Compared(engine, fields)


def _moved(engine: Engine, fields: Sequence[Field]) -> Ints:
    """Records with a value that is in another band than in the run before."""
    engine.run("link_moved", _MOVED)
    numbers = engine.fetch("SELECT DISTINCT field_no FROM link_moved ORDER BY field_no").column("field_no").to_pylist()
    parts = [
        "SELECT r.record_no FROM record_norm AS r "
        f"JOIN link_moved AS m ON m.field_no = {n} AND m.value = r.{quote(slot)}"
        for n in numbers
        for slot in fields[n].slots
    ]
    found = engine.fetch(" UNION ".join(parts)) if parts else None
    engine.drop("link_moved")
    return np.zeros(0, np.int64) if found is None else np.asarray(found.column("record_no").to_numpy())
