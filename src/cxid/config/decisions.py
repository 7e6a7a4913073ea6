"""`decisions.csv` beside the config: what people decided, every fault at once with its line.

One row a decision, keyed by source and record key, so that it outlives every build:
`link` (one person), `unlink` (two people), `pin` (the golden value of a field).
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cxid.config.fields import golden_fields
from cxid.config.model import Config, PeopleSource
from cxid.errors import ConfigError, ConfigProblem, ErrorCode

FILE_NAME = "decisions.csv"
COLUMNS = ("action", "source_a", "key_a", "source_b", "key_b", "field", "value", "who", "when", "reason")
_NEEDED = ("action", "source_a", "key_a")
_HINT = "decide again on one of the lines, or remove it; columns: " + ", ".join(COLUMNS)
_NEIGHBOURS = 2  # more lines in a row are told as a span
_LINES_TOLD = 6  # lines of a chain of links that a contradiction names


class Action(StrEnum):
    """What a decision says."""

    LINK = "link"  # the two records are one person
    UNLINK = "unlink"  # they are two people, whatever the evidence
    PIN = "pin"  # the customer of the record has this value


Record = tuple[str, str]  # (source, record key)


@dataclass(frozen=True)
class Decision:
    """One row. `b` is None and `field`, `value` are given for a pin only; `line` is where the row begins."""

    line: int
    action: Action
    a: Record
    b: Record | None = None
    field: str = ""
    value: str = ""
    who: str = ""
    when: str = ""
    reason: str = ""

    @property
    def pair(self) -> tuple[Record, Record]:
        """The two records, the smaller first. For link and unlink."""
        assert self.b is not None  # the reader saw to it
        return (self.a, self.b) if self.a < self.b else (self.b, self.a)


@dataclass(frozen=True)
class Decisions:
    """All decisions in file order, and the digest of the file that they come from ('' when there is none)."""

    rows: tuple[Decision, ...] = ()
    digest: str = ""


UNDECIDED = Decisions()


def decisions_file(config: Config) -> Path:
    """Where the decisions of a project lie, whether or not the file is there."""
    return config.root / FILE_NAME


def read_decisions(config: Config) -> Decisions:
    """The decisions beside the config, none when there is no file. Raises ConfigError with every problem by line."""
    file = decisions_file(config)
    if not file.is_file():
        return UNDECIDED
    content = file.read_bytes()
    rows, problems = parse_decisions(content, **known_names(config))
    if problems:
        raise ConfigError(str(file), problems, hint=_HINT, code=ErrorCode.DECISIONS)
    return Decisions(rows, hashlib.sha256(content).hexdigest())


def known_names(config: Config) -> dict[str, tuple[str, ...]]:
    """What decisions may name: `sources` of people, and `fields`, the people columns of the golden record."""
    people = tuple(name for name, source in config.sources.items() if isinstance(source, PeopleSource))
    return {"sources": people, "fields": tuple(slot for f in golden_fields(config.sources) for slot in f.slots)}


def parse_decisions(
    content: bytes, *, sources: Sequence[str], fields: Sequence[str]
) -> tuple[tuple[Decision, ...], list[ConfigProblem]]:
    """(decisions, problems) of the file's bytes; `sources` and `fields` are those that decisions may name."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return (), [ConfigProblem(line, 1, "", "not UTF-8 text; save the file as UTF-8")]
    if "\0" in text:
        return (), [ConfigProblem(text[: text.index("\0")].count("\n") + 1, 1, "", "a NUL byte: this is no CSV file")]
    try:
        lines = iter(list(_lines(text)))
    except _OpenQuoteError as error:
        return (), [ConfigProblem(error.line, 1, "", "a value that does not end: a quote is open")]
    header_line, header = next(lines, (1, []))
    names = [name.strip().lower() for name in header]
    if problems := list(_header_problems(header_line, names)):
        return (), problems
    found: list[Decision] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        faults = [f"{len(cells)} values under {len(names)} columns"] if len(cells) != len(names) else []
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        faults = faults or list(_row_faults(row, sources, fields))
        problems += [ConfigProblem(line, 1, "", fault) for fault in faults]
        if not faults:
            found.append(_decision(line, row))
    problems += _contradictions(found)
    return tuple(found), problems


class _OpenQuoteError(Exception):
    """A value is longer than the reader takes: a quote before it was never closed."""

    def __init__(self, line: int) -> None:
        self.line = line


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, cells) of each row; a value may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _OpenQuoteError(begins) from error


def _header_problems(line: int, names: list[str]) -> Iterator[ConfigProblem]:
    if not any(names):
        yield ConfigProblem(line, 1, "", "the file is empty: it needs a header")
        return
    for name in _NEEDED:
        if name not in names:
            yield ConfigProblem(line, 1, "", f'the header lacks "{name}"')
    for number, name in enumerate(names, start=1):
        if name not in COLUMNS:
            yield ConfigProblem(line, 1, "", f"unknown column in the header{_nearest(name, COLUMNS)}")
        elif name in names[: number - 1]:
            yield ConfigProblem(line, 1, "", f'the header has "{name}" twice')


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f', did you mean "{close[0]}"?' if close else f"; known: {', '.join(known)}"


