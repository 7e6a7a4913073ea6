"""`cxid find`: customers by a piece of what is known of them."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._outputs import opened
from cxid.cli._registry import part
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words of a name, an address, an identifier.")],
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="Show at most this many.")] = 20,
) -> None:
    """Search customers by name, identifier or record key.

    Accents and case do not matter, a part of a word is enough, all words must occur. Whole values come
    first, then beginnings, then the rest.
    """
    console = console_of(ctx)
    words = " ".join(text).split()
    if not words:
        raise UsageError("nothing to look for", hint='cxid find "ann smith"')
    with opened(console.settings) as engine:
        found = part("api.find").find_in(engine, words, limit, console.say)
    console.rows(found.columns, (row.values() for row in found))
    if not found:
        console.say("nobody found; try fewer words or a part of one")
    elif not found.is_all:
        console.say(f"more than {limit} found; --limit shows more")
    else:
        console.next(f"cxid show {found[0]['customer_id']}")
