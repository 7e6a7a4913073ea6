"""The agreement patterns of record pairs, millions at a time.

Gathering wide rows for each pair costs an engine ten times what comparing integers costs. So the pairs come in
batches, integers decide what they can (equal, missing, certainly different), and the texts of the rest go
through the SQL of `levels`, once for each two values. Results do not depend on the batches or on threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.config.fields import DERIVED
from cxid.engine.base import Engine, quote
from cxid.stages.link.codes import Codes, Slot, Values, read_values, texts_sql
from cxid.stages.link.dates import date_levels
from cxid.stages.link.levels import BAND_BITS, BANDS, Comparison, Hint, LevelKind
from cxid.stages.link.patterns import scales
from cxid.stages.link.signatures import Ints, Truths

Levels = npt.NDArray[np.uint8]
_BLOCK = 65_536  # pairs whose columns fit into a processor's cache together
_HALF = 31  # bits of a value's id in a key of two values


def _shared(mine: Sequence[Codes], theirs: Sequence[Codes], a: Ints, b: Ints) -> Truths:
    """Whether one of the keys is the same."""
    found = np.zeros(len(a), np.bool_)
    for left, right in zip(mine, theirs, strict=True):
        key = left.take(a)
        found |= (key == right.take(b)) & (key >= 0)
    return found


def _may_be_near(hint: Hint, x: Slot, y: Slot, a: Ints, b: Ints) -> Truths:
    """Whether two different values may be anything but "different"; never wrong about those that are nearer."""
    found = _shared(x.keys, y.keys, a, b)
    if x.aka is not None and y.aka is not None:
        found |= (x.aka.take(a) & y.aka.take(b)) != 0
    if x.signs is None or y.signs is None:
        return found
    if hint.alike:
        found |= x.signs.alike(y.signs, a, b, hint.alike)
    if hint.contained:
        found |= x.signs.contained(y.signs, a, b)
    if hint.initials:
        found |= x.signs.initials(y.signs, a, b)
    if hint.slips:
        found |= _shared(x.halves, y.halves, a, b) & x.signs.slips(y.signs, a, b, hint.slips)
    return found


def _told(values: Values, x: Slot, y: Slot, a: Ints, b: Ints) -> tuple[Levels, Ints, Ints]:
    """(levels, places that need a look at the texts, the two values there as one key) of pairs of records."""
    comparison, hint = values.comparison, values.comparison.hint
    left, right = x.code.take(a), y.code.take(b)
    level = np.where(left == right, left & (1 << BAND_BITS) - 1, comparison.different).astype(np.uint8)
    none = (left | right) < 0
    level[none] = comparison.missing
    if values.absent is not None:
        level[none & (values.absent.take(a) | values.absent.take(b))] = comparison.not_in_source
    if hint == Hint():
        return level, np.zeros(0, np.int64), np.zeros(0, np.int64)
    rest = np.flatnonzero(level == comparison.different)
    a, b = a.take(rest), b.take(rest)
    if x.date is not None and y.date is not None:
        born, stated = x.date.take(a), y.date.take(b)
        plain = (born > 0) & (stated > 0)
        level[rest[plain]] = BANDS + date_levels(born[plain], stated[plain])
        near = ~plain
    else:
        near = _may_be_near(hint, x, y, a, b)
    places = rest[near]
    one, other = left.take(places).astype(np.int64) >> BAND_BITS, right.take(places).astype(np.int64) >> BAND_BITS
    return level, places, (np.minimum(one, other) << _HALF) | np.maximum(one, other)


def _sources(engine: Engine) -> npt.NDArray[np.int16]:
    """Of each record, the number of its source."""
    rows = engine.fetch(
        "SELECT r.record_no, s.number FROM record_norm AS r JOIN (SELECT source, CAST(row_number() OVER "
        "(ORDER BY source) AS SMALLINT) AS number FROM link_source) AS s ON s.source = r.source"
    )
    record = rows.column("record_no").to_numpy()
    found = np.zeros(int(record.max()) + 1, np.int16)
    found[record] = rows.column("number").to_numpy()
    return found


class Comparer:
    """Finds patterns of pairs of records in link_record; holds some tens of bytes for each record."""

    def __init__(self, engine: Engine, comparisons: Sequence[Comparison]) -> None:
        self._engine, self._threads = engine, engine.threads
        self._scales = scales(comparisons)
        size = int(engine.scalar("SELECT coalesce(max(record_no), 0) FROM link_record")) + 1
        told = [c for c in comparisons if c.levels[0].kind is not LevelKind.CONTEXT]
        self._values = [read_values(engine, c, 1 << i, size) for i, c in enumerate(told)]
        self._source = _sources(engine) if len(told) < len(comparisons) else None
        rows = engine.fetch("SELECT record_no, copies, coalesce(alone, -1) AS alone FROM link_record")
        self.copies, self.alone = np.zeros(size, np.int32), np.full(size, -1, np.int32)
        self.copies[rows.column("record_no").to_numpy()] = rows.column("copies").to_numpy()
        self.alone[rows.column("record_no").to_numpy()] = rows.column("alone").to_numpy()

    @property
    def records(self) -> Ints:
        """The record numbers, ascending."""
        return np.flatnonzero(self.copies)

    def patterns(self, left: Ints, right: Ints) -> Ints:
        """The packed pattern of each pair of record numbers."""
        total = np.zeros(len(left), np.int64)
        swapped = self._swapped(left, right)
        for values, scale in zip(self._values, self._scales, strict=False):
            level = self._best(values, left, right)
            if values.comparison.swaps_with is not None:
                level[swapped[level[swapped] >= BANDS]] = values.comparison.swapped
            total += level * np.int64(scale)
        return total + self.apart(left, right)

    def apart(self, left: Ints, right: Ints) -> Ints:
        """What it adds to each pair's pattern that its records come from two sources."""
        if self._source is None:
            return np.zeros(len(left), np.int64)
        across = self._source.take(left) != self._source.take(right)
        return np.where(across, np.int64(self._scales[-1]), np.int64(0))

    def _best(self, values: Values, left: Ints, right: Ints) -> Levels:
        """The best level that any two values of a field have."""
        found = [self._levels(values, x, y, left, right) for x, y in product(values.slots, repeat=2)]
        return np.asarray(np.minimum.reduce(found)) if len(found) > 1 else found[0]

    def _levels(self, values: Values, x: Slot, y: Slot, left: Ints, right: Ints) -> Levels:
        level = np.empty(len(left), np.uint8)

        def tell(start: int) -> tuple[Ints, Ints]:
            block = slice(start, start + _BLOCK)
            level[block], places, keys = _told(values, x, y, left[block], right[block])
            return places + start, keys

        with ThreadPoolExecutor(self._threads) as pool:
            told = list(pool.map(tell, range(0, len(left), _BLOCK)))
        keys = np.concatenate([k for _, k in told]) if told else np.zeros(0, np.int64)
        if len(keys):
            level[np.concatenate([p for p, _ in told])] = self._near(values.comparison, keys)
        return level

    def _near(self, comparison: Comparison, keys: Ints) -> Levels:
        """The level of each key's two different values, by their texts."""
        encoded = pa.array(keys).dictionary_encode()
        different = encoded.dictionary.to_numpy()
        self._ask(different >> _HALF, different & (1 << _HALF) - 1)
        columns = ("", *(f"_{suffix}" for suffix in DERIVED.get(comparison.field.type, {})))
        texts = texts_sql(comparison, columns)
        found = self._engine.fetch(
            f"WITH text AS ({texts}) SELECT k.number, CAST({comparison.near} AS UTINYINT) AS level "
            "FROM link_near k JOIN text a ON a.id = k.a JOIN text b ON b.id = k.b"
        )
        self._engine.drop("link_near")
        level = np.zeros(len(different), np.uint8)
        level[found.column("number").to_numpy()] = found.column("level").to_numpy()
        return np.asarray(level.take(encoded.indices.to_numpy()))

    def _ask(self, a: Ints, b: Ints) -> None:
        """Table link_near (number, a, b)."""
        self._engine.load("link_near", pa.table({"number": np.arange(len(a)), "a": a, "b": b}))

    def _swapped(self, left: Ints, right: Ints) -> Ints:
        """The places of pairs whose given and family name stand in each other's column."""
        names = [v for v in self._values if v.comparison.swaps_with is not None]
        if not names:
            return np.zeros(0, np.int64)
        x, y = (v.slots[0].own for v in names)
        assert x is not None and y is not None  # every slot of a name that may be swapped has its own keys

        def crossed(start: int) -> Ints:
            a, b = left[start : start + _BLOCK], right[start : start + _BLOCK]
            key = x.take(a)
            found = np.flatnonzero((key == y.take(b)) & (key >= 0))
            key = y.take(a[found])
            return np.asarray(start + found[(key == x.take(b[found])) & (key >= 0)])

        with ThreadPoolExecutor(self._threads) as pool:
            places = np.concatenate([np.zeros(0, np.int64), *pool.map(crossed, range(0, len(left), _BLOCK))])
        if not len(places):
            return places
        self._ask(left[places], right[places])
        one, other = (quote(v.comparison.field.slots[0]) for v in names)
        sure = self._engine.fetch(
            "SELECT k.number FROM link_near k JOIN link_record a ON a.record_no = k.a "
            f"JOIN link_record b ON b.record_no = k.b WHERE a.{one} = b.{other} AND a.{other} = b.{one}"
        )
        self._engine.drop("link_near")
        return np.asarray(places[sure.column("number").to_numpy()])
