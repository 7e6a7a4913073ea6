"""Decisions written into `decisions.csv`: lines are added at the end, what stands there stays byte for byte.

The file is replaced in one step, so that a build reads the old decisions or the new ones, and two commands at once
write one after the other. Nothing is added that contradicts the file or that it says already.
"""

from __future__ import annotations

import csv
import errno
import fcntl
import io
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cxid.config.decisions import (
    COLUMNS,
    FILE_NAME,
    Action,
    Clash,
    Decision,
    Links,
    clashes,
    decisions_file,
    known_names,
    listed,
    parse_decisions,
    read_decisions,
)
from cxid.config.model import Config
from cxid.errors import ConfigProblem, ErrorCode, LockError, UsageError
from cxid.runs import disk

_TOLD = ("who", "when", "reason")  # a file may do without these columns
_PATIENCE_SECONDS = 10.0
_STEP_SECONDS = 0.05
_CLASHES_TOLD = 5


@dataclass(frozen=True)
class Added:
    """What became of decisions: `rows` are new, with the lines that they stand on; `known` stood there before."""

    file: Path
    rows: tuple[Decision, ...] = ()
    known: tuple[tuple[Decision, tuple[int, ...]], ...] = ()  # as it stands there, or as asked where links chain; lines
    unwritten: tuple[str, ...] = ()  # columns that the file does not have


def add_decisions(config: Config, wanted: Sequence[Decision], *, write: bool = True) -> Added:
    """Put decisions at the end of the project's file, made with its header when missing; without `write` only tell.

    The lines of `wanted` do not matter. Raises ConfigError when the file has faults already, UsageError when a
    decision contradicts the file (with the lines) or cannot be written there.
    """
    with disk.translated(config.root), _alone(config.root):
        file = decisions_file(config)
        if file.is_dir():
            raise UsageError(
                f"{file}: is a folder",
                hint="move it away: decisions are kept in a file of this name",
                code=ErrorCode.DECISIONS,
            )
        old = file.read_bytes() if file.is_file() else b""
        old = old if old.strip() else b""
        there = read_decisions(config).rows if old else ()
        new, known = _news(there, wanted)
        text = _Text.of(old)
        rows = _numbered(text, new)
        _refuse_clashes(file, (*there, *rows), before=len(there))
        content = old + text.lines(rows)
        _refuse_misread(config, content, (*there, *rows))
        if rows and write:
            place = file.resolve()  # a link stays a link
            mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else _new_mode(config)
            disk.write_bytes(place, content, fault="decisions", mode=mode)
    missing = tuple(n for n in _TOLD if n not in text.header and any(getattr(w, n) for w in wanted))
    return Added(file, rows, known, missing)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Nobody else writes decisions of this project inside. Raises LockError after ten seconds of waiting."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    said = f"another command is writing {FILE_NAME}"
                    raise LockError(said, hint="wait for it to end, then decide again") from None
                time.sleep(_STEP_SECONDS)
            except OSError as error:  # a file system without locks: the swap of the file is still whole
                if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.EBADF):
                    raise
                break
        yield
    finally:
        os.close(descriptor)


def _new_mode(config: Config) -> int:
    """Who may read the config may read the decisions beside it."""
    return stat.S_IMODE(config.file.stat().st_mode) & 0o666 if config.file.is_file() else 0o600


def _news(
    there: Sequence[Decision], wanted: Sequence[Decision]
) -> tuple[list[Decision], tuple[tuple[Decision, tuple[int, ...]], ...]]:
    """(decisions that the file does not say, those that it says with their lines), whoever said it."""
    said: dict[object, Decision] = {}
    for decision in there:
        said.setdefault(_meaning(decision), decision)
    new: dict[object, Decision] = {}
    links = Links(there)
    known: list[tuple[Decision, tuple[int, ...]]] = []
    for decision in wanted:
        meaning = _meaning(decision)
        first = said.get(meaning)
        chain = links.lines(decision.pair) if first is None and decision.action is Action.LINK else ()
        if first is not None:
            known.append((first, (first.line,)))
        elif chain:
            known.append((decision, chain))
        else:
            new.setdefault(meaning, decision)
    return list(new.values()), tuple(known)


def _meaning(decision: Decision) -> object:
    if decision.action is Action.PIN:
        return (decision.action, decision.a, decision.field, decision.value)
    return (decision.action, decision.pair)


@dataclass(frozen=True)
class _Text:
    """How a file of decisions is written: its columns, the end of its lines, and what must come before a new line."""

    header: tuple[str, ...]
    ending: str
    lead: str  # the header of a new file, or the end of a last line that lacks one
    next_line: int

    @classmethod
    def of(cls, old: bytes) -> _Text:
        """That of a file which has been read without faults."""
        if not old:
            return cls(COLUMNS, "\n", ",".join(COLUMNS) + "\n", 2)
        text = old.decode("utf-8-sig")
        first = next(row for row in csv.reader(io.StringIO(text, newline="")) if row)
        ending = "\r\n" if "\r\n" in text else "\n"
        lead = "" if text.endswith(("\n", "\r")) else ending
        return cls(tuple(n.strip().lower() for n in first), ending, lead, len(_broken(text)) + bool(lead))

    def lines(self, rows: Sequence[Decision]) -> bytes:
        """The bytes to add for these rows."""
        if not rows:
            return b""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=self.ending)
        writer.writerows([_cells(row)[name] for name in self.header] for row in rows)
        return (self.lead + out.getvalue()).encode()


