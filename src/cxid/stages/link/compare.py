"""The agreement patterns of record pairs, millions at a time.

Gathering wide rows for each pair costs an engine ten times what comparing integers costs. So the pairs come in
batches, integers decide what they can (equal, missing, certainly different), and the texts of the rest go
through the SQL of `levels`, once for each two values. Results do not depend on the batches or on threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.config.fields import DERIVED
from cxid.engine.base import Engine, quote
from cxid.stages.link.codes import Numbers, Rows, Slot, Values, bits, read_values, signatures, texts_sql
from cxid.stages.link.dates import date_levels
from cxid.stages.link.levels import BAND_BITS, BANDS, Comparison, Hint, LevelKind
from cxid.stages.link.patterns import scales
from cxid.stages.link.signatures import Ints, Truths, overlap

Levels = npt.NDArray[np.uint8]
Copies = npt.NDArray[np.int32]
_BLOCK = 4_096  # pairs whose rows stay in the cache of one core while they are compared
_SEEN, _REPEATING = 100_000, 0.7  # keys looked at, and the share of different ones from which on all are taken
_BY_INTEGERS = 0.5  # of the time that pairs take, before the texts of those that are open
_HALF = 31  # bits of a value's id in a key of two values


def _shared(mine: Sequence[int], theirs: Sequence[int], a: Rows, b: Rows) -> Truths:
    """Whether one of the keys is the same."""
    found = np.zeros(len(a), np.bool_)
    for left, right in zip(mine, theirs, strict=True):
        key = a[:, left]
        found |= (key == b[:, right]) & (key >= 0)
    return found


def _may_be_near(hint: Hint, x: Slot, y: Slot, a: Rows, b: Rows) -> Truths:
    """Whether two different values may be anything but "different"; never wrong about those that are nearer."""
    found = _shared(x.keys, y.keys, a, b)
    if x.aka is not None and y.aka is not None:
        found |= (bits(a, x.aka) & bits(b, y.aka)) != 0
    if x.text is None or y.text is None:
        return found
    may = overlap(signatures(a, x.text), signatures(b, y.text))
    if hint.alike:
        found |= may.alike(hint.alike)
    if hint.contained:
        found |= may.contained()
    if hint.initials:
        found |= may.initials()
    if hint.slips:
        found |= _shared(x.halves, y.halves, a, b) & may.slips(hint.slips)
    return found


@dataclass(frozen=True)
class Open:
    """Pairs of different values that only their texts can tell apart."""

    places: Ints
    keys: Ints  # the two values

    @classmethod
    def of(cls, places: Ints, left: Numbers, right: Numbers) -> Open:
        one, other = (c.astype(np.int64) >> BAND_BITS for c in (left, right))
        return cls(places, (np.minimum(one, other) << _HALF) | np.maximum(one, other))


_NONE = Open(np.zeros(0, np.int64), np.zeros(0, np.int64))


def _tell(values: Values, x: Slot, y: Slot, a: Rows, b: Rows) -> tuple[Levels, Open]:
    """(levels, "different" where that is open; what is open) of pairs of records by one slot of each."""
    comparison, hint = values.comparison, values.comparison.hint
    left, right = a[:, x.code], b[:, y.code]
    band = (left & (1 << BAND_BITS) - 1).astype(np.uint8)
    level = np.where(left == right, band, np.uint8(comparison.different))
    none = (left | right) < 0
    np.copyto(level, np.uint8(comparison.missing), where=none)
    if values.absent is not None:
        none &= (a[:, values.absent] | b[:, values.absent]) != 0
        np.copyto(level, np.uint8(comparison.not_in_source), where=none)
    if hint == Hint():
        return level, _NONE
    is_open = level == comparison.different
    if x.date is not None and y.date is not None:
        born, stated = a[:, x.date].view(np.uint32), b[:, y.date].view(np.uint32)
        plain = is_open & (born > 0) & (stated > 0)
        np.copyto(level, date_levels(born, stated) + np.uint8(BANDS), where=plain)
        is_open &= ~plain
    else:
        is_open &= _may_be_near(hint, x, y, a, b)
    places = np.flatnonzero(is_open)
    return level, Open.of(places, left.take(places), right.take(places))


def _tell_best(values: Values, a: Rows, b: Rows) -> tuple[Levels, Open]:
    """The same by the best two slots; a pair may be open more than once."""
    found = [_tell(values, x, y, a, b) for x, y in product(values.slots, repeat=2)]
    if len(found) == 1:
        return found[0]
    level = np.asarray(np.minimum.reduce([level for level, _ in found]))
    places, keys = (np.concatenate(each) for each in zip(*((o.places, o.keys) for _, o in found), strict=True))
    return level, Open(places, keys)


def _distinct(keys: Ints) -> tuple[Ints, Ints | None]:
    """(keys, place of each in them); as they are, without places, where few repeat: finding out costs more."""
    seen = keys[:_SEEN]
    if len(np.unique(seen)) > _REPEATING * len(seen):
        return keys, None
    encoded = pa.array(keys).dictionary_encode()
    return encoded.dictionary.to_numpy(), encoded.indices.to_numpy()


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


def read_copies(engine: Engine) -> Copies:
    """By record number, how many records are identical to it, itself included; 0 for all that others stand for."""
    rows = engine.fetch("SELECT record_no, copies FROM link_record")
    found = np.zeros(int(engine.scalar("SELECT coalesce(max(record_no), 0) FROM record_norm")) + 1, np.int32)
    found[rows.column("record_no").to_numpy()] = rows.column("copies").to_numpy()
    return found


class Comparer:
    """Finds patterns of pairs of records of link_record; holds some 100 bytes for each record.

    With `asked`, a table with `record_no`, of those records alone.
    """

    def __init__(self, engine: Engine, comparisons: Sequence[Comparison], *, asked: str | None = None) -> None:
        self._engine, self._threads = engine, engine.threads
        self._scales = scales(comparisons)
        size = int(engine.scalar("SELECT coalesce(max(record_no), 0) FROM record_norm")) + 1
        told = [c for c in comparisons if c.levels[0].kind is not LevelKind.CONTEXT]
        self._rows, self._values = read_values(engine, told, size, asked)
        self._source = _sources(engine) if len(told) < len(comparisons) else None
        self.copies, self.alone = read_copies(engine), np.full(size, -1, np.int32)
        rows = engine.fetch("SELECT record_no, alone FROM link_record WHERE alone IS NOT NULL")
        self.alone[rows.column("record_no").to_numpy()] = rows.column("alone").to_numpy()

    @property
    def records(self) -> Ints:
        """The record numbers, ascending."""
        return np.flatnonzero(self.copies)

    def patterns(self, left: Ints, right: Ints, *, told: Callable[[float], None] = lambda _: None) -> Ints:
        """The packed pattern of each pair of record numbers. `told` hears how large a part is done, 0 to 1."""
        total = np.zeros(len(left), np.int64)
        levels = np.empty((len(self._values), len(left)), np.uint8)
        blocks = [slice(i, i + _BLOCK) for i in range(0, len(left), _BLOCK)]

        def tell(block: slice) -> list[Open]:
            a, b = (self._rows.take(r[block], axis=0) for r in (left, right))
            found = []
            for number, values in enumerate(self._values):
                levels[number, block], left_open = _tell_best(values, a, b)
                found.append(Open(left_open.places + block.start, left_open.keys))
            return found

        def add(block: slice) -> None:
            for level, scale in zip(levels, self._scales, strict=False):
                total[block] += level[block].astype(np.int64) * scale
            total[block] += self.apart(left[block], right[block])

        with ThreadPoolExecutor(self._threads) as pool:
            opened: list[list[Open]] = []
            for found in pool.map(tell, blocks):
                told(_BY_INTEGERS * len(opened) / len(blocks))
                opened.append(found)
            for number, values in enumerate(self._values):
                told(_BY_INTEGERS + (1 - _BY_INTEGERS) * number / len(self._values))
                self._close(values.comparison, levels[number], [o[number] for o in opened])
            self._mark_swapped(levels, left, right)
            list(pool.map(add, blocks))
        return total

    def apart(self, left: Ints, right: Ints) -> Ints:
        """What it adds to each pair's pattern that its records come from two sources."""
        if self._source is None:
            return np.zeros(len(left), np.int64)
        across = self._source.take(left) != self._source.take(right)
        return np.where(across, np.int64(self._scales[-1]), np.int64(0))

    def _close(self, comparison: Comparison, level: Levels, told: Sequence[Open]) -> None:
        """Puts in the levels that only texts can tell."""
        places, keys = (np.concatenate([getattr(o, n) for o in (_NONE, *told)]) for n in ("places", "keys"))
        if len(keys):
            # a pair is open once for each two of its slots: the best counts, and an open level is the worst there is
            np.minimum.at(level, places, self._near(comparison, keys))

    def _near(self, comparison: Comparison, keys: Ints) -> Levels:
        """The level of each key's two different values, by their texts."""
        different, places = _distinct(keys)
        left, right = different >> _HALF, different & (1 << _HALF) - 1
        there = np.zeros(len(self._rows) * len(comparison.field.slots), np.bool_)
        there[left] = there[right] = True
        ids = np.flatnonzero(there)
        texts = self._texts(comparison, ids)
        row = np.empty(len(there), np.int32)
        row[texts.column("id").to_numpy()] = np.arange(len(ids), dtype=np.int32)
        texts = texts.drop_columns("id").combine_chunks().to_struct_array().combine_chunks()
        pairs = pa.table({"a": texts.take(pa.array(row.take(left))), "b": texts.take(pa.array(row.take(right)))})
        self._engine.load("link_near", pairs)
        found = self._engine.fetch(f"SELECT CAST({comparison.near} AS UTINYINT) AS level FROM link_near")
        self._engine.drop("link_near")
        level = found.column("level").to_numpy()
        return level if places is None else np.asarray(level.take(places))

    def _texts(self, comparison: Comparison, ids: Ints) -> pa.Table:
        """(id, columns of the value that its levels rest on) of values, in any order."""
        slot, suffixes = comparison.field.slots[0], DERIVED.get(comparison.field.type, {})
        read = [c for c in ("", *(f"_{s}" for s in suffixes)) if quote(slot + c) in comparison.near]
        self._engine.load("link_near", pa.table({"id": ids}))
        columns = ", ".join(["t.id", *(f"t.{quote(slot + c)}" for c in read)])
        return self._engine.fetch(
            f"WITH text AS ({texts_sql(comparison, read)}) SELECT {columns} FROM text t JOIN link_near k ON k.id = t.id"
        )

    def _mark_swapped(self, levels: Levels, left: Ints, right: Ints) -> None:
        """Puts in the level of pairs whose given and family name stand in each other's column."""
        names = [(i, v) for i, v in enumerate(self._values) if v.comparison.swaps_with is not None]
        if not names:
            return
        places = np.flatnonzero(np.logical_and.reduce([levels[i] >= BANDS for i, _ in names]))
        own = [v.slots[0].own for _, v in names]
        for one, other in (own, reversed(own)):
            key = self._rows[left[places], one]
            places = places[(key == self._rows[right[places], other]) & (key >= 0)]
        if not len(places):
            return
        asked = {"number": np.arange(len(places)), "a": left[places], "b": right[places]}
        self._engine.load("link_near", pa.table(asked))
        mine, theirs = (quote(v.comparison.field.slots[0]) for _, v in names)
        found = self._engine.fetch(
            "SELECT k.number FROM link_near k JOIN record_norm a ON a.record_no = k.a "
            f"JOIN record_norm b ON b.record_no = k.b WHERE a.{mine} = b.{theirs} AND a.{theirs} = b.{mine}"
        )
        self._engine.drop("link_near")
        sure = places[found.column("number").to_numpy()]
        for number, values in names:
            levels[number, sure] = values.comparison.swapped
