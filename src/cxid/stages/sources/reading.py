"""From the files of one source to one table of raw rows, every physical line accounted for.

`src_raw`: row_no (unique over all sources), file_no, line, value_newlines, and the needed columns as text:
c0, c1 ... in the order of `LocatedSource.needed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cxid.engine.base import CsvDialect, literal, quote
from cxid.errors import ErrorCode, InputError
from cxid.files.dialect import Dialect
from cxid.files.header import Header, read_header, stated_header, tidy_name
from cxid.files.jsonl import JsonLines
from cxid.files.parquet import ParquetRows, file_digest, parquet_columns
from cxid.files.rows import Rejects, row_columns, write_rows
from cxid.files.splitter import Splitter
from cxid.files.text import PlainText, plain_text
from cxid.runs.machine import text_bytes
from cxid.stages.context import StageContext
from cxid.stages.sources.advice import encoding_advice, first_bytes
from cxid.stages.sources.located import LocatedSource, SourceFile, check_columns, check_header

RAW = "src_raw"
_PART = "src_part"
# More line breaks than this in one row may be rows swallowed by an open quote: the splitter looks closer.
_TRUSTED_NEWLINES = 3
_READING = 0.4  # of the work on a source: the rest is in its rows
_SOURCE_BYTES, _FILE_BYTES = 2_000_000, 400_000  # of text, that take as long as a source, or a file, without a row
NOTHING_KNOWN: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


@dataclass
class Ledger:
    """Where every physical line of one file went."""

    source: str
    file: str
    file_no: int
    digest: str
    size: int
    lines: int
    header_lines: int = 0
    accepted: int = 0
    value_newlines: int = 0
    blank_lines: int = 0
    rejects: Rejects = field(default_factory=Rejects)
    refused_rows: int = 0  # accepted by the reader, refused for what they say
    refused_lines: int = 0
    rows_before: int = 0  # of the files read before it
    rows_read: int = 0  # those refused for what they say included
    unread: int = 0  # optional values
    filled: set[int] = field(default_factory=set)  # positions of needed columns that a row fills
    taken: bool = False  # from the run before: `refused_rows` are all that were rejected, `reasons` tell why
    reasons: dict[str, int] = field(default_factory=dict)
    first_refused: int | None = None  # line

    @property
    def remainder(self) -> int:
        """Lines that nobody can account for."""
        known = self.header_lines + self.accepted + self.value_newlines + self.blank_lines
        return self.lines - known - self.rejects.physical_lines - self.refused_lines

    def refuse(self, rows: int, newlines: int) -> None:
        """Book accepted rows over to the rejected ones."""
        self.accepted -= rows
        self.value_newlines -= newlines
        self.refused_rows += rows
        self.refused_lines += rows + newlines


class SourceReader:
    """Reads the files of all sources, one source at a time; numbers files and rows across them."""

    def __init__(self, ctx: StageContext, located: Sequence[LocatedSource]) -> None:
        self._ctx, self._told = ctx, _Told(ctx, located)
        self._files = 0
        self._rows = 0
        self._replaced: dict[str, str] = {}
        self._scratch = ctx.work_dir / "sources"
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)

    def read(self, located: LocatedSource, known: Mapping[str, Mapping[str, Any]] = NOTHING_KNOWN) -> list[Ledger]:
        """Fill RAW with the rows of a source; the ledger of each file. InputError when a file does not add up.

        Files in `known` are passed over: their ledgers are those of the run before.
        """
        self._ctx.engine.drop(RAW)
        found: set[str] = set()
        seen: set[str] = set()
        ledgers = []
        for file in located.files:
            self._files += 1
            number = self._files
            if file.shown in known:
                ledgers.append(self._pass_over(located.name, file, number, known[file.shown]))
                continue
            self._replaced = located.replaced if file.format == "csv" else {}
            if file.format == "parquet":
                ledger = self._parquet(located, file, number)
            else:
                ledger = self._text(located, file, number, found, seen)
            if ledger.remainder:
                raise InputError(
                    f"{file.shown}: {abs(ledger.remainder)} of {ledger.lines} lines are not accounted for",
                    hint="check delimiter, quote and escape of this source; nothing was published",
                    code=ErrorCode.LINES_LOST,
                )
            ledgers.append(ledger)
            self._told.finish_file(file)
        absent = [n for n in located.needed if n not in found] if found and not known else []
        if absent:
            check_columns(located.name, located.files[0].shown, sorted(seen | found), absent)
        return ledgers

    def read_again(self, located: LocatedSource, ledgers: Sequence[Ledger]) -> list[Ledger]:
        """All files of a source that was just read in part."""
        self._files -= len(ledgers)
        self._rows -= sum(ledger.rows_read for ledger in ledgers)
        return self.read(located)

    def _pass_over(self, source: str, file: SourceFile, number: int, row: Mapping[str, Any]) -> Ledger:
        """The ledger of a file that the run before read, its rows numbered on from those before it now."""
        ledger = Ledger(
            source, file.shown, number, row["digest"], row["bytes"], row["physical_lines"], row["header_lines"],
            row["accepted"], row["value_newlines"], row["blank_lines"], refused_lines=row["rejected_lines"],
            rows_before=self._rows, rows_read=row["rows_read"], unread=row["unread"],
            filled={int(n) for n in row["filled"].split()}, taken=True,
        )  # fmt: skip
        self._rows += ledger.rows_read
        self._progress(file.size)
        return ledger

    def close(self) -> None:
        """Remove what was written while reading."""
        for path in self._scratch.glob("*"):
            path.unlink()
        self._scratch.rmdir()
        self._ctx.engine.drop(RAW, _PART)

    # -- formats ----------------------------------------------------------------------------------------

    def _parquet(self, located: LocatedSource, file: SourceFile, number: int) -> Ledger:
        names, rows = parquet_columns(file.path, file.shown)
        check_columns(located.name, file.shown, names, located.needed)
        digest, size = file_digest(file.path, self._progress)
        reader = ParquetRows(file.path, file.shown, located.needed)
        ledger = Ledger(located.name, file.shown, number, digest, size, rows, rejects=reader.rejects)
        self._take(reader, ledger, len(located.needed))
        return ledger

    def _text(self, located: LocatedSource, file: SourceFile, number: int, found: set[str], seen: set[str]) -> Ledger:
        source = located.source
        try:
            plain = plain_text(
                file.path,
                encoding=source.encoding,
                quote=source.quote if file.format == "csv" else "",
                replaced=located.replaced if file.format == "csv" else {},
                copy=self._scratch / f"plain-{number}.txt",
                progress=self._progress,
            )
        except InputError as error:
            hint = error.hint
            if error.code is ErrorCode.ENCODING and (other := encoding_advice(first_bytes(file.path), source.encoding)):
                hint = f"the bytes look like {other}: say encoding: {other} for source {located.name}"
            raise InputError(error.message.replace(str(file.path), file.shown), hint=hint, code=error.code) from error
        ledger = Ledger(located.name, file.shown, number, plain.digest, plain.size, plain.lines)
        try:
            if file.format == "csv":
                self._csv(located, file, plain, ledger)
            else:
                reader = JsonLines(plain.path, located.needed, rejects=ledger.rejects)
                self._take(reader, ledger, len(located.needed))
                ledger.blank_lines = reader.blank_lines
                found |= reader.found
                seen |= reader.seen
        finally:
            plain.discard()
        return ledger

    def _csv(self, located: LocatedSource, file: SourceFile, plain: PlainText, ledger: Ledger) -> None:
        header = self._header(located, file, plain)
        needed = [tidy_name(n) for n in located.needed]
        keep = [header.names.index(n) for n in needed]
        ledger.header_lines = header.lines
        # The engine takes an empty line in a file of one column for a row, and "a" "b" for one value.
        odd = plain.undecodable or plain.long_line or plain.inner_blanks or plain.spaced_quotes
        orderly = len(header.names) > 1 and not odd
        if not (orderly and self._at_engine_speed(plain, header, located.dialect, keep, ledger)):
            splitter = Splitter(
                plain.path, located.dialect, len(header.names), keep, header.lines, rejects=ledger.rejects
            )
            self._take(splitter, ledger, len(keep))
            ledger.blank_lines = splitter.blank_lines

    def _header(self, located: LocatedSource, file: SourceFile, plain: PlainText) -> Header:
        stated = located.source.header
        if stated is not None:
            return stated_header(plain, file.shown, located.dialect, stated)
        header = read_header(plain, file.shown, located.dialect)
        check_header(located, file.shown, header.names, first_bytes(file.path))
        return header

    def _at_engine_speed(
        self, plain: PlainText, header: Header, dialect: Dialect, keep: list[int], ledger: Ledger
    ) -> bool:
        """Read with the engine; False, and nothing kept, when lines are rejected or do not add up."""
        columns = tuple(f"f{i}" for i in range(len(header.names)))
        read = self._ctx.engine.read_csv(
            _PART,
            plain.path.resolve(),
            CsvDialect(
                columns=columns,
                delimiter=dialect.delimiter,
                quote=dialect.quote,
                escape=dialect.escape if dialect.quote else "",
                skip_lines=header.lines,
                keep=tuple(columns[i] for i in keep),
                quoted=plain.quotes,
            ),
        )
        known = header.lines + read.accepted + read.value_newlines + plain.blank_lines
        if read.rejected or read.most_newlines > _TRUSTED_NEWLINES or plain.lines != known:
            return False
        before = "0"
        if read.value_newlines:
            before = (
                "CAST(sum(value_newlines) OVER (ORDER BY row_no ROWS UNBOUNDED PRECEDING) AS BIGINT) - value_newlines"
            )
        self._append(ledger, [quote(columns[i]) for i in keep], f"{header.lines} + row_no + {before}", read.accepted)
        ledger.accepted, ledger.value_newlines = read.accepted, read.value_newlines
        ledger.blank_lines = plain.blank_lines
        return True

    def _take(self, reader: Splitter | JsonLines | ParquetRows, ledger: Ledger, width: int) -> None:
        """Bring the rows of a reader of ours into the engine, by way of a file."""
        path = self._scratch / f"rows-{ledger.file_no}.parquet"
        written = write_rows(reader.tables(), width, path)
        self._ctx.engine.read_parquet(_PART, path)
        path.unlink()
        self._append(ledger, row_columns(width), "line", written.rows)
        ledger.accepted, ledger.value_newlines = written.rows, written.value_newlines

    def _append(self, ledger: Ledger, kept: list[str], line: str, rows: int) -> None:
        """Add the rows of _PART to RAW, row numbers going on from the file before."""
        cells = "".join(f", {self._restored(column)} AS c{k}" for k, column in enumerate(kept))
        self._ctx.engine.append(
            RAW,
            f"SELECT {self._rows} + row_no AS row_no, {ledger.file_no} AS file_no, {line} AS line, "
            f"value_newlines{cells} FROM {_PART}",
        )
        self._ctx.engine.drop(_PART)
        ledger.rows_before, ledger.rows_read = self._rows, rows
        self._rows += rows

    def _restored(self, column: str) -> str:
        """The column with separators outside ASCII put back where they stand inside values."""
        for sign, stand_in in self._replaced.items():
            column = f"replace({column}, {literal(stand_in)}, {literal(sign)})"
        return column

    def _progress(self, size: int) -> None:
        self._told.read(size)

    def finish_source(self, located: LocatedSource) -> None:
        """The rows of a source are in the tables of its kind."""
        self._told.finish(located)


class _Told:
    """Tells how many bytes are read. The larger part of the work comes then; it goes with the text in the bytes."""

    def __init__(self, ctx: StageContext, located: Sequence[LocatedSource]) -> None:
        self._ctx, self._total = ctx, sum(s.size for s in located)
        self._work = sum(map(_work_of_source, located))
        self._before = self._read = 0  # bytes of the sources that are finished, of the one at hand
        self._worked = self._in_files = 0.0

    def read(self, size: int) -> None:
        self._read += size
        self._tell()

    def finish_file(self, file: SourceFile) -> None:
        self._in_files += _READING * _work_of(file)
        self._tell()

    def finish(self, located: LocatedSource) -> None:
        self._before, self._read, self._in_files = self._before + located.size, 0, 0.0
        self._worked += _work_of_source(located)
        self._tell()

    def _tell(self) -> None:
        worked = self._worked + self._in_files
        done = min(self._before + self._read, self._total)
        self._ctx.reporter.progress(done, self._total, "bytes", min(worked / max(self._work, 1), 1.0))


def _work_of(file: SourceFile) -> int:
    return _FILE_BYTES + text_bytes(file.path.name, file.size)


def _work_of_source(located: LocatedSource) -> int:
    return _SOURCE_BYTES + sum(map(_work_of, located.files))
