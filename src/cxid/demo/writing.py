"""Columns to files: text built as Arrow strings and written as bytes, so that millions of rows take seconds.

A text file is a list of lines; broken rows are set between them at known places and noted for the truth.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CHUNK = 100_000  # rows joined at once: keeps memory flat and offsets within 32 bits
TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Broken:
    """A row that a loader must refuse: after which good row it stands, its raw text, why."""

    after: int
    text: str
    reason: str


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    bom: bytes = b""
    compression: str | None = None


@dataclass(frozen=True)
class WrittenFile:
    """One file of the demo: path relative to its folder, data rows without broken ones, bytes on disk."""

    path: str
    rows: int
    bytes: int


@dataclass
class Ledger:
    """What has been written so far, and which of its lines are broken."""

    root: Path
    files: list[WrittenFile] = field(default_factory=list)
    broken: list[tuple[str, str, int, str]] = field(default_factory=list)  # source, file, line, reason

    def note(self, path: Path, rows: int) -> None:
        self.files.append(WrittenFile(path.relative_to(self.root).as_posix(), rows, path.stat().st_size))


def texts(values: Any) -> pa.Array:
    """An Arrow string array of strings; None stays missing."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    array = values if isinstance(values, pa.Array) else pa.array(values)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def join(*parts: Any) -> pa.Array:
    """The parts (arrays or constants) set side by side, row by row; missing counts as empty."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def numbered(prefix: str, numbers: Any, width: int) -> pa.Array:
    """Keys such as w0000042."""
    digits = pc.utf8_lpad(texts(np.asarray(numbers, dtype=np.int64)), width, "0")
    return join(prefix, digits)


def stamp(seconds: Any, pattern: str = TIME) -> pa.Array:
    """Seconds since 1970 as text by a strftime pattern."""
    return pc.strftime(pa.array(np.asarray(seconds, dtype=np.int64), pa.timestamp("s")), pattern)


def quoted(column: pa.Array, delimiter: str) -> pa.Array:
    """CSV values, in quotes where the delimiter, a quote or a line break asks for it."""
    signs = ('"', delimiter, "\n", "\r")
    if not _holds(column, signs):  # a look at the bytes is far cheaper than one at every value
        return column
    needs = pc.match_substring_regex(column, "[" + "".join("\\" + sign for sign in signs[:2]) + "\\n\\r]")
    return pc.if_else(needs, join('"', pc.replace_substring(column, '"', '""'), '"'), column)


def _holds(column: pa.Array, signs: Sequence[str]) -> bool:
    if column.null_count == len(column):
        return False
    content = memoryview(_bytes(column, "utf-8")).tobytes()
    return any(sign.encode() in content for sign in signs)


def csv_lines(columns: Sequence[pa.Array], delimiter: str) -> pa.Array:
    """Two or more string columns as CSV lines without their ends."""
    return pc.binary_join_element_wise(*(pc.fill_null(quoted(c, delimiter), "") for c in columns), delimiter)


def json_text(column: pa.Array) -> pa.Array:
    """JSON strings in quotes; missing stays missing."""
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        if _holds(column, [sign]):
            column = pc.replace_substring(column, sign, escaped)
    return pc.binary_join_element_wise('"', column, '"', "")


def write_csv(
    ledger: Ledger,
    path: Path,
    columns: dict[str, Any],
    dialect: Dialect,
    faults: tuple[str, Sequence[Broken]] = ("", ()),
) -> None:
    """A CSV file with one header line; `faults` are its source's name and the broken rows to set between."""
    arrays = [texts(values) for values in columns.values()]
    head = dialect.delimiter.join(columns) + "\n"

    def lines(start: int, stop: int) -> pa.Array:
        return join(csv_lines([a[start:stop] for a in arrays], dialect.delimiter), "\n")

    _write_lines(ledger, path, (head, len(arrays[0]), lines), dialect, faults)


def write_json_lines(ledger: Ledger, path: Path, columns: dict[str, Any], *, compression: str | None = None) -> None:
    """A JSON-lines file; numbers stay bare, missing values are left out."""
    rows = len(next(iter(columns.values())))
    arrays = {name: v if isinstance(v, pa.Array) else pa.array(v) for name, v in columns.items()}

    def lines(start: int, stop: int) -> pa.Array:
        cells = []
        for name, whole in arrays.items():
            part = whole[start:stop]
            bare = pa.types.is_integer(part.type)
            value = texts(part) if bare else json_text(texts(part))
            cell = pc.binary_join_element_wise(f', "{name}": ', value, "")
            cells.append(cell)
        body = pc.binary_join_element_wise(*cells, "", null_handling="skip")
        return join("{", pc.utf8_slice_codeunits(body, 2), "}\n")

    _write_lines(ledger, path, ("", rows, lines), Dialect(compression=compression), ("", ()))


def write_parquet(ledger: Ledger, path: Path, table: pa.Table) -> None:
    """A Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
    ledger.note(path, table.num_rows)


def _write_lines(
    ledger: Ledger, path: Path, content: tuple[str, int, Any], dialect: Dialect, faults: tuple[str, Sequence[Broken]]
) -> None:
    head, rows, lines = content
    source, broken = faults
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = sorted(broken, key=lambda b: b.after)
    line = head.count("\n")
    with path.open("wb") as raw, _sink(raw, dialect.compression) as sink:
        sink.write(dialect.bom + head.encode(dialect.encoding))
        for start in range(0, rows, CHUNK):
            stop = min(start + CHUNK, rows)
            here = [b for b in waiting if start <= b.after < stop]
            chunk = lines(start, stop)
            for before, fault in enumerate(here):
                above = line + _line_breaks(chunk[: fault.after - start + 1]) + before
                ledger.broken.append((source, path.relative_to(ledger.root).as_posix(), above + 1, fault.reason))
            line += _line_breaks(chunk) + len(here)
            sink.write(_bytes(_with_faults(chunk, here, start), dialect.encoding))
    ledger.note(path, rows)


def _line_breaks(chunk: pa.Array) -> int:
    return memoryview(_bytes(chunk, "utf-8")).tobytes().count(b"\n")


def _with_faults(chunk: pa.Array, here: Sequence[Broken], start: int) -> pa.Array:
    pieces, done = [], 0
    for fault in here:
        at = fault.after - start + 1
        pieces += [chunk[done:at], pa.array([fault.text + "\n"])]
        done = at
    return pa.concat_arrays([*pieces, chunk[done:]]) if pieces else chunk


def _bytes(chunk: pa.Array, encoding: str) -> Any:
    """The strings of the array one after another, in the encoding."""
    offsets = np.frombuffer(chunk.buffers()[1], dtype=np.int32)
    first, last = int(offsets[chunk.offset]), int(offsets[chunk.offset + len(chunk)])
    body = chunk.buffers()[2].slice(first, last - first)
    return body if encoding == "utf-8" else body.to_pybytes().decode().encode(encoding)


def _sink(raw: io.BufferedWriter, compression: str | None) -> Any:
    return pa.CompressedOutputStream(pa.PythonFile(raw, "w"), compression) if compression else _Plain(raw)


class _Plain:
    """The file itself, left open for its owner."""

    def __init__(self, raw: io.BufferedWriter) -> None:
        self.raw = raw

    def __enter__(self) -> io.BufferedWriter:
        return self.raw

    def __exit__(self, *_: object) -> None:
        self.raw.flush()
