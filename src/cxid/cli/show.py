"""`cxid show`: everything about one customer on one page."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._customer.page import ALL, SECTIONS, USUAL, document, draw_page
from cxid.cli._customer.rows import COLUMNS, page_rows
from cxid.cli._options import Format, section_option
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import UsageError

_OFFERED = 5  # of the customers that fit, with a command each


def command(
    ctx: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="REF", help="cx_... (a former id too), source:key, or field=value.")
    ],
    section: Annotated[
        list[str] | None,
        section_option(ALL),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Every attribute of the profile too.")] = False,
    events: Annotated[
        int, typer.Option("--events", "-n", metavar="N", min=0, help="Show this many of the last touchpoints.")
    ] = 20,
    masked: Annotated[bool, typer.Option("--mask", "--masked", help="Hide most of each personal value.")] = False,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="RUN", help="Another run than the published one.", show_default=False),
    ] = None,
) -> None:
    """Show one customer on one page: who, how known, what to do.

    Golden values with their sources, records with what each hangs on and the weakest link, household, value,
    attitude, influence, service, consent, triggers, timeline. A reference that fits several customers lists them.
    """
    console = console_of(ctx)
    wanted = _sections(section, everything)
    config = load_config(console.settings)
    part("cli._arrow").settle()
    with part("api.showing").opened(config, run) as (published, engine):
        ids = part("references").resolve(engine, reference, console.say)
        if len(ids) > 1:
            _list(console, engine, ids)
            return
        reading = part("customer_page.reading")
        asked = reading.Asked(config, published.run_id, published.run_dir, events, masked)
        page = reading.read_page(engine, ids[0], asked)
    if console.settings.output is Format.TABLE:
        draw_page(console, page, wanted)
    elif console.settings.output is Format.CSV:
        console.rows(COLUMNS, page_rows(page, wanted))
    else:
        console.document(document(page, wanted))


def _sections(names: list[str] | None, everything: bool) -> tuple[str, ...]:
    """The sections asked for. Raises UsageError for a name that is none."""
    unknown = [name for name in names or () if name not in SECTIONS]
    if unknown:
        raise UsageError(f'no section "{unknown[0]}" on a page', hint="sections: " + ", ".join(ALL))
    if names:
        return tuple(dict.fromkeys([*names, *(["attributes"] if everything else [])]))
    return ALL if everything else USUAL


def _list(console: Console, engine: object, ids: list[str]) -> None:
    """Several customers fit: which, and how to ask for each of the first."""
    columns, rows = part("references").customers_by_id(engine, ids)
    console.rows(columns, rows)
    console.say(f"{len(ids)} customers fit")
    for customer_id in ids[:_OFFERED]:
        console.next(f"cxid show {customer_id}")
