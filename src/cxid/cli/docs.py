"""`cxid docs`: the outputs described for other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._outputs import reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError


def command(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="dbt", help="For dbt: a sources.yml.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PATH", help="A file; stdout when left out.", show_default=False)
    ] = None,
    location: Annotated[
        str | None,
        typer.Option(
            "--location", metavar="TEXT", show_default=False,
            help="Where dbt finds the files, {name} for the table; as published when left out.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Describe the published tables for other tools.

    `cxid docs dbt` is a sources.yml: every published table and column with its meaning, tests (unique, not_null,
    relationships, accepted_values), how personal it is, and the place of its Parquet file for dbt-duckdb.
    """
    if what != "dbt":
        raise UsageError(f'docs knows no "{what}"', hint="`cxid docs dbt` writes a sources.yml")
    console = console_of(ctx)
    config = load_config(console.settings)
    published = part("api").open_published(config)
    if location is None and "parquet" not in config.outputs.formats:
        raise UsageError("outputs.formats has no parquet", hint="add it, or say with --location where the files are")
    dbt = part("exporting.dbt")
    with reading(published) as engine:
        columns = {name: engine.columns(name) for name in published.tables}
    text = dbt.sources_yaml(columns, location or dbt.location_of(published.output_dir), config.project)
    if to is None:
        sys.stdout.write(text)
        return
    if not to.parent.is_dir():
        raise UsageError(
            f"{to.parent}: no such folder", hint="make it, or name another place with --to", code=ErrorCode.PATH_INVALID
        )
    part("runs.disk").write_bytes(to, text.encode(), fault="docs", mode=0o644)
    console.say(f"wrote {to}")
    console.say("next: dbt parse")
