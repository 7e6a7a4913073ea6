"""The header of a CSV file: its names, and how many physical lines they take."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxid.errors import ErrorCode, InputError
from cxid.files.dialect import Dialect
from cxid.files.text import PlainText

_HEADER_BYTES = 1 << 20
_FIRST_ROWS = 20  # of a file without a header, looked at before it is read
_SEPARATOR_LINE = re.compile(rb'"?sep=.?"?[^\S\n]*\n', re.IGNORECASE)  # what spreadsheets write before the header
_INVISIBLE = "\ufeff\u200b\u2060"


@dataclass(frozen=True)
class Header:
    """The columns of one file, in its order."""

    names: tuple[str, ...]
    lines: int = 1
    leading_blanks: int = 0

    def position(self, name: str) -> int | None:
        """Where a column stands, from 0; surrounding white space of names does not count."""
        wanted = tidy_name(name)
        return self.names.index(wanted) if wanted in self.names else None

    def repeated(self) -> list[str]:
        """Names that stand there more than once; nameless columns aside."""
        seen: set[str] = set()
        return sorted({n for n in self.names if n and (n in seen or seen.add(n))})  # type: ignore[func-returns-value]


def tidy_name(name: str) -> str:
    return name.strip().strip(_INVISIBLE).strip()


def read_header(plain: PlainText, shown: str, dialect: Dialect) -> Header:
    """The header of a plain file. Raises InputError when the first lines are no header."""
    with plain.path.open("rb") as stream:
        data = stream.read(_HEADER_BYTES)
    said = _SEPARATOR_LINE.match(data)
    body = data[said.end() if said else 0 :].lstrip(b"\n")
    if not body:
        raise InputError(
            f"{shown}: only blank lines",
            hint="export it again, or take it out of the config",
            code=ErrorCode.FILE_EMPTY,
        )
    names = _fields(body, dialect)
    if names is None:
        raise InputError(
            f"{shown}: the first line is no header",
            hint="check delimiter and quote of this source",
            code=ErrorCode.HEADER,
        )
    fields, end = names
    lines = (body[:end].count(b"\n") or 1) + (1 if said else 0)
    return Header(tuple(tidy_name(n) for n in fields), lines, len(data) - len(body) - (said.end() if said else 0))


def stated_header(plain: PlainText, shown: str, dialect: Dialect, names: Sequence[str]) -> Header:
    """The header of a plain file that has none, as the config writes it.

    Raises InputError when the file has a header all the same, or no row near its beginning has as many values.
    """
    with plain.path.open("rb") as stream:
        data = stream.read(_HEADER_BYTES)
    said = _SEPARATOR_LINE.match(data)
    header = Header(tuple(tidy_name(n) for n in names), 1 if said else 0)
    rows = list(_first_rows(data[said.end() if said else 0 :], dialect))
    if rows and [n.casefold() for n in rows[0]] == [n.casefold() for n in header.names]:
        raise InputError(
            f"{shown}: its first line is a header, the one that the config writes for it",
            hint="remove `header` from this source",
            code=ErrorCode.HEADER,
        )
    if rows and all(len(row) < len(names) or any(row[len(names) :]) for row in rows):
        raise InputError(
            f"{shown}: its rows have {_values(len(rows[0]))}, the `header` in the config names {len(names)}",
            hint="name every column, from left to right; check the delimiter of this source too",
            code=ErrorCode.HEADER,
        )
    return header


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _first_rows(body: bytes, dialect: Dialect) -> Iterator[tuple[str, ...]]:
    """Rows at the beginning of a text, as far as they can be read."""
    for _ in range(_FIRST_ROWS):
        body = body.lstrip(b"\n")
        found = _fields(body, dialect) if body else None
        if found is None:
            return
        yield tuple(tidy_name(n) for n in found[0])
        body = body[found[1] :]


def _fields(body: bytes, dialect: Dialect) -> tuple[Sequence[str], int] | None:
    text = body if body.endswith(b"\n") else body + b"\n"
    pattern, position, names = dialect.field_pattern(), 0, []
    while True:
        found = pattern.match(text, position)
        if found is None or found["open"] is not None or found.end() >= len(text):
            return None
        value = dialect.unescape(found["quoted"]) if found["quoted"] is not None else found["plain"]
        names.append(value.decode("utf-8", "replace"))
        position = found.end() + 1
        if text[found.end()] == ord("\n"):
            return names, position


def joined_names(header: Header) -> str:
    """The names for a message."""
    out = io.StringIO()
    out.write(", ".join(header.names[:12]))
    if len(header.names) > 12:
        out.write(f" and {len(header.names) - 12} more")
    return out.getvalue()
