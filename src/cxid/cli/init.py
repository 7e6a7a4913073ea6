"""`cxid init`: from data files to a config."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._progress import working
from cxid.cli._registry import part

_COLUMNS = ("source", "place", "column", "evidence", "sure")


def command(
    ctx: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DATA", help="Files or folders; the project's own when left out.", show_default=False),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CODE", help="Two letters, when the data does not show it.", show_default=False
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="Name of the project; the folder's when left out.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a cxid.yml that is there.")] = False,
) -> None:
    """Look at data files and write a config for them.

    Guesses what each file is about, its key, and what its columns mean, says why, and lists what it left
    out. The config works as it is; read it once all the same.
    """
    console = console_of(ctx)
    settings = console.settings
    with working(console, "reading files") as progress:
        done = part("api.init").init(
            settings.project, data or (), country=country, name=name, force=force, observer=progress
        )
    _tell(console, done)
    console.say(f"wrote {done.file}", style="green")
    console.next("cxid check", "cxid build")


def _tell(console: Console, done: Any) -> None:
    rows, guess = done.evidence(), done.guess
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(done.to_dict())
        return
    if console.settings.output is Format.CSV:
        console.rows(_COLUMNS, rows)
        return
    if not console.settings.quiet:
        for source in dict.fromkeys(row[0] for row in rows):
            kind = guess.config.get("sources", {}).get(source, {}).get("kind")
            console.text(
                f"{console.safe(source)}: {kind}" if kind else console.safe(source) or "project", style="bold cyan"
            )
            console.grid(_COLUMNS[1:], [(*r[1:4], f"{r[4]:.0%}") for r in rows if r[0] == source])
            console.text()
        if guess.left_out:
            console.text("Left out", style="bold cyan")
            console.grid(("source", "column", "why"), [(left.source, left.column, left.why) for left in guess.left_out])
    for warning in guess.warnings:
        console.say(f"warning: {warning}", style="yellow")
