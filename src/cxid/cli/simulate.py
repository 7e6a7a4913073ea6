"""`cxid simulate`: a trigger tried on the past."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._flat import flat_rows
from cxid.cli._options import Format
from cxid.cli._progress import working
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.cli._simulation import draw_simulation


def command(
    ctx: typer.Context,
    trigger: Annotated[str, typer.Argument(metavar="TRIGGER", help="A name under `triggers` in cxid.yml.")],
    at: Annotated[
        list[str] | None,
        typer.Option("--at", metavar="DATE", help="A past day to replay; may be repeated.", show_default=False),
    ] = None,
    replays: Annotated[
        int, typer.Option("--replays", metavar="N", min=1, max=60, help="Without --at: so many days, a window apart.")
    ] = 3,
    window: Annotated[
        int | None,
        typer.Option("--window", metavar="DAYS", min=1, help="Days that are followed.", show_default="the trigger's"),
    ] = None,
    when: Annotated[
        str | None,
        typer.Option("--when", metavar="CONDITION", help="Try this condition instead.", show_default=False),
    ] = None,
    detect: Annotated[
        float,
        typer.Option("--detect", metavar="POINTS", min=0.1, max=100, help="Percentage points a trial shall find."),
    ] = 2.0,
) -> None:
    """Replay a trigger at past days, and measure its effect where a trial allows it.

    Each day is seen with what was known then, identity included. Whom would it have hit, and what did they do in the
    days after? An effect is only told where customers were treated and held out by chance: from a treatment log
    (`trial` of the trigger) or from the holdout of earlier builds.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    options = {"at": at or (), "replays": replays, "window": window, "when": when, "detect": detect}
    with working(console, "reading the published run") as progress:
        found = part("api.simulate").simulate(config, trigger, **options, observer=progress)
    if console.settings.output is Format.TABLE:
        draw_simulation(console, found)
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value"), flat_rows(found.to_dict()))
    else:
        console.document(found.to_dict())
