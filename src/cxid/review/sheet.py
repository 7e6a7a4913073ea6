"""Questions as a CSV file for a spreadsheet, and the answers read back, every fault by its line.

A spreadsheet turns `00123` into 123 and `1-2` into a date, so the two records stand in one cell that begins with a
source's name and is a number to nobody: `crm:00123 loyalty:A-77`, with odd characters as %XX.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import quote, unquote

from cxid.config.decisions import Record as Key
from cxid.errors import ConfigError, ConfigProblem, ErrorCode, InputError
from cxid.privacy import csv_text
from cxid.review.questions import Question
from cxid.review.session import Answer
from cxid.review.sides import Line

DECISION, PAIR, NOTE = "decision", "pair", "note"
HEADER = (DECISION, PAIR, NOTE)
_BOM = "\ufeff"  # tells a spreadsheet that the file is UTF-8
_SAFE = "-._~@/"
_WORDS = {
    Answer.SAME: ("same", "yes", "y", "1", "true", "match", "link"),
    Answer.DIFFERENT: ("different", "no", "n", "0", "false", "unlink"),
    Answer.UNSURE: ("unsure", "?", "skip", "s"),
}
_ANSWERS = {word: answer for answer, words in _WORDS.items() for word in words}


@dataclass(frozen=True)
class Entry:
    """A line of a sheet that somebody answered."""

    line: int
    pair: tuple[Key, Key]
    answer: Answer
    note: str


@dataclass(frozen=True)
class Sheet:
    """What a file says: its answers, how many lines have none, and what cannot be read of the others."""

    name: str
    entries: tuple[Entry, ...]
    empty: int
    problems: tuple[ConfigProblem, ...]


# -- out ----------------------------------------------------------------------------------------------------


def write_sheet(
    file: TextIO, questions: Iterable[tuple[Question, Sequence[Line]]], fields: Sequence[str], separator: str
) -> int:
    """Write a row for each question, its records' values side by side, and say how many; `fields` are the columns."""
    file.write(_BOM)
    writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
    writer.writerow([csv_text(c) for c in (*HEADER, *(f"{name} {side}" for name in fields for side in "ab"))])
    rows = 0
    for question, lines in questions:
        values = {line.name: (line.a, line.b) for line in lines}
        cells = [" | ".join(side) for name in fields for side in values.get(name, ((), ()))]
        writer.writerow([csv_text(c) for c in ("", pair_text(*question.ends), "", *cells)])
        rows += 1
    return rows


def pair_text(a: Key, b: Key) -> str:
    """Two records in one cell."""
    return " ".join(":".join(quote(part, safe=_SAFE) for part in key) for key in (a, b))


# -- back ---------------------------------------------------------------------------------------------------


def read_sheet(content: bytes, name: str) -> Sheet:
    """A sheet as a spreadsheet may have saved it.

    Raises InputError for a file that is no sheet, ConfigError for one that ends within a value.
    """
    text = _decoded(content, name)
    first = text.partition("\n")[0]
    if first.lower().startswith("sep="):
        text = text.partition("\n")[2]
        first = text.partition("\n")[0]
    rows = list(_rows(text, max(",;\t", key=first.count), name))
    if not rows:
        raise InputError(
            f"{name}: the file is empty", hint="cxid review export writes one to fill in", code=ErrorCode.FILE_EMPTY
        )
    header = [cell.strip().lower() for cell in rows[0][1]]
    if missing := [c for c in (DECISION, PAIR) if c not in header]:
        raise InputError(
            f"{name}: no sheet of `cxid review export`: it has no column {' and '.join(missing)}",
            hint="keep every column; only decision and note are yours to fill in",
            code=ErrorCode.COLUMN_MISSING,
        )
    entries, problems, empty = [], [], 0
    for line, cells in rows[1:]:
        row = dict(zip(header, (_bare(c) for c in cells), strict=False))
        if not row.get(DECISION):
            empty += any(row.values())
            continue
        found = _entry(line, row)
        entries.append(found) if isinstance(found, Entry) else problems.append(ConfigProblem(line, 1, "", found))
    problems += _repeated(entries)
    return Sheet(name, tuple({frozenset(e.pair): e for e in entries}.values()), empty, tuple(problems))


def _decoded(content: bytes, name: str) -> str:
    """The text, in whatever a spreadsheet saves. What we read of it is ASCII, but for notes."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if "\0" in text:
        hint = "save it as CSV from the spreadsheet, then import that"
        raise InputError(f"{name}: not a CSV file", hint=hint, code=ErrorCode.FILE_UNREADABLE)
    return text


def _rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each row that has any."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = ConfigProblem(begins, 1, "", "a value that does not end: a quote is open")
        raise ConfigError(
            name, [problem], hint="mend this line and import again; nothing was written", code=ErrorCode.SHEET_INVALID
        ) from error


def _bare(cell: str) -> str:
    """The cell without blanks and without the apostrophe that keeps a formula a text."""
    return cell.strip().removeprefix("'")


def _entry(line: int, row: dict[str, str]) -> Entry | str:
    answer = _ANSWERS.get(row[DECISION].lower())
    if answer is None:
        return f'"{DECISION}" is none of {", ".join(_WORDS)}; leave it empty where nothing is decided'
    keys = [tuple(unquote(part) for part in ref.split(":")) for ref in row.get(PAIR, "").split()]
    if len(keys) != 2 or any(len(key) != 2 or not all(key) for key in keys):
        return f'"{PAIR}" is not as cxid wrote it'
    (source_a, key_a), (source_b, key_b) = keys
    if keys[0] == keys[1]:
        return f'"{PAIR}" names one record twice'
    return Entry(line, ((source_a, key_a), (source_b, key_b)), answer, " ".join(row.get(NOTE, "").split()))


def _repeated(entries: Sequence[Entry]) -> Iterator[ConfigProblem]:
    first: dict[frozenset[Key], Entry] = {}
    for entry in entries:
        before = first.setdefault(frozenset(entry.pair), entry)
        if before.answer is not entry.answer:
            yield ConfigProblem(entry.line, 1, "", f"line {before.line} says {before.answer} of the same pair")
