"""`cxid query`: SQL over the outputs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._outputs import opened
from cxid.cli._registry import part
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT; - reads it from stdin.")],
) -> None:
    """Run read-only SQL over the outputs.

    Every table of the published run is there under its name; nothing else on this machine can be read or
    written. `cxid query "SHOW TABLES"` lists them, `cxid query "DESCRIBE golden_customer"` shows columns.
    """
    console = console_of(ctx)
    text = _from_stdin() if sql == "-" else sql
    with opened(console.settings) as engine:
        batches = engine.select(text)
        columns = part("api.query").unique(next(batches).schema.names)
        found = console.rows(columns, _rows(batches))
    console.detail(f"{found:,} rows")


def _from_stdin() -> str:
    if sys.stdin.isatty():
        raise UsageError("no SQL on stdin", hint='cxid query "SELECT ..." or: cxid query - < file.sql')
    return sys.stdin.read()


def _rows(batches: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
