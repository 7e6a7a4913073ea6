"""The compared values of all records as one array of integers: a row for each record number.

A value's code is the place where it stands first (record number and slot), times eight, plus its band: equal
values of a field have equal codes, and the text is found where the code says. Beside it stand numbers that tell
most different values apart without their texts. A record's numbers lie together, because what costs time is the
jump to a record and not the numbers that are read there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.model import FieldType
from cxid.stages.link.levels import Comparison
from cxid.stages.link.signatures import Bits, Ints, Signatures, plain_dates, sign

_BATCH = 1_000_000  # records whose texts are in memory at once
_DIGIT_TYPES = (FieldType.PHONE, FieldType.POSTCODE, FieldType.IDENTIFIER)
Rows = npt.NDArray[np.int32]  # one row a record, one column a number
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Slot:
    """The columns that tell of one column of values. A code under zero is no value, a key of -1 no key."""

    code: int
    keys: tuple[int, ...] = ()
    halves: tuple[int, ...] = ()
    text: int | None = None  # the first of three: bits, shape
    aka: int | None = None  # the first of two: a bit for each formal name that the value may stand for
    date: int | None = None
    own: int | None = None  # a key of the value itself, to find names in each other's column


@dataclass(frozen=True)
class Values:
    """Where the values of a compared field stand in a row."""

    comparison: Comparison
    slots: tuple[Slot, ...]
    absent: int | None  # 1 where the record's source lacks the field; None where every source has it


def bits(rows: Rows, column: int) -> Bits:
    """The 64 bits that stand in two columns, the first of them even."""
    return np.asarray(rows[:, column : column + 2].view(np.uint64)[:, 0])


def signatures(rows: Rows, column: int) -> Signatures:
    """The signatures that start at a column."""
    return Signatures(bits(rows, column), rows[:, column + 2].view(np.uint32))


def _key(expression: str) -> str:
    """A number for each text, the same for the same; two texts may share one, so a match is looked at again."""
    return f"CASE WHEN {expression} IS NULL THEN -1 ELSE CAST(hash({expression}) & 2147483647 AS INTEGER) END"


def _columns(comparison: Comparison, slot: str) -> dict[str, str]:
    """What is read of a slot beside its codes: name -> SQL over record_norm."""
    hint, x = comparison.hint, quote(slot)
    found = {}
    for kind, expressions in (("key", hint.keys), ("half", hint.halves)):
        for number, expression in enumerate(expressions):
            found[f"{kind}{number}"] = _key(_filled(expression, slot))
    if hint.signed or hint.date:
        found["text"] = quote(slot + hint.text)
    if hint.aka:
        found["aka"] = quote(slot + "_aka")
    if comparison.swaps_with is not None:
        found["own"] = _key(x)
    return found


def _filled(expression: str, slot: str) -> str:
    """The expression over the columns of a slot."""
    start, name, rest = expression.partition("{x}")
    suffix = rest[: len(rest) - len(rest.lstrip("_abcdefghijklmnopqrstuvwxyz"))] if name else ""
    return f"{start}{quote(slot + suffix)}{rest[len(suffix) :]}" if name else expression


def _batches(engine: Engine, table: str, columns: Mapping[str, str], size: int) -> Iterator[tuple[Ints, pa.Table]]:
    """(record numbers, their columns) of a table, some records at a time; nothing where no column is asked for."""
    if not columns:
        return
    wanted = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
    for start in range(0, size, _BATCH):
        found = engine.fetch(
            f"SELECT record_no, {wanted} FROM {table} WHERE record_no >= ? AND record_no < ?",
            [start, start + _BATCH],
        ).combine_chunks()
        yield found.column("record_no").to_numpy(), found


def _akas(texts: pa.ChunkedArray) -> Bits:
    """One bit of 64 for each formal name in '|robert|william|'; a text's own number decides which bit a name has."""
    encoded = texts.combine_chunks().dictionary_encode()
    bits = np.array([_aka_bits(text) for text in encoded.dictionary.to_pylist()] or [0], np.uint64)
    numbers = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return np.where(np.asarray(texts.is_valid()), bits[numbers], np.uint64(0))


def _aka_bits(text: str) -> int:
    bits = 0
    for name in text.strip("|").split("|"):
        bits |= 1 << (int.from_bytes(name.encode()[:8], "big") * 0x9E3779B97F4A7C15 >> 58 & 63)
    return bits


@dataclass
class _Layout:
    """Hands out columns."""

    width: int = 0

    def take(self) -> int:
        self.width += 1
        return self.width - 1

    def take_wide(self, more: int = 0) -> int:
        """Two columns that 64 bits can be read from, and some more."""
        first = self.width + self.width % 2
        self.width = first + 2 + more
        return first

    def slot(self, comparison: Comparison) -> Slot:
        hint = comparison.hint
        return Slot(
            code=self.take(),
            keys=tuple(self.take() for _ in hint.keys),
            halves=tuple(self.take() for _ in hint.halves),
            text=self.take_wide(1) if hint.signed else None,
            aka=self.take_wide() if hint.aka else None,
            date=self.take() if hint.date else None,
            own=self.take() if comparison.swaps_with is not None else None,
        )


