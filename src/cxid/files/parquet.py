"""Parquet files read to the last page with checksums verified, every value as text without loss."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cxid.errors import ErrorCode, InputError
from cxid.files.rows import Rejects, row_schema
from cxid.files.streams import CHUNK, DiskReader, Progress, ignore_progress

_BATCH_ROWS = 65_536
_WHOLE_MAX = 1e15  # floats below this are whole numbers exactly


@dataclass
class ParquetRows:
    """Reads one file; `rejects` fills while `tables()` is consumed."""

    path: Path
    shown: str
    keep: Sequence[str]  # columns wanted; a dot reaches into structs
    rejects: Rejects = field(default_factory=Rejects)

    def tables(self) -> Iterator[pa.Table]:
        """The accepted rows in file order, as `row_schema(len(keep))`. InputError when a page is damaged."""
        with _damage_refused(self.shown), _opened(self.path) as file:
            top = sorted({_top(file.schema_arrow, name) for name in self.keep})
            # Chosen by number: a column whose own name has a dot in it is then never taken for a path.
            leaves = [i for i, path in enumerate(_leaf_tops(file)) if path in top]
            row = 1
            for group in range(file.num_row_groups):
                for batch in _group_batches(file, group, leaves):
                    yield self._table(batch, row)
                    row += batch.num_rows
            if row - 1 != file.metadata.num_rows:
                raise InputError(
                    f"{self.shown}: holds fewer rows than it says",
                    hint="write the file again",
                    code=ErrorCode.FILE_UNREADABLE,
                )

    def _table(self, batch: pa.Table, first_row: int) -> pa.Table:
        columns = [column_text(_reached(batch, name)) for name in self.keep]
        lines = pa.array(np.arange(first_row, first_row + batch.num_rows))
        newlines = pa.array(np.zeros(batch.num_rows, np.int32))
        table = pa.table([*columns, lines, newlines], schema=row_schema(len(self.keep)))
        try:
            table.validate(full=True)
        except pa.ArrowInvalid:
            return self._without_bad_text(table)
        return table

    def _without_bad_text(self, table: pa.Table) -> pa.Table:
        """The rows whose text is valid UTF-8; the others are rejected."""
        good = [True] * table.num_rows
        for column in table.columns[:-2]:
            for i, value in enumerate(column.cast(pa.binary()).to_pylist()):
                good[i] = good[i] and (value is None or _decodes(value))
        for i, line in enumerate(table.column("line").to_pylist()):
            if not good[i]:
                self.rejects.add(line, "bad_encoding")
        return table.filter(pa.array(good))


def parquet_columns(path: Path, shown: str) -> tuple[tuple[str, ...], int]:
    """Column names (fields of structs too, by dotted path) and the number of rows."""
    with _damage_refused(shown), _opened(path) as file:
        schema = file.schema_arrow
        names = [*schema.names, *(f"{f.name}.{p}" for f in schema for p in _paths(f.type))]
        return tuple(names), file.metadata.num_rows


def file_digest(path: Path, progress: Progress = ignore_progress) -> tuple[str, int]:
    """sha256 and size of a file's bytes."""
    with path.open("rb") as stream:
        disk = DiskReader(stream, progress)
        while disk.read(CHUNK):
            pass
    return disk.digest, disk.size


def column_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text: 42 and 42.0 both '42', times in ISO 8601 (UTC with Z), nested values as JSON."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        return _float_text(column)
    if pa.types.is_timestamp(kind):
        text = _timestamp_text(column)
    elif pa.types.is_nested(kind):
        text = pa.chunked_array([pa.array([_json(v) for v in column.to_pylist()], pa.string())])
    elif pa.types.is_fixed_size_binary(kind):
        text = pa.chunked_array([pa.array([v and v.hex() for v in column.to_pylist()], pa.string())])
    elif pa.types.is_duration(kind):
        text = column.cast(pa.int64()).cast(pa.string())
    else:
        text = column.cast(pa.string(), safe=False) if pa.types.is_binary(kind) else column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    values = column.cast(pa.float64()) if pa.types.is_float16(column.type) else column
    whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), _WHOLE_MAX))
    integers = pc.if_else(whole, values, pa.scalar(None, values.type)).cast(pa.int64()).cast(pa.string())
    text = pc.coalesce(integers, values.cast(pa.string()))
    return pc.if_else(pc.is_nan(values), pa.scalar(None, pa.string()), text)


def _timestamp_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    zone = "Z" if column.type.tz else ""
    text = column.cast(pa.timestamp(column.type.unit)).cast(pa.string())  # a zone's times are stored in UTC
    text = pc.replace_substring_regex(text, r"\.0+$", "")
    return pc.binary_join_element_wise(text, zone, "") if zone else text


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _decodes(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _paths(kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_struct(kind):
        for child in kind:
            yield child.name
            yield from (f"{child.name}.{p}" for p in _paths(child.type))


def _top(schema: pa.Schema, name: str) -> str:
    """The top-level column that `name` is, or reaches into."""
    if name in schema.names:
        return name
    parts = name.split(".")
    return next(t for i in range(1, len(parts)) if (t := ".".join(parts[:i])) in schema.names)


def _reached(table: pa.Table, name: str) -> pa.ChunkedArray:
    top = _top(table.schema, name)
    column = table.column(top)
    for step in name[len(top) + 1 :].split(".") if name != top else []:
        column = pc.struct_field(column, step)
    return column


def _leaf_tops(file: pq.ParquetFile) -> list[str]:
    """The top-level column of each leaf column, in file order."""
    tops: list[str] = []
    for column in file.schema_arrow:
        tops += [column.name] * _leaves(column.type)
    return tops if len(tops) == len(file.schema) else [c.path.split(".")[0] for c in file.schema]


def _leaves(kind: pa.DataType) -> int:
    if pa.types.is_nested(kind):
        return sum(_leaves(kind.field(i).type) for i in range(kind.num_fields))
    return 1


def _group_batches(file: pq.ParquetFile, group: int, leaves: list[int]) -> Iterator[pa.Table]:
    reader = file.reader.iter_batches(_BATCH_ROWS, row_groups=[group], column_indices=leaves, use_threads=True)
    for batch in reader:
        yield pa.Table.from_batches([batch])


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        yield file


@contextmanager
def _damage_refused(shown: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{shown}: not a readable Parquet file, or a damaged one",
            hint="copy or export it again",
            code=ErrorCode.FILE_UNREADABLE,
        ) from error
