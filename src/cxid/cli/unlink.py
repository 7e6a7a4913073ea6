"""`cxid unlink`: records or customers that are two people, and customers that are several."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Named, Project, Reason, Record, When, Who, deciding, signed, write_decisions
from cxid.cli._registry import part
from cxid.errors import ConfigError, ConfigProblem, ErrorCode, UsageError

_Records = list[str] | None
_Parts = list[tuple[Record, ...]]
_LINES = 100_000


def command(
    ctx: typer.Context,
    references: Annotated[list[str], typer.Argument(metavar="A [B]", help="cx_..., source:key, or field=value.")],
    apart: Annotated[
        _Records,
        typer.Option("--apart", metavar="SOURCE:KEY", help="A record of customer A that is somebody else; repeat it.",
                     show_default=False),
    ] = None,
    keep: Annotated[
        _Records,
        typer.Option("--keep", metavar="SOURCE:KEY", help="A record that stays; without it, all but those apart.",
                     show_default=False),
    ] = None,
    parts: Annotated[
        Path | None,
        typer.Option("--parts", metavar="FILE", help="CSV with source, record_key, part: who is who ('-': stdin).",
                     show_default=False),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="Every record of customer A is somebody else.")] = False,
    together: Annotated[bool, typer.Option("--together", help="Link the records of each part, too.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Write the records of A, a form for --parts.")] = False,
    who: Who = None,
    reason: Reason = "",
    when: When = None,
    dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Decide that records are different people.

    With two references: no record of A is ever joined with one of B. With one: split customer A into the people
    that --apart and --keep, --parts or --each tell. Adds a line to decisions.csv for every pair of records across
    the parts, so that the split holds when some of them go, and through every merge. What is in a part follows the
    evidence; --together links it.
    """
    console = console_of(ctx)
    ways = {"--apart or --keep": apart or keep, "--parts": parts, "--each": each, "--list": listed}
    asked = [name for name, given in ways.items() if given]
    if len(asked) > 1 or (len(references) > 1 and asked):
        what = " and ".join(asked) if len(asked) > 1 else f"two references and {asked[0]}"
        raise UsageError(f"{what} do not go together", hint="ask one thing at a time")
    with deciding(console) as project:
        if len(references) > 1:
            split = _apart([project.named(reference) for reference in references])
        else:
            customer = _customer(project, references[0])
            if listed:
                _list(project, customer)
                return
            split = _split(project, customer, apart or [], keep or [], parts, each)
        rows = list(_rows(split, together))
        write_decisions(
            project, signed(rows, who=who, when=when, reason=reason, root=project.config.root), dry_run=dry_run
        )


def _rows(split: _Parts, together: bool) -> Iterator[Any]:
    decisions = part("config.decisions")
    count = sum(len(a) * len(b) for a, b in combinations(split, 2))
    if count > _LINES:
        raise UsageError(
            f"that takes {count:,} lines, more than {_LINES:,}",
            hint="look for values that these records share by chance, and put them under match.ignore_values",
        )
    for a, b in combinations(split, 2):
        for one, other in product(a, b):
            yield decisions.Decision(0, decisions.Action.UNLINK, one, other)
    for records in split if together else ():
        for one, other in pairwise(records):
            yield decisions.Decision(0, decisions.Action.LINK, one, other)


def _apart(named: Sequence[Named]) -> _Parts:
    """The records of each reference; a record that is named itself is none of its customer's."""
    single = {n.records[0] for n in named if n.is_record}
    split = [n.records if n.is_record else tuple(r for r in n.records if r not in single) for n in named]
    seen: set[Record] = set()
    for n, records in zip(named, split, strict=True):
        if not records:
            raise UsageError(f"{n.name} has no other record than the one named", hint="`cxid show` lists its records")
        if seen & set(records):
            hint = f"to split a customer: cxid unlink {n.name} --apart SOURCE:KEY, or --list to see its records"
            raise UsageError(f"{n.name} is named twice", hint=hint)
        seen |= set(records)
    return split


# -- one customer, several people -------------------------------------------------------------------------


def _customer(project: Project, reference: str) -> Named:
    named = project.named(reference)
    if not named.customer_id:
        raise UsageError(
            "no build yet, so that there is no customer to split",
            hint="name two records: source:key",
            code=ErrorCode.NO_BUILD,
        )
    return Named(named.customer_id, named.customer_id, project.records_of(named.customer_id), is_record=False)


