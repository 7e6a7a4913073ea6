"""The files of a source and their columns, checked before any row is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cxid.config.model import Source
from cxid.errors import ErrorCode, InputError
from cxid.files.dialect import Dialect, plain_dialect
from cxid.files.parquet import parquet_columns
from cxid.files.paths import find_files, shown_path
from cxid.stages.sources.advice import encoding_advice
from cxid.stages.sources.columns import needed_columns

_ENDINGS = {".parquet": "parquet", ".pq": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}


@dataclass(frozen=True)
class SourceFile:
    """One input file of a source."""

    path: Path
    shown: str  # as users see it
    format: str
    size: int


@dataclass(frozen=True)
class LocatedSource:
    """A source with its files."""

    name: str
    source: Source
    files: tuple[SourceFile, ...]
    needed: tuple[str, ...]
    dialect: Dialect
    replaced: dict[str, str]  # separators outside ASCII -> their stand-ins in the plain copy

    @property
    def size(self) -> int:
        return sum(f.size for f in self.files)


def locate_sources(sources: Mapping[str, Source], root: Path) -> list[LocatedSource]:
    """Every source with its files; Parquet columns are checked here. InputError tells all that is missing at once."""
    located: list[LocatedSource] = []
    problems: list[InputError] = []
    for name, source in sources.items():
        try:
            located.append(_locate(name, source, root))
        except InputError as error:
            problems.append(error)
    raise_together(problems)
    return located


def raise_together(problems: Sequence[InputError]) -> None:
    """Raise one InputError for several; nothing when there is none."""
    if problems:
        hints = list(dict.fromkeys(p.hint for p in problems if p.hint))
        raise InputError(
            "\n".join(dict.fromkeys(p.message for p in problems)), hint="; ".join(hints), code=problems[0].code
        )


def _locate(name: str, source: Source, root: Path) -> LocatedSource:
    dialect, replaced = plain_dialect(source.delimiter, source.quote, source.escape)
    needed = needed_columns(source)
    files = []
    for path in find_files(root, source.path):
        shown = shown_path(root, path)
        kind = source.format or _format_of(path)
        if source.header is not None and kind != "csv":
            raise InputError(
                f"{shown}: only CSV files can lack a header, and this is {kind}",
                hint=f"remove `header` from source {name}, or say format: csv",
                code=ErrorCode.HEADER,
            )
        try:
            size = path.stat().st_size
            with path.open("rb"):
                pass
        except OSError as error:
            reason = (error.strerror or "failed").lower()
            raise InputError(
                f"{shown}: cannot be opened: {reason}",
                hint="check the file's permissions",
                code=ErrorCode.FILE_UNREADABLE,
            ) from error
        if size == 0:
            raise InputError(
                f"{shown}: the file is empty (0 bytes)",
                hint="export it again, or take it out of the config",
                code=ErrorCode.FILE_EMPTY,
            )
        if kind == "parquet":
            check_columns(name, shown, parquet_columns(path, shown)[0], needed)
        files.append(SourceFile(path, shown, kind, size))
    return LocatedSource(name, source, tuple(files), needed, dialect, replaced)


def _format_of(path: Path) -> str:
    endings = [e.lower() for e in path.suffixes if e.lower() not in (".gz", ".zst")]
    return _ENDINGS.get(endings[-1], "csv") if endings else "csv"


def check_columns(source: str, shown: str, names: Sequence[str], needed: Sequence[str]) -> None:
    """Raise InputError when a needed column is not there, or there twice; names the nearest real ones."""
    missing = [n for n in needed if n not in names]
    if missing:
        raise InputError(
            f"{shown}: " + "; ".join(_missing(n, names) for n in missing),
            hint=f"correct the columns of source {source} in the config; the file has: {_listed(names)}",
            code=ErrorCode.COLUMN_MISSING,
        )
    if twice := [n for n in needed if list(names).count(n) > 1]:
        raise InputError(
            f'{shown}: the header names "{twice[0]}" twice',
            hint="rename one of the columns in the file",
            code=ErrorCode.HEADER,
        )


def check_header(located: LocatedSource, shown: str, names: Sequence[str], head: bytes) -> None:
    """The same for a CSV header, with the likely cause where it is the delimiter or the encoding."""
    twice = sorted({n for n in names if n and list(names).count(n) > 1})
    if twice:
        raise InputError(
            f'{shown}: the header names "{twice[0]}" twice',
            hint="rename one of the columns in the file",
            code=ErrorCode.HEADER,
        )
    if all(n in names for n in located.needed):
        return
    source = located.source
    if other := encoding_advice(head, source.encoding):
        raise InputError(
            f"{shown}: the header is not readable as {source.encoding}",
            hint=f"the bytes look like {other}: say encoding: {other} for source {located.name}",
            code=ErrorCode.ENCODING,
        )
    for delimiter in ",;\t|":
        parts = [p.strip().strip('"') for p in source.delimiter.join(names).split(delimiter)]
        if delimiter != source.delimiter and sum(n in parts for n in located.needed) > sum(
            n in names for n in located.needed
        ):
            shown_sign = "\\t" if delimiter == "\t" else delimiter
            raise InputError(
                f"{shown}: its columns are not separated by the configured delimiter",
                hint=f'it is separated by "{shown_sign}": say delimiter: "{shown_sign}" for source {located.name}',
                code=ErrorCode.DELIMITER,
            )
    check_columns(located.name, shown, names, located.needed)


def _missing(name: str, names: Sequence[str]) -> str:
    folded = {n.casefold(): n for n in reversed(names)}
    close = [folded[c] for c in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    return f'no column "{name}"' + (f", did you mean {' or '.join(repr_name(c) for c in close)}?" if close else "")


def repr_name(name: str) -> str:
    return f'"{name}"'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
