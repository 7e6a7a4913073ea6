"""Rows of a table as text in compressed blocks, found by number: a row costs one small block, however many there are.

A row is its values between unit separators, and ends with a record separator; both characters, if data should hold
them, are written as blanks. Nothing stands for NULL, a group separator for a text without characters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import zstandard

from cxid.engine.base import literal, quote

UNIT, END, EMPTY = "\x1f", "\x1e", "\x1d"
BLOCK = 32  # rows
_LEVEL = 3  # of compression
_CACHED = 64  # blocks


def text_sql(columns: Mapping[str, str]) -> str:
    """SQL for the text of a row; `columns`: name -> type, as the engine names it."""
    return f"concat({f', {literal(UNIT)}, '.join(_cell(n, t) for n, t in columns.items())}, {literal(END)})"


def _cell(name: str, type_: str) -> str:
    nested = type_.endswith("]") or type_.startswith(("STRUCT", "MAP"))
    text = f"CAST({f'to_json({quote(name)})' if nested else quote(name)} AS VARCHAR)"
    if type_ == "VARCHAR" or nested:
        text = f"CASE {text} WHEN '' THEN {literal(EMPTY)} ELSE translate({text}, {literal(UNIT + END)}, '  ') END"
    return f"coalesce({text}, '')"


class RowsWriter:
    """Writes rows as they come; `close` writes where each block begins."""

    def __init__(self, path: Path) -> None:
        self._file, self._path = path.open("wb"), path
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._starts, self._at = [0], 0
        self.rows = 0

    def add(self, texts: pa.StringArray) -> None:
        """Add rows; every call but the last one adds a multiple of BLOCK."""
        offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
        data = memoryview(texts.buffers()[2] or b"")
        for first in range(0, len(texts), BLOCK):
            last = min(first + BLOCK, len(texts))
            packed = self._compressor.compress(bytes(data[int(offsets[first]) : int(offsets[last])]))
            self._file.write(packed)
            self._at += len(packed)
            self._starts.append(self._at)
        self.rows += len(texts)

    def close(self) -> None:
        self._file.close()
        np.save(self._path.with_suffix(".npy"), np.array(self._starts, np.int64))


def write_rows(path: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write the first column of `batches` as rows; says how many."""
    writer = RowsWriter(path)
    held: list[pa.StringArray] = []
    count = 0
    for batch in batches:
        held.append(batch.column(0).cast(pa.string()))
        count += batch.num_rows
        if count >= 64 * BLOCK:
            together = pa.concat_arrays(held)
            whole = count - count % BLOCK
            writer.add(together.slice(0, whole))
            held, count = [together.slice(whole)], count - whole
    if count:
        writer.add(pa.concat_arrays(held))
    writer.close()
    return writer.rows


@dataclass(frozen=True)
class RowsReader:
    """The rows of a file; `columns` as when they were written."""

    data: np.ndarray[Any, np.dtype[np.uint8]]
    starts: np.ndarray[Any, np.dtype[np.int64]]
    columns: Mapping[str, str]
    block: Callable[[int], list[str]]

    @classmethod
    def open(cls, path: Path, columns: Mapping[str, str]) -> RowsReader:
        starts = np.load(path.with_suffix(".npy"), mmap_mode="r").view(np.ndarray)
        data = np.memmap(path, np.uint8, "r").view(np.ndarray) if path.stat().st_size else np.zeros(0, np.uint8)
        unpack = zstandard.ZstdDecompressor().decompress

        @lru_cache(_CACHED)
        def block(number: int) -> list[str]:
            packed = data[starts[number] : starts[number + 1]].tobytes()
            return unpack(packed).decode("utf-8").split(END)

        return cls(data, starts, columns, block)

    def cells(self, number: int) -> list[str]:
        """The values of a row as text, in the order of the columns; '' is none."""
        return self.block(number // BLOCK)[number % BLOCK].split(UNIT)

    def row(self, number: int, wanted: Iterable[str] | None = None) -> dict[str, Any]:
        """The values of a row, typed: of the columns `wanted`, in their order; else of all that have one."""
        found = dict(zip(self.columns, self.cells(number), strict=True))
        if wanted is None:
            return {name: _typed(text, self.columns[name]) for name, text in found.items() if text}
        return {name: _typed(found[name], self.columns[name]) for name in wanted}


def _typed(text: str, type_: str) -> Any:
    if not text or text == EMPTY:
        return "" if text else None
    if type_.endswith("]"):
        return json.loads(text)
    read = _READ.get(type_.partition("(")[0])
    return text if read is None else read(text)


_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER"), int),
    **dict.fromkeys(("DOUBLE", "FLOAT"), float),
    "DECIMAL": Decimal,
    "BOOLEAN": lambda text: text == "true",
    "TIMESTAMP": datetime.fromisoformat,
    "DATE": date.fromisoformat,
    "STRUCT": json.loads,
    "MAP": json.loads,
}
