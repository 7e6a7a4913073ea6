"""`cxid simulate`: a trigger tried on the past."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._flat import flat_rows
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.cli._simulation import draw_simulation
from cxid.errors import ErrorCode, UsageError


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
    chosen = _chosen(config, trigger, when)
    moments = tuple(part("config.moment").read_moment(day, config.profile.timezone) for day in at or ())
    ask = part("simulate.model").Ask(
        name=trigger,
        trigger=chosen,
        moments=tuple(sorted(moments)),
        window_days=window or chosen.window,
        detect=detect / 100,
        replays=replays,
    )
    found = part("simulate.asking").simulate_trigger(config, ask)
    if console.settings.output is Format.TABLE:
        draw_simulation(console, found)
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value"), flat_rows(_plain(asdict(found))))
    else:
        console.document(_plain(asdict(found)))


def _chosen(config: Any, name: str, when: str | None) -> Any:
    """The trigger, its condition checked. Raises UsageError or ConfigError."""
    if name not in config.triggers:
        close = get_close_matches(name, list(config.triggers), n=1, cutoff=0.5)
        known = ", ".join(config.triggers) or "none"
        raise UsageError(
            f'no trigger "{name}" in {config.file.name}',
            hint=f"did you mean {close[0]}?" if close else f"triggers there: {known}",
            code=ErrorCode.TRIGGER_UNKNOWN,
        )
    chosen = config.triggers[name]
    triggering = part("triggering")
    if when is None:
        triggering.require_triggers(config)
        return chosen
    chosen = chosen.model_copy(update={"when": when})
    for fault in part("stages.profile.triggers").faults_of({name: chosen}, config.sources):
        what = f"--when, sign {fault.at + 1}" if fault.key == "when" else fault.key
        raise UsageError(f"{what}: {fault.message}", hint=triggering.HINT, code=ErrorCode.CONDITION)
    return chosen


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part_) for name, part_ in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part_) for part_ in value]
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