def _row_faults(row: Mapping[str, str], sources: Sequence[str], fields: Sequence[str]) -> Iterator[str]:
    action = row["action"].lower()
    if action not in set(Action):
        yield f"unknown action{_nearest(action, tuple(Action))}"
        return
    pairs = action != Action.PIN
    needed = ("source_a", "key_a", *(("source_b", "key_b") if pairs else ("field", "value")))
    unused = ("field", "value") if pairs else ("source_b", "key_b")
    if missing := [name for name in needed if not row.get(name)]:
        yield f"{action} needs {' and '.join(missing)}"
    if given := [name for name in unused if row.get(name)]:
        yield f"{action} takes no {' and no '.join(given)}"
    for name in ("source_a", "source_b"):
        if row.get(name) and row[name] not in sources:
            yield f"{name} is no source of people in the config{_nearest(row[name], sources)}"
    if not pairs and row.get("field") and row["field"] not in fields:
        yield f"no source of people has this field{_nearest(row['field'], fields)}"
    if pairs and not missing and (row["source_a"], row["key_a"]) == (row["source_b"], row["key_b"]):
        yield f"{action} names one record twice"
    if row.get("when") and not _is_time(row["when"]):
        yield "when is neither a date nor a time: write it as 2026-11-01 or 2026-11-01T12:30:00"


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _decision(line: int, row: Mapping[str, str]) -> Decision:
    def cell(name: str) -> str:
        return row.get(name, "")

    other = (cell("source_b"), cell("key_b")) if cell("key_b") else None
    told = {name: cell(name) for name in ("field", "value", "who", "when", "reason")}
    return Decision(line, Action(cell("action").lower()), (cell("source_a"), cell("key_a")), other, **told)


# -- contradictions -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clash:
    """A decision, and the lines that stand against it: links that join two records, or the pin of another value."""

    decision: Decision
    against: tuple[int, ...]


class Links:
    """The links of some decisions: which records they make one person, and by which lines."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._ends: dict[Record, list[tuple[Record, int]]] = {}
        for decision in decisions:
            if decision.action is Action.LINK and decision.b is not None:
                self._ends.setdefault(decision.a, []).append((decision.b, decision.line))
                self._ends.setdefault(decision.b, []).append((decision.a, decision.line))
        self._group = _groups(self._ends)

    def lines(self, pair: tuple[Record, Record]) -> tuple[int, ...]:
        """The lines of the shortest chain of links between two records, in order; () when there is none."""
        a, b = pair
        if self._group.get(a, a) != self._group.get(b, b):
            return ()
        return tuple(_chain(self._ends, a, b))


def clashes(decisions: Sequence[Decision]) -> list[Clash]:
    """Unlinks of records that links, together, make one person; pins of one field of a record to two values."""
    links = Links(decisions)
    pins: dict[tuple[Record, str], Decision] = {}
    found = []
    for decision in decisions:
        if decision.action is Action.UNLINK and (lines := links.lines(decision.pair)):
            found.append(Clash(decision, lines))
        elif decision.action is Action.PIN:
            first = pins.setdefault((decision.a, decision.field), decision)
            if first.value != decision.value:
                found.append(Clash(decision, (first.line,)))
    return sorted(found, key=lambda clash: clash.decision.line)


def listed(lines: Sequence[int]) -> str:
    """'line 3', 'lines 3, 5', 'lines 3 to 9, 12'; of many the first."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][-1] + 1:
            spans[-1].append(line)
        else:
            spans.append([line])
    told = [
        text
        for span in spans
        for text in ([f"{span[0]} to {span[-1]}"] if len(span) > _NEIGHBOURS else [str(line) for line in span])
    ]
    told = told[:_LINES_TOLD] + (["..."] if len(told) > _LINES_TOLD else [])
    return f"{'lines' if len(lines) > 1 else 'line'} {', '.join(told)}"


def _contradictions(decisions: Sequence[Decision]) -> list[ConfigProblem]:
    problems = []
    for clash in clashes(decisions):
        if clash.decision.action is Action.PIN:
            said = f"pins the field that {listed(clash.against)} pins to another value"
        else:
            verb = "link" if len(clash.against) > 1 else "links"
            said = f"unlink contradicts: {listed(clash.against)} {verb} these two records"
        problems.append(ConfigProblem(clash.decision.line, 1, "", said))
    return problems


def _groups(links: Mapping[Record, Sequence[tuple[Record, int]]]) -> dict[Record, Record]:
    """Record -> one record that stands for all that links join it with."""
    group: dict[Record, Record] = {}
    for start in links:
        if start in group:
            continue
        group[start], open_ = start, [start]
        while open_:
            for other, _ in links[open_.pop()]:
                if other not in group:
                    group[other] = start
                    open_.append(other)
    return group


def _chain(links: Mapping[Record, Sequence[tuple[Record, int]]], a: Record, b: Record) -> list[int]:
    """The lines of the shortest chain of links between two records, in order; [] when there is none."""
    came: dict[Record, tuple[Record, int]] = {a: (a, 0)}
    open_ = deque([a])
    while open_ and b not in came:
        here = open_.popleft()
        for other, line in links.get(here, ()):
            if other not in came:
                came[other] = (here, line)
                open_.append(other)
    lines = []
    while b != a and b in came:
        b, line = came[b]
        lines.append(line)
    return sorted(lines)
