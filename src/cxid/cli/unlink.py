"""`cxid unlink`: records or customers that are two people, and customers that are several."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Reason, When, Who, signature, tell
from cxid.cli._project import library, load_config
from cxid.errors import UsageError

_Records = list[str] | None


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
    config, room = load_config(console.settings), library("unlink")
    if listed:
        rows = room.list_records(config, references[0], say=console.say)
        console.rows(rows.columns, rows)
        console.next(f"cxid unlink {references[0]} --parts FILE")
        return
    how = {"apart": apart or (), "keep": keep or (), "each": each, "together": together}
    file = sys.stdin if str(parts) == "-" else parts
    told = signature(who, when, reason, dry_run)
    tell(console, room.unlink(config, *references, parts=file, say=console.say, **how, **told))
