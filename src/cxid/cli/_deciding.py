"""What the commands that decide share: the options that sign, and telling what was written."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cxid.cli._console import Console
from cxid.cli._options import Format
from cxid.cli._registry import part

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


def signature(who: str | None, when: str | None, reason: str, dry_run: bool) -> dict[str, Any]:
    """The options that sign a decision, as the library takes them."""
    return {"who": who, "when": when, "reason": reason, "dry_run": dry_run}


def tell(console: Console, decided: Any) -> None:
    """Write what became of decisions."""
    told = [(line, status, list(cells.values())) for line, status, cells in decided.lines()]
    if console.settings.output is Format.TABLE and console.settings.quiet:
        return
    columns = part("config.decisions").COLUMNS
    if console.settings.output is Format.TABLE:
        used = [i for i, _ in enumerate(columns) if any(cells[i] for _, _, cells in told)]
        shown = told[:_ROWS_DRAWN] if console.screen.is_tty else told
        console.rows(("line", "", *(columns[i] for i in used)), ((n, s, *(c[i] for i in used)) for n, s, c in shown))
        if len(shown) < len(told):
            console.text(f"... and {len(told) - len(shown):,} more")
    else:
        console.rows(("line", "status", *columns), ((n, s, *c) for n, s, c in told))
    _say(console, decided.added, is_written=decided.is_written)
    for note in decided.notes:
        console.say(note)


def _say(console: Console, added: Any, *, is_written: bool) -> None:
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
    if not is_written:
        console.say(f"nothing was written; without --dry-run {added.file.name} gets {lines}")
        return
    console.say(f"{added.file}: {lines} added; takes effect with the next build", style="green")
    console.next("cxid build")
