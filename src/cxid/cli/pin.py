"""`cxid pin`: a golden value that stands above every rule."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Reason, When, Who, signature, tell
from cxid.cli._project import library, load_config
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="cx_..., source:key, or field=value.")],
    values: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE", help="Columns of golden_customer.")],
    who: Who = None,
    reason: Reason = "",
    when: When = None,
    dry_run: DryRun = False,
) -> None:
    """Decide the golden value of a field, whatever the sources say.

    Adds a line to decisions.csv beside the config. A pin names a record and goes with it when customers merge or
    split; a customer is pinned by the record that most of its golden values come from. Where the records of one
    customer have several pins of a field, the latest counts, and the build names the lines of the others.
    """
    console = console_of(ctx)
    wanted = {}
    for text in values:
        name, _, value = text.partition("=")
        if name in wanted:
            raise UsageError(f"{name} is pinned twice", hint="give one value")
        wanted[name] = value
    told = signature(who, when, reason, dry_run)
    tell(console, library("pin").pin(load_config(console.settings), reference, wanted, say=console.say, **told))
