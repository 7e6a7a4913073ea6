"""What the commands that decide share: whom a REF names, who decides, and telling what was written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import typer

from cxid.cli._console import Console
from cxid.cli._options import Format
from cxid.cli._outputs import reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError

Record = tuple[str, str]  # (source, record key)
_ROWS_DRAWN = 12  # on a terminal; elsewhere all

Who = Annotated[
    str | None,
    typer.Option("--who", metavar="NAME", help="Who decides.", show_default="git's user.name, else the login name"),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later.", show_default=False)
]
When = Annotated[str | None, typer.Option("--when", metavar="DATE", help="When it was decided.", show_default="today")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show the lines; write nothing.")]


@dataclass(frozen=True)
class Named:
    """Whom a REF names: a record, or a customer with all its records. `customer_id` is '' before the first build.

    `name` is what messages call it: source:key or the customer's id, never a value of field=value.
    """

    name: str
    customer_id: str
    records: tuple[Record, ...]
    is_record: bool


class Project:
    """The project that decisions are about: its config and, once there is one, its published run."""

    def __init__(self, console: Console, config: Any, engine: Any) -> None:
        self.console, self.config, self.engine = console, config, engine

    def named(self, reference: str) -> Named:
        """Whom the REF names. Raises UsageError when that is nobody, or several customers."""
        record = self._record(reference)
        if self.engine is None:
            if record is None:
                raise UsageError(
                    "no build yet, so that only records have names",
                    hint="write source:key, or run `cxid build` first",
                    code=ErrorCode.NO_BUILD,
                )
            return Named(reference, "", (record,), is_record=True)
        ids = part("references").resolve(self.engine, reference, self.console.say)
        if len(ids) > 1:
            raise UsageError(
                f"{len(ids)} customers fit this reference: {', '.join(ids[:3])}{', ...' if len(ids) > 3 else ''}",
                hint="name one of them; `cxid show` with the same reference lists them",
                code=ErrorCode.REFERENCE_AMBIGUOUS,
            )
        if record is not None:
            return Named(reference, ids[0], (record,), is_record=True)
        return Named(ids[0], ids[0], self.records_of(ids[0]), is_record=False)

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
        people = part("config.decisions").known_names(self.config)["sources"]
        if source not in people:
            raise UsageError(
                "no people source of this name",
                hint="people sources: " + (", ".join(people) or "none"),
                code=ErrorCode.SOURCE_UNKNOWN,
            )
        return source, key


@contextmanager
def deciding(console: Console) -> Iterator[Project]:
    """The project of the running command."""
    config = load_config(console.settings)
    if not (config.root / ".cxid" / "published").is_symlink():
        yield Project(console, config, None)
        return
    with reading(part("api").open_published(config)) as engine:
        yield Project(console, config, engine)


def signed(rows: Sequence[Any], *, who: str | None, when: str | None, reason: str, root: Any) -> list[Any]:
    """The decisions with who made them, when and why, each on one line."""
    by = " ".join((who if who is not None else _user(root)).split())
    told = {"who": by, "when": when or date.today().isoformat(), "reason": " ".join(reason.split())}
    return [replace(row, **told) for row in rows]


def _user(root: Any) -> str:
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


def write_decisions(project: Project, rows: Sequence[Any], *, dry_run: bool) -> None:
    """Put the decisions into the file and tell what became of them."""
    console = project.console
    added = part("config.deciding").add_decisions(project.config, rows, write=not dry_run)
    columns = part("config.decisions").COLUMNS
    status = "not written" if dry_run else "written"
    known = [(replace(row, line=lines[0]), "known") for row, lines in added.known]
    told = [(line, state, _cells(row, columns)) for row, state, line in
            [*((r, s, r.line) for r, s in known), *((r, status, r.line) for r in added.rows)]]  # fmt: skip
    if console.settings.output is Format.TABLE and console.settings.quiet:
        return
    if console.settings.output is Format.TABLE:
        used = [i for i, _ in enumerate(columns) if any(cells[i] for _, _, cells in told)]
        shown = told[:_ROWS_DRAWN] if console.screen.is_tty else told
        console.rows(("line", "", *(columns[i] for i in used)), ((n, s, *(c[i] for i in used)) for n, s, c in shown))
        if len(shown) < len(told):
            console.text(f"... and {len(told) - len(shown):,} more")
    else:
        console.rows(("line", "status", *columns), ((n, s, *c) for n, s, c in told))
    _say(console, added, dry_run)


def _say(console: Console, added: Any, dry_run: bool) -> None:
    if added.known:
        lines = part("config.decisions").listed(sorted({line for _, told in added.known for line in told}))
        what = "it" if len(added.known) == 1 else f"{len(added.known):,} of them"
        console.say(f"{added.file.name} says {what} already: {lines}")
    if added.unwritten and added.rows:
        console.say(f"{added.file.name} has no column {' and '.join(added.unwritten)}: left out", style="yellow")
    if not added.rows:
        console.say("nothing to write")
        return
    lines = f"{len(added.rows):,} {'line' if len(added.rows) == 1 else 'lines'}"
    if dry_run:
        console.say(f"nothing was written; without --dry-run {added.file.name} gets {lines}")
        return
    console.say(f"{added.file}: {lines} added; takes effect with the next build", style="green")
    console.next("cxid build")


def _cells(row: Any, columns: Sequence[str]) -> list[str]:
    source_b, key_b = row.b or ("", "")
    cells = {"source_a": row.a[0], "key_a": row.a[1], "source_b": source_b, "key_b": key_b}
    return [str(cells[name] if name in cells else getattr(row, name)) for name in columns]