def _halves(values: Bits) -> tuple[Numbers, Numbers]:
    """The numbers of the two columns that hold 64 bits."""
    both = np.ascontiguousarray(values).view(np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _code(slot: Slot, found: pa.Table) -> Iterator[tuple[int, Numbers]]:
    """(column, its codes) of a slot for the records of a batch."""
    yield slot.code, found.column("code").to_numpy()


def _numbers(comparison: Comparison, slot: Slot, found: pa.Table) -> Iterator[tuple[int, Numbers]]:
    """(column, its numbers) of a slot for the records of a batch."""
    plain = {"own": slot.own}
    plain |= {f"key{i}": c for i, c in enumerate(slot.keys)} | {f"half{i}": c for i, c in enumerate(slot.halves)}
    for name, column in plain.items():
        if column is not None:
            yield column, found.column(name).to_numpy().astype(np.int32, copy=False)
    if slot.date is not None:
        yield slot.date, plain_dates(found.column("text").combine_chunks()).view(np.int32)
    if slot.text is not None:
        signed = sign(found.column("text").combine_chunks(), digits=comparison.field.type in _DIGIT_TYPES)
        yield from zip((slot.text, slot.text + 1), _halves(signed.bits), strict=True)
        yield slot.text + 2, signed.shape.view(np.int32)
    if slot.aka is not None:
        yield from zip((slot.aka, slot.aka + 1), _halves(_akas(found.column("aka"))), strict=True)


def read_values(
    engine: Engine, comparisons: Sequence[Comparison], size: int, asked: str | None = None
) -> tuple[Rows, tuple[Values, ...]]:
    """(numbers of all records, where each field's stand); `size` is more than any record number.

    With `asked`, a table with `record_no`, the numbers of its records alone; the others have no value.
    """
    layout = _Layout()
    values = tuple(Values(c, tuple(layout.slot(c) for _ in c.field.slots), None) for c in comparisons)
    lacking = engine.fetch("SELECT DISTINCT absent FROM link_record WHERE absent <> 0").column("absent").to_pylist()
    values = tuple(
        replace(v, absent=layout.take()) if any(bits >> i & 1 for bits in lacking) else v for i, v in enumerate(values)
    )
    rows = np.full((size, layout.width + layout.width % 2), -1, np.int32)
    with ThreadPoolExecutor(1) as pool:  # numbers of one batch are made while the next one is fetched
        waiting: Future[None] | None = None
        for fill in _fillings(engine, values, rows, asked):
            if waiting is not None:
                waiting.result()
            waiting = pool.submit(fill)
        if waiting is not None:
            waiting.result()
    return rows, values


def _fillings(engine: Engine, values: Sequence[Values], rows: Rows, asked: str | None) -> Iterator[Callable[[], None]]:
    """What puts the numbers of one slot of some records into their columns, each with its batch in hand."""
    size = len(rows)
    codes, texts = (name if asked is None else _some(engine, name, asked) for name in ("link_record", "record_norm"))
    for number, field_values in enumerate(values):
        comparison = field_values.comparison
        for name, slot in zip(comparison.field.slots, field_values.slots, strict=True):
            code = {"code": quote(f"{name}_code")}
            for records, found in _batches(engine, codes, code, size):
                yield partial(_fill, rows, records, partial(_code, slot, found))
            for records, found in _batches(engine, texts, _columns(comparison, name), size):
                yield partial(_fill, rows, records, partial(_numbers, comparison, slot, found))
        if field_values.absent is not None:
            absent = {"absent": f"CAST(CASE WHEN (absent & {1 << number}) <> 0 THEN 1 ELSE 0 END AS INTEGER)"}
            for records, found in _batches(engine, codes, absent, size):
                rows[records, field_values.absent] = found.column("absent").to_numpy()


def _some(engine: Engine, table: str, asked: str) -> str:
    """A table with the rows of a table of records that are asked for."""
    name = f"{asked}_{table}"
    engine.run(name, f"SELECT t.* FROM {table} AS t JOIN {asked} AS a ON a.record_no = t.record_no")
    return name


def _fill(rows: Rows, records: Ints, numbers: Callable[[], Iterator[tuple[int, Numbers]]]) -> None:
    """Numbers into their columns; a batch whose records follow one another is a slice, which is faster."""
    first, last = int(records[0]) if len(records) else 0, int(records[-1]) + 1 if len(records) else 0
    place = slice(first, last) if last - first == len(records) and bool((np.diff(records) > 0).all()) else records
    for column, found in numbers():
        rows[place, column] = found


def texts_sql(comparison: Comparison, columns: Sequence[str]) -> str:
    """(id, columns of a value) for every value of a field; `id` is its code without the band.

    `columns` are suffixes; the columns are named as the field's first slot names them.
    """
    slots = comparison.field.slots
    parts = []
    for number, slot in enumerate(slots):
        named = "".join(f", {quote(slot + c)} AS {quote(slots[0] + c)}" for c in columns)
        identity = "record_no" if len(slots) == 1 else f"record_no * {len(slots)} + {number}"
        parts.append(f"SELECT {identity} AS id{named} FROM record_norm WHERE {quote(slot)} IS NOT NULL")
    return " UNION ALL ".join(parts)
