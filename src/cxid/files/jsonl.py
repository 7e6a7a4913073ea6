"""JSON lines: one object a line, values as text, numbers digit by digit as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from cxid.files.rows import Rejects, row_schema
from cxid.files.streams import Progress, ignore_progress
from cxid.files.text import LINE_MAX, MARK_BYTES

_BATCH = 50_000


class _Number(str):
    """A number's own digits, told apart from text."""

    __slots__ = ()


def _refuse(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


_decode = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_refuse).decode


def json_text(value: Any) -> str:
    """A nested value as JSON text, numbers untouched."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(str(k))}: {json_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(json_text(v) for v in value) + "]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False, default=str)


@dataclass
class JsonLines:
    """Reads one plain file; `rejects` fills while `tables()` is consumed."""

    path: Path
    keep: Sequence[str]  # keys wanted; a dot reaches into nested objects
    progress: Progress = ignore_progress
    rejects: Rejects = field(default_factory=Rejects)
    blank_lines: int = 0
    seen: set[str] = field(default_factory=set)  # every top-level key of the file
    found: set[str] = field(default_factory=set)  # those of `keep` that occur

    def tables(self) -> Iterator[pa.Table]:
        """The accepted rows in file order, as `row_schema(len(keep))`."""
        rows: list[dict[str, Any]] = []
        lines: list[int] = []
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                self.progress(len(line))
                if (row := self._row(number, line)) is not None:
                    rows.append(row)
                    lines.append(number)
                if len(rows) >= _BATCH:
                    yield self._table(rows, lines)
                    rows, lines = [], []
        if rows:
            yield self._table(rows, lines)

    def _row(self, number: int, line: bytes) -> dict[str, Any] | None:
        if line == b"\n":
            self.blank_lines += 1
        elif len(line) > LINE_MAX:
            self.rejects.add(number, "line_too_long")
        elif MARK_BYTES in line:
            self.rejects.add(number, "bad_encoding")
        else:
            try:
                text = line.decode()
                row = _decode(text)
                if "\\u" in text and "\\ud" in text.lower():
                    json_text(row).encode()  # half a surrogate pair is no text
                if isinstance(row, dict):
                    return row
            except (ValueError, RecursionError):
                pass
            self.rejects.add(number, "bad_json")
        return None

    def _table(self, rows: list[dict[str, Any]], lines: list[int]) -> pa.Table:
        for row in rows:
            self.seen.update(row)
        columns = [pa.array([_text(v) for v in self._column(rows, key)], pa.string()) for key in self.keep]
        end = [pa.array(lines, pa.int64()), pa.array([0] * len(lines), pa.int32())]
        return pa.table([*columns, *end], schema=row_schema(len(self.keep)))

    def _column(self, rows: list[dict[str, Any]], key: str) -> list[Any]:
        values = [row.get(key, _ABSENT) for row in rows]
        if "." in key:
            path = key.split(".")
            values = [_reach(row, path) if v is _ABSENT else v for row, v in zip(rows, values, strict=True)]
        if key not in self.found and any(v is not _ABSENT for v in values):
            self.found.add(key)
        return values


_ABSENT = object()


def _reach(row: Any, path: list[str]) -> Any:
    for step in path:
        if not isinstance(row, dict) or step not in row:
            return _ABSENT
        row = row[step]
    return row


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return str(value) or None
    if value is None or value is _ABSENT:
        return None
    return json_text(value)
