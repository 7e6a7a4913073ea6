"""What every reader of a file gives: rows as text, and a ledger of the lines that gave none."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# Why a line of a file gave no row. Every code is explained in docs/reference/quarantine.md.
FILE_REASONS = ("too_few_columns", "too_many_columns", "bad_quote", "bad_encoding", "line_too_long", "bad_json")


@dataclass
class Rejects:
    """The rejected rows of one file: first physical line, how many lines, why."""

    lines: array[int] = field(default_factory=lambda: array("q"))
    spans: array[int] = field(default_factory=lambda: array("q"))
    codes: array[int] = field(default_factory=lambda: array("b"))

    def add(self, line: int, reason: str, span: int = 1) -> None:
        self.lines.append(line)
        self.spans.append(span)
        self.codes.append(FILE_REASONS.index(reason))

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def physical_lines(self) -> int:
        return sum(self.spans)

    def count(self, reason: str) -> int:
        return self.codes.count(FILE_REASONS.index(reason)) if reason in FILE_REASONS else 0

    def table(self) -> pa.Table:
        """Columns line, reason."""
        names = pa.DictionaryArray.from_arrays(pa.array(self.codes, pa.int8()), pa.array(FILE_REASONS))
        return pa.table({"line": pa.array(self.lines, pa.int64()), "reason": names.cast(pa.string())})


def row_columns(width: int) -> list[str]:
    """The names of the kept columns in a table of rows: c0, c1 ..."""
    return [f"c{i}" for i in range(width)]


def row_schema(width: int) -> pa.Schema:
    """Kept columns as text, the physical line a row starts on, the line breaks inside it."""
    fields = [pa.field(name, pa.string()) for name in row_columns(width)]
    return pa.schema([*fields, pa.field("line", pa.int64()), pa.field("value_newlines", pa.int32())])


@dataclass(frozen=True)
class Written:
    """How many rows were written, and the line breaks inside their values."""

    rows: int
    value_newlines: int


def write_rows(tables: Iterator[pa.Table], width: int, path: Path) -> Written:
    """Write tables of `row_schema(width)` to one Parquet file, piece by piece."""
    rows = newlines = 0
    with pq.ParquetWriter(path, row_schema(width), compression="snappy", use_dictionary=False) as out:
        for table in tables:
            out.write_table(table)
            rows += table.num_rows
            newlines += pc.sum(table.column("value_newlines")).as_py() or 0
    return Written(rows, newlines)
