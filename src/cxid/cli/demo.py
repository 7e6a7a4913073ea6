"""`cxid demo`: a sample company to try everything on."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._options import Format
from cxid.cli._registry import part
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write it.")] = Path("cxid-demo"),
    people: Annotated[int, typer.Option("--people", metavar="N", min=1, help="People of the company.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same files.")] = 1,
) -> None:
    """Write a sample company, its truth and its config.

    Fifteen systems that know the same people in different ways, with typos, nicknames, shared phones,
    anonymous visitors and a few broken rows, as real extracts have them. Nothing in it is about real people.
    """
    console = console_of(ctx)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory}: exists already and is not empty", hint="name a new folder: cxid demo NEW_DIR")
    console.say(f"writing a company of {people:,} people to {directory}")
    summary = part("demo").write_demo(directory, people=people, seed=seed)
    if console.settings.output is not Format.TABLE:
        console.document(_plain(summary))
    else:
        for name, value in _plain(summary).items():
            if isinstance(value, int):
                console.detail(f"{name.replace('_', ' ')}: {value:,}")
    console.say(f"next: cxid build -C {directory}")


def _plain(summary: Any) -> dict[str, Any]:
    found = asdict(summary) if is_dataclass(summary) and not isinstance(summary, type) else {}
    return {name: str(value) if isinstance(value, Path) else value for name, value in found.items()}
