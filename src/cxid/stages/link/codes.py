"""The compared values of all records as arrays of integers, one entry for each record number.

A value's code is the place where it stands first (record number and slot), times eight, plus its band: equal
values of a field have equal codes, and the text is found where the code says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.model import FieldType
from cxid.stages.link.levels import BAND_BITS, Comparison
from cxid.stages.link.signatures import Bits, Figures, Ints, Signatures, Truths, nothing, plain_dates, sign

_BATCH = 1_000_000  # records whose texts are in memory at once
_DIGIT_TYPES = (FieldType.PHONE, FieldType.POSTCODE, FieldType.IDENTIFIER)
Codes = npt.NDArray[np.int32] | npt.NDArray[np.int64]


@dataclass(frozen=True)
class Slot:
    """One column of values. A code under zero is no value, a key of -1 no key."""

    code: Codes
    keys: tuple[Codes, ...]
    halves: tuple[Codes, ...]
    signs: Signatures | None
    aka: Bits | None  # a bit for each formal name that the value may stand for
    date: Figures | None
    own: Codes | None  # a key of the value itself, to find names in each other's column


@dataclass(frozen=True)
class Values:
    """The values of a compared field."""

    comparison: Comparison
    slots: tuple[Slot, ...]
    absent: Truths | None  # whether the record's source lacks the field; None where every source has it


def _key(expression: str) -> str:
    """A number for each text, the same for the same; two texts may share one, so a match is looked at again."""
    return f"CASE WHEN {expression} IS NULL THEN -1 ELSE CAST(hash({expression}) & 2147483647 AS INTEGER) END"


def _columns(comparison: Comparison, slot: str) -> dict[str, str]:
    """What is read of a slot: name -> SQL over link_record."""
    hint, x = comparison.hint, quote(slot)
    found = {"code": f"CASE WHEN {x} IS NULL THEN -1 ELSE {quote(slot + '_code')} END"}
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


def _batches(engine: Engine, columns: Mapping[str, str], size: int) -> Iterator[tuple[Ints, pa.Table]]:
    """(record numbers, their columns), some records at a time."""
    wanted = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
    for start in range(0, size, _BATCH):
        found = engine.fetch(
            f"SELECT record_no, {wanted} FROM link_record WHERE record_no >= ? AND record_no < ?",
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


def _slot(engine: Engine, comparison: Comparison, slot: str, size: int) -> Slot:
    columns, hint = _columns(comparison, slot), comparison.hint
    wide = size * len(comparison.field.slots) >= 2 ** (31 - BAND_BITS)
    numbers: dict[str, Codes] = {}
    for name in columns.keys() - {"text", "aka"}:
        numbers[name] = np.full(size, -1, np.int64) if wide and name == "code" else np.full(size, -1, np.int32)
    signs = nothing(size) if hint.signed else None
    aka = np.zeros(size, np.uint64) if hint.aka else None
    date = np.zeros(size, np.uint32) if hint.date else None
    for rows, found in _batches(engine, columns, size):
        for name, values in numbers.items():
            values[rows] = found.column(name).to_numpy()
        if aka is not None:
            aka[rows] = _akas(found.column("aka"))
        if date is not None:
            date[rows] = plain_dates(found.column("text").combine_chunks())
        if signs is not None:
            signed = sign(found.column("text").combine_chunks(), digits=comparison.field.type in _DIGIT_TYPES)
            for name in ("bits", "length", "excess", "first"):
                getattr(signs, name)[rows] = getattr(signed, name)
    keys, halves = (tuple(numbers[n] for n in sorted(numbers) if n.startswith(kind)) for kind in ("key", "half"))
    return Slot(numbers["code"], keys, halves, signs, aka, date, numbers.get("own"))


def read_values(engine: Engine, comparison: Comparison, bit: int, size: int) -> Values:
    """The values of a field; `bit` is the field's in the records' `absent`, `size` more than any record number."""
    slots = tuple(_slot(engine, comparison, s, size) for s in comparison.field.slots)
    absent = np.zeros(size, np.bool_)
    lacking = engine.fetch(f"SELECT record_no FROM link_record WHERE (absent & {bit}) <> 0")
    absent[lacking.column("record_no").to_numpy()] = True
    return Values(comparison, slots, absent if lacking.num_rows else None)


def texts_sql(comparison: Comparison, columns: tuple[str, ...]) -> str:
    """(id, columns of a value) for every value of a field; `id` is its code without the band.

    `columns` are suffixes; the columns are named as the field's first slot names them.
    """
    slots = comparison.field.slots
    parts = []
    for number, slot in enumerate(slots):
        named = ", ".join(f"{quote(slot + c)} AS {quote(slots[0] + c)}" for c in columns)
        identity = "record_no" if len(slots) == 1 else f"record_no * {len(slots)} + {number}"
        parts.append(f"SELECT {identity} AS id, {named} FROM link_record WHERE {quote(slot)} IS NOT NULL")
    return " UNION ALL ".join(parts)
