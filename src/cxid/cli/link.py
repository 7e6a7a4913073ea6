"""`cxid link`: records or customers that are one person."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Reason, When, Who, signature, tell
from cxid.cli._project import library, load_config


def command(
    ctx: typer.Context,
    references: Annotated[
        list[str], typer.Argument(metavar="A B", help="Two or more: cx_..., source:key, field=value.")
    ],
    who: Who = None,
    reason: Reason = "",
    when: When = None,
    dry_run: DryRun = False,
) -> None:
    """Decide that records are one person.

    Adds a line to decisions.csv beside the config for each pair; the next build joins them, whatever scores and
    guards say. source:key names that record; a customer is linked by the record that is most like the other.
    Where records are kept apart by a decision, or linked already, the lines that say so are named.
    """
    console = console_of(ctx)
    told = signature(who, when, reason, dry_run)
    tell(console, library("link").link(load_config(console.settings), *references, say=console.say, **told))