def _broken(text: str) -> list[str]:
    """The text in physical lines, as the reader of CSV counts them; the last one is '' after a line's end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cells(decision: Decision) -> dict[str, str]:
    source_b, key_b = decision.b or ("", "")
    return {
        "action": decision.action.value, "source_a": decision.a[0], "key_a": decision.a[1], "source_b": source_b,
        "key_b": key_b, "field": decision.field, "value": decision.value, "who": decision.who, "when": decision.when,
        "reason": decision.reason,
    }  # fmt: skip


def _numbered(text: _Text, rows: Sequence[Decision]) -> tuple[Decision, ...]:
    """The rows with their lines and without what the file has no column for. Raises UsageError for a needed one."""
    line, found = text.next_line, []
    for row in rows:
        lacking = [n for n, cell in _cells(row).items() if cell and n not in text.header]
        if needed := [n for n in lacking if n not in _TOLD]:
            raise UsageError(
                f"{FILE_NAME}:1: the header lacks {' and '.join(needed)}",
                hint=f"add the column to every line, or begin with the header {','.join(COLUMNS)}",
                code=ErrorCode.DECISIONS,
            )
        kept = replace(
            row,
            line=line,
            who="" if "who" in lacking else row.who,
            when="" if "when" in lacking else row.when,
            reason="" if "reason" in lacking else row.reason,
        )
        found.append(kept)
        line += len(_broken("".join(_cells(kept).values())))
    return tuple(found)


def _refuse_clashes(file: Path, decisions: Sequence[Decision], before: int) -> None:
    """Raises UsageError when the new ones, which follow `before` old ones, contradict any."""
    new = {d.line for d in decisions[before:]}
    found = sorted((_told(clash, new) for clash in clashes(decisions)), key=lambda told: len(told[1]))
    if not found:
        return
    more = [f"and {len(found) - _CLASHES_TOLD} more"] if len(found) > _CLASHES_TOLD else []
    told = [said for said, _ in found[:_CLASHES_TOLD]]
    lines = sorted({line for _, lines in found for line in lines})
    hint = (
        f"remove {listed(lines)} of {file.name} if that was wrong, then decide again"
        if lines
        else "they say two things at once: decide again"
    )
    raise UsageError(
        "\n".join([f"{file.name}: this contradicts what is decided", *told, *more]),
        hint=hint,
        code=ErrorCode.DECISION_CONFLICT,
    )


def _told(clash: Clash, new: set[int]) -> tuple[str, list[int]]:
    """(what to say, lines of the file that are in the way)."""
    old = [line for line in clash.against if line not in new]
    if clash.decision.line not in new:
        old = sorted([clash.decision.line, *old])
    if not old:
        return "the same records are linked and unlinked, or one field is pinned to two values, in one go", old
    first, others = old[0], old[1:]
    if clash.decision.action is Action.PIN:
        return f"{FILE_NAME}:{first}: pins {clash.decision.field} of this record to another value", old
    if clash.decision.line in new:
        said = f"{FILE_NAME}:{first}: links the two records"
    else:
        first, others = clash.decision.line, [line for line in old if line != clash.decision.line]
        said = f"{FILE_NAME}:{first}: unlinks two records that this link makes one person"
    return (f"{said}, with {listed(others)}" if others else said), old


def _refuse_misread(config: Config, content: bytes, expected: Sequence[Decision]) -> None:
    """Raises UsageError when the file would not be read as meant: a key with blanks at its ends, an open quote."""
    rows, problems = parse_decisions(content, **known_names(config)) if content else ((), [])
    if problems:
        told = "\n".join(ConfigProblem(0, 0, "", p.message).render(FILE_NAME) for p in problems[:_CLASHES_TOLD])
        raise UsageError(told, hint="nothing was written; decide again", code=ErrorCode.DECISIONS)
    if tuple(rows) != tuple(expected):
        raise UsageError(
            f"{FILE_NAME}: the decision cannot be written so that it is read as it is meant",
            hint="look at the last line of the file: an open quote, or a value with blanks at its ends",
            code=ErrorCode.DECISIONS,
        )


# -- taking back -----------------------------------------------------------------------------------------


def remove_decisions(config: Config, unwanted: Sequence[Decision]) -> tuple[Decision, ...]:
    """Take decisions out of the project's file again, the last that says each; every other line stays byte for byte.

    Gives those that were there. One that says the same in other words (who, when, reason) is somebody else's and
    stays. Raises ConfigError when the file has faults, LockError when another command is writing it.
    """
    with disk.translated(config.root), _alone(config.root):
        file = decisions_file(config)
        if not file.is_file():
            return ()
        last: dict[object, list[Decision]] = {}
        for decision in read_decisions(config).rows:
            last.setdefault(replace(decision, line=0), []).append(decision)
        stacks = [last.get(replace(decision, line=0), []) for decision in unwanted]
        gone = sorted((stack.pop() for stack in stacks if stack), key=lambda d: d.line)
        if gone:
            place = file.resolve()
            content = _without(file.read_bytes(), [d.line for d in gone])
            disk.write_bytes(place, content, fault="decisions", mode=stat.S_IMODE(place.stat().st_mode))
    return tuple(gone)


def _without(content: bytes, rows: Sequence[int]) -> bytes:
    """The file's bytes without the rows that begin on these lines."""
    lines = list(io.StringIO(content.decode(), newline=""))
    out = set[int]()
    for begins in rows:
        reader = csv.reader(iter(lines[begins - 1 :]))
        next(reader)
        out.update(range(begins - 1, begins - 1 + reader.line_num))
    return "".join(line for number, line in enumerate(lines) if number not in out).encode()
