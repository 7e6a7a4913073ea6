"""What the calls that decide share: whom a REF names, who decides, and what became of the decisions."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from cxid.api.published import opened
from cxid.config.deciding import Added, add_decisions
from cxid.config.decisions import COLUMNS, Decision, Record, known_names
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, UsageError
from cxid.notebook import Shown, Table
from cxid.references import resolve_one
from cxid.runs.home import Home

Say = Callable[[str], None]


class Signature(TypedDict, total=False):
    """How decisions are signed: `who` (git's user.name, else the login name), `when` (today), and why (`reason`).

    With `dry_run` the lines are told and nothing is written.
    """

    who: str | None
    when: str | None
    reason: str
    dry_run: bool


@dataclass(frozen=True)
class Named:
    """Whom a REF names: a record, or a customer with all its records. `customer_id` is '' before the first build.

    `name` is what messages call it: source:key or the customer's id, never a value of field=value.
    """

    name: str
    customer_id: str
    records: tuple[Record, ...]
    is_record: bool


class Ground:
    """What decisions are about: a project and, once there is one, its published run.

    `say` is told what a reference of the past stands for now.
    """

    def __init__(self, config: Config, engine: Engine | None, say: Say | None = None) -> None:
        self.config, self._engine, self._say = config, engine, say

    @property
    def engine(self) -> Engine:
        """An engine over the published run. Raises UsageError where there is none."""
        if self._engine is None:
            raise UsageError("no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD)
        return self._engine

    def named(self, reference: str) -> Named:
        """Whom the REF names. Raises UsageError when that is nobody, or several customers."""
        record = self._record(reference)
        if self._engine is None:
            if record is None:
                raise UsageError(
                    "no build yet, so that only records have names",
                    hint="write source:key, or run `cxid build` first",
                    code=ErrorCode.NO_BUILD,
                )
            return Named(reference, "", (record,), is_record=True)
        customer_id = resolve_one(self.engine, reference, self._say)
        if record is not None:
            return Named(reference, customer_id, (record,), is_record=True)
        return Named(customer_id, customer_id, self.records_of(customer_id), is_record=False)

    def records_of(self, customer_id: str) -> tuple[Record, ...]:
        """All records of a customer, in order. Raises UsageError when it has none."""
        found = self.engine.fetch(
            "SELECT source, record_key FROM identity_map WHERE customer_id = ? AND source <> '' "
            "ORDER BY source, record_key",
            [customer_id],
        ).to_pylist()
        if not found:
            raise UsageError(
                f"{customer_id} has no record of a source of people",
                hint="decisions are about records: source:key",
                code=ErrorCode.CUSTOMER_UNKNOWN,
            )
        return tuple((r["source"], r["record_key"]) for r in found)

    def _record(self, reference: str) -> Record | None:
        """(source, key) of a REF of this form."""
        source, colon, key = reference.partition(":")
        if not colon or not key or "=" in source:
            return None
        people = known_names(self.config)["sources"]
        if source not in people:
            raise UsageError(
                "no people source of this name",
                hint="people sources: " + (", ".join(people) or "none"),
                code=ErrorCode.SOURCE_UNKNOWN,
            )
        return source, key


@contextmanager
def deciding(config: Config, say: Say | None = None) -> Iterator[Ground]:
    """The ground of decisions about a project; before its first build only records have names."""
    if Home(config.root.resolve()).published_dir() is None:
        yield Ground(config, None, say)
        return
    with opened(config) as (_, engine):
        yield Ground(config, engine, say)


@dataclass(frozen=True, repr=False)
class Decided(Shown):
    """What became of decisions: `added` has the lines of decisions.csv that are new, and those that say it already.

    `notes` say what the decisions do not change.
    """

    added: Added
    is_written: bool
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        rows, known = len(self.added.rows), len(self.added.known)
        if not rows:
            return f"{self.added.file.name}: nothing to write, {known:,} known"
        lines = f"{rows:,} {'line' if rows == 1 else 'lines'}"
        return f"{self.added.file.name}: {lines} {'added' if self.is_written else 'not written'}, {known:,} known"

    def to_list(self) -> list[dict[str, Any]]:
        """The list that the command writes with `--format json`: line, status (written, known), the columns."""
        return [{"line": line, "status": status, **cells} for line, status, cells in self.lines()]

    def lines(self) -> Iterator[tuple[int, str, dict[str, str]]]:
        """(line, status, column -> text), what is known first."""
        for row, lines in self.added.known:
            yield lines[0], "known", _cells(row)
        for row in self.added.rows:
            yield row.line, "written" if self.is_written else "not written", _cells(row)

    def tables(self) -> Iterable[Table]:
        return [Table("", ("line", "", *COLUMNS), ((n, s, *cells.values()) for n, s, cells in self.lines()))]


def decide(config: Config, rows: Sequence[Decision], signature: Signature) -> Decided:
    """Put decisions into decisions.csv, signed, and tell what became of them."""
    dry_run = signature.get("dry_run", False)
    return Decided(add_decisions(config, signed(config.root, rows, signature), write=not dry_run), not dry_run)


def signed(root: Path, rows: Sequence[Decision], signature: Signature) -> list[Decision]:
    """The decisions with who made them, when and why, each on one line."""
    who, reason = signature.get("who"), " ".join(signature.get("reason", "").split())
    by, when = " ".join((who if who is not None else _user(root)).split()), signature.get("when")
    return [replace(row, who=by, when=when or date.today().isoformat(), reason=reason) for row in rows]


def _user(root: Path) -> str:
    """Git's name for whoever works here, else the name of the login, '' when nobody can tell."""
    if name := os.environ.get("GIT_AUTHOR_NAME"):
        return name
    try:
        told = subprocess.run(
            ["git", "config", "user.name"], cwd=root, capture_output=True, text=True, timeout=5, check=False
        )
        name = told.stdout.strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        name = ""
    return name or os.environ.get("USER") or os.environ.get("USERNAME") or ""


def _cells(row: Decision) -> dict[str, str]:
    source_b, key_b = row.b or ("", "")
    cells = {"source_a": row.a[0], "key_a": row.a[1], "source_b": source_b, "key_b": key_b}
    return {name: str(cells[name] if name in cells else getattr(row, name)) for name in COLUMNS}


def most_telling(ground: Ground, named: Named) -> Record:
    """The record itself, or of a customer the one that most golden values come from."""
    if named.is_record:
        return named.records[0]
    found = ground.engine.fetch(
        "SELECT source, record_key FROM golden_provenance WHERE customer_id = ? GROUP BY source, record_key "
        "ORDER BY count(*) DESC, source, record_key LIMIT 1",
        [named.customer_id],
    ).to_pylist()
    record = (found[0]["source"], found[0]["record_key"]) if found else named.records[0]
    return record if record in named.records else named.records[0]
