"""`cxid diff`: two runs compared."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._differences import SECTIONS, draw_diff
from cxid.cli._flat import flat_rows
from cxid.cli._options import Format, section_option
from cxid.cli._progress import working
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ExitCode, UsageError


def command(
    ctx: typer.Context,
    before: Annotated[
        str | None,
        typer.Argument(metavar="A", help="A run: its id, the beginning of it, or its number; the run before B when "
                       "left out.", show_default=False),
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(metavar="B", help="Another one; the published run when left out.", show_default=False),
    ] = None,
    section: Annotated[
        list[str] | None,
        section_option(SECTIONS),
    ] = None,
    moves: Annotated[int, typer.Option("--moves", metavar="N", min=0, help="How many moves are listed.")] = 10,
    values: Annotated[bool, typer.Option("--values", help="Show golden values that flipped, then and now.")] = False,
    masked: Annotated[bool, typer.Option("--masked", "--mask", help="Hide most of each value.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 10 when something differs, with 0 when nothing does.")
    ] = False,
) -> int:  # fmt: skip
    """Show what differs between two runs, and why the figures do.

    What went in; customers created, split, merged and retired; the largest moves; golden values that flipped; the
    matching; sizes; and each KPI's change as behaviour (what people did) and identity (who is taken for whom).
    Without names: the published run against the one before it.
    """
    console = console_of(ctx)
    wanted = section or list(SECTIONS)
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        raise UsageError(f'no section "{unknown[0]}" in a comparison', hint="sections: " + ", ".join(SECTIONS))
    if masked and not values:
        raise UsageError("--masked goes with --values", hint="without --values no value is shown")
    config = load_config(console.settings)
    part("cli._arrow").settle()
    with working(console, "comparing two runs"):
        diff = part("api.diff").diff(config, before, after, moves=moves, values=values, masked=masked)
    if console.settings.output is Format.TABLE:
        is_published = diff.after.run_id == part("api").open_published(config).run_id
        draw_diff(console, diff, wanted, is_published=is_published)
        if not diff.is_changed:
            console.say("nothing differs", style="green")
    else:
        _write(console, diff, wanted)
    return int(ExitCode.CHANGES) if exit_code and diff.is_changed else int(ExitCode.DONE)


def _write(console: Console, diff: Any, wanted: list[str]) -> None:
    document = diff.to_dict()
    kept = {"inputs": "inputs", "customers": "identity", "moves": "identity", "sizes": "sizes", "golden": "golden",
            "model": "model", "bridge": "bridge"}  # fmt: skip
    parts = {kept[name] for name in wanted} | ({"largest"} if "sizes" in wanted else set())
    chosen = {k: v for k, v in document.items() if k in parts or k in ("before", "after", "changed")}
    if console.settings.output is Format.JSON:
        console.document(chosen)
        return
    console.rows(("part", "name", "value"), flat_rows(chosen))
