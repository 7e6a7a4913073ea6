"""A strict CSV reader that knows physical lines: every line becomes part of a row, a reject or a blank.

The engine reads clean files faster; this one reads damaged ones without losing more than the damage. A
line that is a whole row in itself is recognised by counting (vectorised); only the others are parsed
character by character. A quote that is never closed costs its own line: reading goes on with the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from cxid.errors import ContractError
from cxid.files.dialect import Dialect
from cxid.files.rows import Rejects, row_columns
from cxid.files.streams import Progress, ignore_progress
from cxid.files.text import LINE_MAX, MARK_BYTES

BLOCK = 8 << 20
RECORD_LINES = 1_000  # a quoted value that runs on for more lines is taken for an unclosed quote
# A quoted value whose inner lines look like rows (this many at least, and this share) has swallowed them.
_SWALLOWED_LINES, _SWALLOWED_SHARE = 3, 0.9
_LF = 10


@dataclass(frozen=True)
class _Record:
    """One parsed record: its values, or why there are none; `end` is the byte after its line end."""

    values: tuple[bytes, ...]
    end: int
    reason: str = ""
    unclosed: bool = False


@dataclass
class Splitter:
    """Reads one plain file; `rejects` fills while `tables()` is consumed."""

    path: Path
    dialect: Dialect
    width: int  # columns of the header
    keep: Sequence[int]  # positions of the columns wanted
    header_lines: int = 1
    progress: Progress = ignore_progress
    block: int = BLOCK
    rejects: Rejects = field(default_factory=Rejects)
    blank_lines: int = 0

    def tables(self) -> Iterator[pa.Table]:
        """The accepted rows in file order, as `row_schema(len(keep))`."""
        line, rest, header = 1, b"", self.header_lines
        with self.path.open("rb") as stream:
            while True:
                data = stream.read(self.block)
                self.progress(len(data))
                final = not data
                rest += data
                if final and rest and not rest.endswith(b"\n"):
                    rest += b"\n"
                cut = rest.rfind(b"\n") + 1
                if cut and (final or len(rest) >= self.block):
                    block = _Block(self, rest[:cut], line, final)
                    header = block.skip_header(header)
                    used, table = block.read()
                    line += block.lines_until(used)
                    rest = rest[used:]
                    if table is not None:
                        yield table
                if final:
                    return


class _Block:
    """Whole lines of a file."""

    def __init__(self, owner: Splitter, data: bytes, first_line: int, final: bool) -> None:
        self.owner, self.data, self.first_line, self.final = owner, data, first_line, final
        self.bytes = np.frombuffer(data, np.uint8)
        self.ends = np.flatnonzero(self.bytes == _LF)
        self.starts = np.concatenate([np.zeros(1, np.int64), self.ends[:-1] + 1])
        self.begin = 0  # first line not yet dealt with
        self.pattern = owner.dialect.field_pattern()

    def lines_until(self, byte: int) -> int:
        return int(np.searchsorted(self.ends, byte))

    def skip_header(self, left: int) -> int:
        """Pass over the header's lines (and blank ones above it); the header lines still to come."""
        while left and self.begin < len(self.ends):
            if self.starts[self.begin] == self.ends[self.begin]:
                self.owner.blank_lines += 1
            else:
                left -= 1
            self.begin += 1
        return left

    # -- lines that are rows in themselves ------------------------------------------------------------

    def _whole_rows(self) -> npt.NDArray[np.bool_]:
        """Per line: it is a row of the right width, every quote opened and closed on it."""
        owner, dialect, lines = self.owner, self.owner.dialect, len(self.ends)
        line_of = np.cumsum(self.bytes == _LF, dtype=np.int32)
        line_of = line_of - (self.bytes == _LF)
        delimiters = np.flatnonzero(self.bytes == ord(dialect.delimiter))
        good = np.ones(lines, bool)
        if dialect.quote and dialect.quote.encode() in self.data:
            quotes = np.flatnonzero(self.bytes == ord(dialect.quote))
            in_line = line_of[quotes]
            per_line = np.bincount(in_line, minlength=lines)
            before = np.cumsum(per_line) - per_line
            rank = np.arange(len(quotes)) - before[in_line]
            good &= per_line % 2 == 0
            good[in_line[~self._well_placed(quotes, rank)]] = False
            inside = (np.searchsorted(quotes, delimiters) - before[line_of[delimiters]]) % 2 == 1
            delimiters = delimiters[~inside]
        good &= np.bincount(line_of[delimiters], minlength=lines) == owner.width - 1
        good &= self.ends - self.starts <= LINE_MAX
        if dialect.quote and dialect.escape != dialect.quote and dialect.escape.encode() in self.data:
            good[line_of[np.flatnonzero(self.bytes == ord(dialect.escape))]] = False
        for found in re.finditer(re.escape(MARK_BYTES), self.data):
            good[line_of[found.start()]] = False
        return good

    def _well_placed(self, quotes: npt.NDArray[np.int64], rank: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Per quote: an opening one starts a field, a closing one ends it, or both double each other."""
        dialect = self.owner.dialect
        previous = np.where(quotes > 0, self.bytes[quotes - 1], _LF)
        following = self.bytes[quotes + 1]
        beside = np.where(rank % 2 == 0, previous, following)
        fits = (beside == ord(dialect.delimiter)) | (beside == _LF)
        if dialect.escape == dialect.quote:
            fits |= beside == ord(dialect.quote)
        return np.asarray(fits)

    # -- the others -------------------------------------------------------------------------------------

    def read(self) -> tuple[int, pa.Table | None]:
        """How many bytes were dealt with, and the rows in them."""
        whole = self._whole_rows()
        blank = self.starts == self.ends
        whole[blank] = False
        whole[: self.begin] = False
        newlines = np.zeros(len(self.ends), np.int32)
        dropped = np.zeros(len(self.ends), bool)
        dropped[: self.begin] = True
        parsed: dict[int, bytes] = {}
        next_line, stop = self.begin, len(self.ends)
        for line in np.flatnonzero(~whole & ~blank).tolist():
            if line < next_line:
                continue
            record = self._parse(line)
            if record is None:
                stop = line
                break
            next_line = self._settle(line, record, whole, newlines, dropped, parsed)
        whole[stop:], dropped[stop:] = False, True
        self.owner.blank_lines += int(np.count_nonzero(blank[:stop] & ~dropped[:stop]))
        dropped |= blank  # those of values are written anew with their record
        used = int(self.ends[stop - 1]) + 1 if stop else 0
        rows = np.flatnonzero(whole)
        if not len(rows):
            return used, None
        return used, self._table(self._clean_text(dropped, parsed), rows, newlines[rows])

    def _settle(
        self,
        line: int,
        record: _Record,
        whole: npt.NDArray[np.bool_],
        newlines: npt.NDArray[np.int32],
        dropped: npt.NDArray[np.bool_],
        parsed: dict[int, bytes],
    ) -> int:
        """Book a parsed record; the line after it."""
        after = self.lines_until(record.end)
        dropped[line:after] = True
        whole[line:after] = False
        if record.reason:
            self.owner.rejects.add(self.first_line + line, record.reason, after - line)
        else:
            whole[line] = True
            newlines[line] = after - line - 1
            parsed[line] = self._canonical(record.values)
        return after

    def _canonical(self, values: tuple[bytes, ...]) -> bytes:
        dialect = self.owner.dialect
        if not dialect.quote:
            return dialect.delimiter.encode().join(values) + b"\n"
        quote = dialect.quote.encode()
        quoted = (quote + v.replace(quote, quote + quote) + quote for v in values)
        return dialect.delimiter.encode().join(quoted) + b"\n"

    def _clean_text(self, dropped: npt.NDArray[np.bool_], parsed: dict[int, bytes]) -> bytes:
        """The block without its rejected lines, odd records written anew."""
        if not dropped.any():
            return self.data
        edges = np.flatnonzero(np.diff(np.concatenate([[True], dropped, [True]]).astype(np.int8)))
        runs = [(a, self.data[self.starts[a] : self.ends[b - 1] + 1]) for a, b in edges.reshape(-1, 2).tolist()]
        pieces = [text for _, text in sorted([*runs, *parsed.items()], key=lambda item: item[0])]
        return b"".join(pieces)

    def _parse(self, line: int) -> _Record | None:
        """The record that starts on `line`; None when the block ends before that can be told."""
        start, own_end = int(self.starts[line]), int(self.ends[line])
        if own_end - start > LINE_MAX:
            return _Record((), own_end + 1, "line_too_long")
        within = max(line, int(np.searchsorted(self.ends, start + LINE_MAX, "right")) - 1)
        last = min(line + RECORD_LINES, within)
        record = self._fields(start, int(self.ends[last]) + 1)
        more_to_come = not self.final and last == len(self.ends) - 1 < line + RECORD_LINES
        if record.unclosed and more_to_come and self.ends[last] < start + LINE_MAX:
            return None
        if record.unclosed or record.reason or self._swallowed(line, record):
            return _Record((), own_end + 1, "bad_quote")
        if MARK_BYTES in self.data[start : record.end]:
            return _Record((), record.end, "bad_encoding")
        width = self.owner.width
        if len(record.values) > width and not any(record.values[width:]):
            return replace(record, values=record.values[:width])  # delimiters at the end of a row hold nothing
        if len(record.values) != width:
            return _Record((), record.end, "too_few_columns" if len(record.values) < width else "too_many_columns")
        return record

    def _fields(self, start: int, limit: int) -> _Record:
        dialect, position, values = self.owner.dialect, start, []
        while True:
            found = self.pattern.match(self.data, position, limit)
            if found is None:
                return _Record((), limit, "bad_quote")
            if found["open"] is not None:
                return _Record((), limit, "bad_quote", unclosed=True)
            values.append(dialect.unescape(found["quoted"]) if found["quoted"] is not None else found["plain"])
            position = found.end() + 1
            if self.data[found.end()] == _LF:
                return _Record(tuple(values), position)

    def _swallowed(self, line: int, record: _Record) -> bool:
        """Whether the lines inside a record look like rows of their own, behind a quote that was left open."""
        after, width = self.lines_until(record.end), self.owner.width
        inner = range(line + 1, after - 1)
        if width < 2 or len(inner) < _SWALLOWED_LINES:
            return False
        delimiter = self.owner.dialect.delimiter.encode()
        texts = [self.data[self.starts[i] : self.ends[i]] for i in inner]
        texts = [t for t in texts if t]
        alike = sum(t.count(delimiter) == width - 1 for t in texts)
        return len(texts) >= _SWALLOWED_LINES and alike >= _SWALLOWED_SHARE * len(texts)

    # -- rows as a table --------------------------------------------------------------------------------

    def _table(self, text: bytes, rows: npt.NDArray[np.int64], newlines: npt.NDArray[np.int32]) -> pa.Table:
        owner, dialect = self.owner, self.owner.dialect
        names = row_columns(owner.width)
        kept = [names[i] for i in owner.keep]
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=len(text) + 1, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=bool(dialect.quote),
                ignore_empty_lines=False,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=kept or names[:1], column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )  # fmt: skip
        if table.num_rows != len(rows):
            raise ContractError(f"{owner.path.name}: the splitter counted {len(rows)} rows and read {table.num_rows}")
        columns = [_empty_to_null(table.column(name)) for name in kept]
        lines = pa.array(rows + self.first_line, pa.int64())
        return pa.table(
            [*columns, lines, pa.array(newlines)], names=[*row_columns(len(kept)), "line", "value_newlines"]
        )


def _empty_to_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