def _split(
    project: Project, customer: Named, apart: Sequence[str], keep: Sequence[str], file: Path | None, each: bool
) -> _Parts:
    if each:
        split: _Parts = [(record,) for record in customer.records]
    elif file is not None:
        split = _read_parts(file, customer)
    elif apart or keep:
        gone = [_member(project, customer, text) for text in dict.fromkeys(apart)]
        stays = [_member(project, customer, text) for text in dict.fromkeys(keep)]
        if both := set(gone) & set(stays):
            raise UsageError(f"{len(both)} records are both kept and set apart", hint="name each once")
        rest = [r for r in customer.records if r not in {*gone, *stays}]
        split = [tuple(stays or rest), tuple(gone or rest)]
    else:
        raise UsageError(
            f"which of the {len(customer.records)} records of {customer.customer_id} are somebody else?",
            hint=f"cxid unlink {customer.name} --apart SOURCE:KEY [--apart ...]; --list shows them",
        )
    split = [records for records in split if records]
    if len(split) < 2:
        raise UsageError(
            f"that is one part of {customer.customer_id}: nobody is set apart",
            hint="a split needs records on both sides; --list shows them",
        )
    return split


def _member(project: Project, customer: Named, text: str) -> Record:
    found = project.named(text)
    if not found.is_record:
        raise UsageError("--apart and --keep name records", hint="write source:key; --list shows them")
    if found.records[0] not in customer.records:
        raise UsageError(
            f"{text} is no record of {customer.customer_id}",
            hint=f"cxid unlink {customer.name} --list",
            code=ErrorCode.CUSTOMER_UNKNOWN,
        )
    return found.records[0]


def _read_parts(file: Path, customer: Named) -> _Parts:
    """The records by part, those without a part left out. Raises ConfigError with every line at fault."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file}: not UTF-8 text", hint="save the file as CSV in UTF-8", code=ErrorCode.SHEET_INVALID
        ) from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [n for n in ("source", "record_key", "part") if n not in header]
    if missing:
        hint = f"cxid unlink {customer.name} --list --format csv > parts.csv writes such a file"
        raise UsageError(f"{file}: the header lacks {' and '.join(missing)}", hint=hint, code=ErrorCode.SHEET_INVALID)
    parts: dict[str, list[Record]] = {}
    problems, seen = [], dict[Record, int]()
    for cells in _rows_of(reader, file):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not row.get("part"):
            continue
        record = _known(customer, row.get("source", ""), row.get("record_key", ""))
        if record is None:
            problems.append(ConfigProblem(reader.line_num, 1, "", f"no record of {customer.customer_id}"))
        elif record in seen:
            problems.append(ConfigProblem(reader.line_num, 1, "", f"the record of line {seen[record]} again"))
        else:
            seen[record] = reader.line_num
            parts.setdefault(row["part"], []).append(record)
    if problems:
        raise ConfigError(
            str(file),
            problems,
            hint=f"cxid unlink {customer.name} --list shows the records",
            code=ErrorCode.SHEET_INVALID,
        )
    return [tuple(records) for records in parts.values()]


def _rows_of(reader: Iterator[list[str]], file: Path) -> Iterator[list[str]]:
    """The rows of a CSV file. Raises UsageError when a quote in it is never closed."""
    try:
        yield from reader
    except csv.Error as error:
        raise UsageError(
            f"{file}: a value that does not end: a quote is open",
            hint="close it, then again",
            code=ErrorCode.SHEET_INVALID,
        ) from error


def _known(customer: Named, source: str, key: str) -> Record | None:
    """The record, also where the guard against formulas put an apostrophe before its key."""
    for text in (key, key[1:] if key.startswith("'") else key):
        if (source, text) in customer.records:
            return source, text
    return None


def _list(project: Project, customer: Named) -> None:
    """The records of a customer with their own values, and an empty column for their part."""
    engine = project.engine
    fixed = ("source", "record_key")
    own = [n for n in engine.columns("record") if n not in ("record_no", "updated_at", "row_digest", *fixed)]
    shown = [n for n in part("references").list_columns(own)[1:-1] if n in own]
    quoted = "".join(f", r.{part('engine.base').quote(n)}" for n in shown)
    found = engine.fetch(
        f"SELECT r.source, r.record_key, '' AS part{quoted} FROM identity_map AS i JOIN record AS r "
        "ON r.source = i.source AND r.record_key = i.record_key WHERE i.customer_id = ? AND i.source <> '' "
        "ORDER BY r.source, r.record_key",
        [customer.customer_id],
    ).to_pylist()
    project.console.rows((*fixed, "part", *shown), (tuple(row.values()) for row in found))
    project.console.next(f"cxid unlink {customer.name} --parts FILE")
