"""`cxid demo`: a sample company to try everything on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._options import Format
from cxid.cli._progress import working
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError


def command(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.")] = Path("cxid-demo"),
    people: Annotated[int, typer.Option("--people", metavar="N", min=1, help="People of the company.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same files.")] = 1,
) -> None:
    """Write a sample company, its truth and its config.

    Many systems that know the same people in different ways, with typos, nicknames, shared phones,
    anonymous visitors and a few broken rows, as real extracts have them. Nothing in it is about real people.
    """
    console = console_of(ctx)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(
            f"{directory}: exists already and is not empty",
            hint="name a new folder: cxid demo NEW_DIR",
            code=ErrorCode.FILE_EXISTS,
        )
    console.say(f"writing a company of {people:,} people to {directory}")
    with working(console, "making people") as progress:
        summary = part("demo").write_demo(directory, people=people, seed=seed, observer=progress)
    if console.settings.output is not Format.TABLE:
        console.rows(("file", "rows", "bytes"), [(f.path, f.rows, f.bytes) for f in summary.files])
    elif not console.settings.quiet:
        console.rows(("folder", "files", "rows"), _folders(summary.files))
    console.say(
        f"{summary.rows:,} rows and {summary.broken_rows:,} broken ones in {summary.seconds:.1f} s", style="green"
    )
    console.say(f"next: cxid build -C {directory}")


def _folders(files: Sequence[Any]) -> list[tuple[str, int, int]]:
    """(folder, files, rows), in the order of writing."""
    found: dict[str, tuple[int, int]] = {}
    for file in files:
        folder = str(PurePosixPath(file.path).parent)
        count, rows = found.get(folder, (0, 0))
        found[folder] = (count + 1, rows + file.rows)
    return [(folder, *counts) for folder, counts in found.items()]
