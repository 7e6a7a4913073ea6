"""`cxid clean`: the room that old runs and unfinished work take."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part

_KEEP = 5  # publish.KEEP_RUNS, said here because the help loads nothing heavy
_COLUMNS = ("kind", "name", "bytes", "reason")


def command(
    ctx: typer.Context,
    keep: Annotated[
        int, typer.Option("--keep", metavar="N", min=1, help="Published runs that stay, the current one included.")
    ] = _KEEP,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove what is listed, without asking.")] = False,
) -> None:
    """List what may go from .cxid, and remove it with --yes.

    Published runs beyond the last N, data of runs that were never finished, what killed commands left behind,
    crash files. The published run always stays. On a terminal it asks; elsewhere nothing goes without --yes.
    """
    console = console_of(ctx)
    api, config = part("api"), load_config(console.settings)
    things = api.list_removable(config, keep)
    as_table = console.settings.output is Format.TABLE
    if as_table and things:
        console.rows(_COLUMNS, ((t.kind, t.name, t.bytes, t.reason) for t in things))
    going = bool(things) and (yes or (as_table and _agreed(console, things)))
    gone = api.clean(config, things, keep) if going else []
    if not as_table:
        removed = {(t.path, t.kind) for t in gone}
        rows = ((t.kind, t.name, t.bytes, t.reason, (t.path, t.kind) in removed) for t in things)
        console.rows((*_COLUMNS, "removed"), rows)
    if not things:
        console.say("nothing to remove")
    elif going:
        console.say(f"removed {_told(gone)}", style="green")
    else:
        console.say(f"nothing was removed; {_told(things)} may go")
        console.next(f"cxid clean{f' --keep {keep}' if keep != _KEEP else ''} --yes")


def _agreed(console: Console, things: list[Any]) -> bool:
    """The person at the terminal says yes. Nobody is asked where nobody can answer."""
    if console.settings.no_input or not (console.screen.is_tty and console.side.is_tty and sys.stdin.isatty()):
        return False
    console.err.write(f"remove {_told(things)}? [y/N] ")
    console.err.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _told(things: list[Any]) -> str:
    size = sum(t.bytes for t in things)
    return f"{len(things)} {'thing' if len(things) == 1 else 'things'}, {size / 1e6:,.1f} MB"
