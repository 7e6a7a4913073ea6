"""Rows of a file to judge it by: from its beginning and from all over it, every value as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from cxid.config.guess.dialect import Dialect, Scan, decode, find_dialect, parse, scan
from cxid.config.guess.headerless import is_header
from cxid.config.guess.meanings import read_meaning

HEAD_ROWS = 6_000
SPREAD_ROWS = 6_000
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?[^\S\n]*\r?\n', re.IGNORECASE)
_TEXT = (".csv", ".tsv", ".txt", ".tab", ".psv")
_LINES = (".jsonl", ".ndjson", ".json")
_PACKED = (".gz", ".zst")


@dataclass(frozen=True)
class FileSample:
    """One file: how it is written and some of its rows."""

    path: Path
    format: str  # csv, parquet, jsonl
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    row_count: int  # exact for Parquet, else lines without the header
    encoding: str = "utf-8"
    encoding_why: str = ""
    dialect: Dialect | None = None
    warnings: tuple[str, ...] = field(default=())
    header_lines: int = 1  # 2 where a line such as sep=; stands before the header, 0 where there is none
    has_header: bool = True  # else `columns` are numbered

    @property
    def whole(self) -> bool:
        """The sample holds every row."""
        return len(self.rows) >= self.row_count


class Unusable(Exception):
    """The file cannot be a source; the text says why."""


def format_of(path: Path) -> str:
    """csv, parquet, jsonl, or '' for a file that cxid does not read."""
    name = path.name.lower()
    for ending in _PACKED:
        name = name.removesuffix(ending)
    if name.endswith(_LINES):
        return "jsonl"
    if name.endswith(_TEXT):
        return "csv"
    return "parquet" if name.endswith((".parquet", ".pq")) else ""


def sample_file(path: Path) -> FileSample:
    """How the file is written and rows of it. Raises Unusable with the reason."""
    try:
        if path.stat().st_size == 0:
            raise Unusable("the file is empty")
        kind = format_of(path)
        if kind == "parquet":
            return _parquet(path)
        scanned = scan(path)
    except (OSError, EOFError, zstandard.ZstdError, pa.ArrowException) as error:
        raise Unusable(f"it cannot be read ({type(error).__name__})") from error
    if scanned.binary:
        raise Unusable("it is no text: it holds zero bytes")
    return _jsonl(path, scanned) if kind == "jsonl" else _csv(path, scanned)


# ---- CSV ---------------------------------------------------------------------------------------------------------


def _csv(path: Path, scanned: Scan) -> FileSample:
    head = decode(scanned.head, scanned.encoding)
    if not head.strip():
        raise Unusable("the file is empty")
    if head.count("\ufffd") > 0.02 * len(head) or sum(ord(c) < 9 for c in head[:4000]) > 10:
        raise Unusable("it is no text")
    said = _SEPARATOR_LINE.match(head)
    head = head[said.end() :] if said else head
    dialect = find_dialect(head)
    reader = parse(head, dialect)
    first = next(reader, [])
    header = tuple(c.strip().strip("\ufeff\u200b") for c in first)
    every = [tuple(r) for r in reader if len(r) == len(header)]
    rows = _pick(every)
    has_header = not rows or is_header(header, rows, [bool(c and read_meaning(c).meaning) for c in header])
    if has_header:
        _check_header(header)
    else:
        header, rows = numbered(len(header)), _pick([tuple(first), *every])
    if not rows:
        raise Unusable("it has a header and no row")
    rows += _spread(scanned, dialect, len(header))
    warnings = () if dialect.share >= 0.9 else ("rows differ in width: many will be rejected",)
    above = (1 if said else 0) + (1 if has_header else 0)
    least = len(rows) if scanned.lines < HEAD_ROWS else 0
    return FileSample(
        path, "csv", header, tuple(rows), max(scanned.lines - above, least), scanned.encoding, scanned.why, dialect,
        warnings, above, has_header,
    )  # fmt: skip


def numbered(width: int) -> tuple[str, ...]:
    """Names for columns that have none yet."""
    return tuple(f"column_{place}" for place in range(1, width + 1))


def _pick(rows: list[tuple[str, ...]]) -> list[tuple[str | None, ...]]:
    """The first rows and as many spread over the rest."""
    rest = rows[HEAD_ROWS:]
    step = max(1, len(rest) // SPREAD_ROWS)
    return [*rows[:HEAD_ROWS], *rest[::step][:SPREAD_ROWS]]


def _check_header(header: Sequence[str]) -> None:
    if not header or not any(c.strip() for c in header):
        raise Unusable("it has no header")
    names = [c for c in header if c.strip()]
    first = next((i for i, c in enumerate(header) if c.strip() and c in header[:i]), None)
    if first is not None:
        before = header.index(header[first])
        raise Unusable(f"columns {before + 1} and {first + 1} of its header have one name: give each column its own")
    if len(names) < len(header) - 1:
        raise Unusable("its header has columns without a name: name them")


def _spread(scanned: Scan, dialect: Dialect, width: int) -> list[tuple[str, ...]]:
    """Rows from the pieces kept, without the first and last line of each, which may be cut."""
    rows: list[tuple[str, ...]] = []
    if not scanned.pieces:
        return rows
    each = max(50, SPREAD_ROWS // len(scanned.pieces))
    for piece in scanned.pieces:
        if scanned.encoding.startswith("utf-16") and (len(piece) % 2):
            piece = piece[:-1]
        codec = "utf-16-le" if scanned.encoding == "utf-16" else scanned.encoding
        lines = decode(piece, codec).split("\n")[1:-1]
        parsed = parse("\n".join(lines), dialect)
        rows += [tuple(r) for _, r in zip(range(each), (r for r in parsed if len(r) == width), strict=False)]
    return rows


# ---- JSON lines and Parquet --------------------------------------------------------------------------------------


def as_text(value: Any) -> str | None:
    """A value as the build will see it: text; lists and objects as None."""
    if value is None or isinstance(value, list | dict | tuple):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The record with nested objects taken apart: user.email."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and len(prefix) < 200:
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def _jsonl(path: Path, scanned: Scan) -> FileSample:
    lines = decode(scanned.head, scanned.encoding).split("\n")
    lines = lines[:HEAD_ROWS] if len(scanned.head) < (4 << 20) or len(lines) > HEAD_ROWS else lines[:-1]
    for piece in scanned.pieces:
        lines += decode(piece, scanned.encoding).split("\n")[1:-1][: SPREAD_ROWS // len(scanned.pieces)]
    records: list[dict[str, Any]] = []
    bad = 0
    for line in lines:
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if isinstance(record, dict):
                records.append(flat(record))
            else:
                bad += 1
    if not records or bad > len(records):
        raise Unusable("its lines are not JSON objects: write it as one object a line")
    columns = tuple(dict.fromkeys(name for r in records for name in r))
    rows = tuple(tuple(as_text(r.get(c)) for c in columns) for r in records)
    return FileSample(path, "jsonl", columns, rows, max(scanned.lines, len(rows)), scanned.encoding, scanned.why)


def _parquet(path: Path) -> FileSample:
    file = pq.ParquetFile(path)
    if file.metadata.num_rows == 0:
        raise Unusable("it has no row")
    groups = file.metadata.num_row_groups
    picks = sorted({round(i * (groups - 1) / 11) for i in range(12)}) if groups > 1 else [0]
    each = (HEAD_ROWS + SPREAD_ROWS) // len(picks)
    tables = [_some_rows(file, group, each) for group in picks]
    table = pa.concat_tables(tables)
    columns = tuple(table.column_names)
    if len(set(columns)) < len(columns):
        raise Unusable("two of its columns have one name")
    cells = [[as_text(v) for v in column.to_pylist()] for column in table.columns]
    rows = tuple(zip(*cells, strict=True))
    return FileSample(path, "parquet", columns, rows, file.metadata.num_rows)


def _some_rows(file: pq.ParquetFile, group: int, count: int) -> pa.Table:
    """Rows of a row group: its first ones, and as many spread over it when it is small enough to read at once."""
    if file.metadata.row_group(group).num_rows <= 250_000:
        table = file.read_row_group(group)
        step = max(1, table.num_rows // count)
        return table.take(pa.array(range(0, table.num_rows, step)[:count])) if table.num_rows > count else table
    batches: Iterable[pa.RecordBatch] = file.iter_batches(batch_size=count, row_groups=[group])
    return pa.Table.from_batches([next(iter(batches))])
