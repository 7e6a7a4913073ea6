"""The two streams of a command: data on stdout in the chosen format, everything else on stderr."""

from __future__ import annotations

import csv
import json
import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

import typer

from cxid.cli._grid import draw, fold, paint
from cxid.cli._options import Format, Settings, settings_of
from cxid.cli._terminal import Terminal, look_at
from cxid.errors import UsageError
from cxid.privacy import csv_text, json_text, terminal_text

Row = Sequence[Any]
_ROWS_DRAWN = 1000  # a longer table is drawn in parts, each as wide as its own values: memory stays small


class Console:
    """Where a command writes. Made once per command from the shared options."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.out: TextIO = sys.stdout
        self.err: TextIO = sys.stderr
        self.screen = look_at(self.out, os.environ)
        self.side = look_at(self.err, os.environ)

    @property
    def reads_tables(self) -> bool:
        """A person reads stdout, not a program."""
        return self.settings.output is Format.TABLE

    # -- stdout ---------------------------------------------------------------------------------------

    def rows(self, columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Write rows in the chosen format; says how many. A format other than table is written as it comes."""
        writer = {Format.JSON: self._json, Format.JSONL: self._jsonl, Format.CSV: self._csv, Format.TABLE: self._table}
        return writer[self.settings.output](columns, rows)

    def document(self, content: Any) -> None:
        """Write one JSON document; on one line for jsonl."""
        indent = None if self.settings.output is Format.JSONL else 2
        self.out.write(_dump(content, indent=indent) + "\n")

    def line(self, content: Any) -> None:
        """Write one JSON document on one line, whatever the format."""
        self.out.write(_dump(content) + "\n")

    def verbatim(self, text: str) -> None:
        """Write text that has a format of its own; on a terminal, what would act on it stands as its code."""
        if self.screen.is_tty:
            text = "\n".join(map(terminal_text, text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")))
        self.out.write(text)

    def keep_format(self, said: str, *formats: Format) -> None:
        """Raises UsageError, which says `said`, when --format asks for another than an output can be written in."""
        if self.settings.format not in (None, *formats):
            raise UsageError(said, hint="leave --format out")

    def text(self, line: str = "", *, style: str = "") -> None:
        """Write a line for people on stdout, folded on a terminal; values from data in it are made safe."""
        self.out.write(_folded(line, style, self.screen))

    @staticmethod
    def safe(value: Any) -> str:
        """A value from data, config or file names as text for one line of a terminal."""
        return _cell(value)

    def grid(self, columns: Sequence[str], rows: Iterable[Row], *, indent: int = 0) -> None:
        """Write a table for people, whatever the format: boxes on a terminal, tab-separated elsewhere."""
        cells = ([_cell(v) for v in row] for row in rows)
        names = [terminal_text(c) for c in columns]
        if self.screen.is_tty:
            drawn = False
            while (part := list(islice(cells, _ROWS_DRAWN))) or not drawn:
                self.out.write(draw(names, part, self.screen, indent=indent))
                drawn = True
        else:
            if any(names):
                self.out.write("\t".join(names) + "\n")
            for row in cells:
                self.out.write("\t".join(row) + "\n")

    # -- stderr ---------------------------------------------------------------------------------------

    def say(self, line: str, *, style: str = "") -> None:
        """Tell the person at the terminal; silent with --quiet."""
        if not self.settings.quiet:
            self._aside(line, style)

    def here(self, command: str) -> str:
        """The command as it has to be typed to mean this project again."""
        parts = [command]
        if self.settings.project != Path():
            parts.append(f"-C {shlex.quote(str(self.settings.project))}")
        if self.settings.target:
            parts.append(f"-t {shlex.quote(self.settings.target)}")
        return " ".join(parts)

    def next(self, *commands: str) -> None:
        """Name the next step."""
        self.say("next: " + ", then ".join(self.here(c) for c in commands))

    def detail(self, line: str) -> None:
        """The same with --verbose only."""
        if self.settings.verbose:
            self._aside(line, "dim")

    def complain(self, line: str, *, style: str = "red") -> None:
        """The same, --quiet or not: something is wrong."""
        self._aside(line, style)

    def _aside(self, line: str, style: str) -> None:
        self.err.write(_folded(terminal_text(line), style, self.side))
        self.err.flush()

    # -- formats --------------------------------------------------------------------------------------

    def _table(self, columns: Sequence[str], rows: Iterable[Row]) -> int:
        counted = _Counted(rows)
        self.grid(columns, counted)
        return counted.seen

    def _json(self, columns: Sequence[str], rows: Iterable[Row]) -> int:
        seen = 0
        for seen, row in enumerate(rows, start=1):
            self.out.write(("[\n  " if seen == 1 else ",\n  ") + _dump(dict(zip(columns, row, strict=True))))
        self.out.write("\n]\n" if seen else "[]\n")
        return seen

    def _jsonl(self, columns: Sequence[str], rows: Iterable[Row]) -> int:
        counted = _Counted(rows)
        for row in counted:
            self.out.write(_dump(dict(zip(columns, row, strict=True))) + "\n")
        return counted.seen

    def _csv(self, columns: Sequence[str], rows: Iterable[Row]) -> int:
        safe = terminal_text if self.screen.is_tty else str  # in a file values stay what they are
        writer = csv.writer(self.out, lineterminator="\n")
        writer.writerow([csv_text(safe(c)) for c in columns])
        counted = _Counted(rows)
        for row in counted:
            writer.writerow(
                [csv_text(safe(v)) if isinstance(v, str) else "" if v is None else safe(_plain(v)) for v in row]
            )
        return counted.seen


def _folded(line: str, style: str, screen: Terminal) -> str:
    """The line with its end, in as many as a terminal needs; what is painted already was laid out by who did it."""
    pieces = fold(line, screen.width) if screen.is_tty and "\x1b" not in line else [line]
    return "".join(paint(piece, style, screen) + "\n" for piece in pieces)


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.seen = 0

    def __iter__(self) -> Any:
        for row in self._rows:
            self.seen += 1
            yield row


def console_of(ctx: typer.Context) -> Console:
    """The console of the running command."""
    return Console(settings_of(ctx))


def _dump(content: Any, indent: int | None = None) -> str:
    encoder = _LINE if indent is None else _PAGE
    try:
        return json_text(encoder.encode(content))
    except (ValueError, TypeError):  # a number that JSON cannot say, a key that is no text
        return json_text(encoder.encode(_finite(content)))


def _finite(content: Any) -> Any:
    """The same content with null for infinity and not-a-number, which JSON cannot say."""
    if isinstance(content, float):
        return content if isfinite(content) else None
    if isinstance(content, dict):
        return {str(k): _finite(v) for k, v in content.items()}
    return [_finite(v) for v in content] if isinstance(content, list | tuple) else content


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = int(value) if value == value.to_integral_value() else float(value)
        return whole if isinstance(whole, int) or Decimal(repr(whole)) == value else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_json_value)
_PAGE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_json_value, indent=2)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=_json_value)
    return value.hex() if isinstance(value, bytes) else str(value)


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cell(value: Any) -> str:
    """The full value on one line, safe for a terminal; nothing for NULL."""
    if value is None:
        return ""
    return terminal_text(value if isinstance(value, str) else _plain(value))
