"""`cxid why`: why two records are one customer or not, and how a customer holds together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._holding import draw_holding, holding_rows
from cxid.cli._options import Format
from cxid.cli._outputs import pick_run, reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.cli._waterfall import draw_pair, pair_rows
from cxid.privacy import mask


def command(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="source:key, cx_..., or field=value.")],
    other: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="Another one, to compare with.", show_default=False)
    ] = None,
    masked: Annotated[bool, typer.Option("--masked", "--mask", help="Hide most of each personal value.")] = False,
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="RUN",
            help="Another run than the published one: planned, or held back.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Explain why records are one customer or not.

    Two records: every field with its two values, what their agreement weighs, the total, the rule that found the
    pair, and the decision. Two customers: the strongest pair between them. One reference: the links that hold its
    customer together, the weakest of them, what kept others out.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    published = pick_run(console.settings, run)
    room = part("api.why")
    with reading(published, room.open_explaining) as engine:
        if run is None and room.is_decided_since(config, published):
            console.say(
                f"decisions.csv has changed since run {published.run_id}: `{console.here('cxid build')}` obeys it",
                style="yellow",
            )
        asked = room.explaining(config, published, engine)
        hide = mask if masked else part("explain.run").as_is
        try:
            if other is None:
                _write(console, room.explain_one(asked, _customer(console, engine, reference), hide))
            else:
                _write(console, room.explain_two(asked, (reference, other), hide, console.say))
        except part("references").AmbiguousReference as several:
            _list(console, engine, several.customer_ids)


def _customer(console: Console, engine: Any, reference: str) -> Any:
    return part("references").resolve_one(engine, reference, console.say)


def _list(console: Console, engine: Any, ids: Sequence[str]) -> None:
    """Several customers fit: which, and how to ask what keeps the first two apart."""
    columns, rows = part("references").customers_by_id(engine, ids)
    console.rows(columns, rows)
    console.say(f"{len(ids)} customers fit")
    console.next(f"cxid why {ids[0]} {ids[1]}")


def _write(console: Console, answer: Any) -> None:
    is_pair = isinstance(answer, part("api.why").PairWhy)
    if console.settings.output is Format.TABLE:
        draw_pair(console, answer, picked=answer.is_strongest) if is_pair else draw_holding(console, answer)
    elif console.settings.output is Format.CSV and is_pair:
        console.rows(("name", "a", "b", "agreement", "weight", "total"), pair_rows(answer))
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value", "detail"), holding_rows(answer))
    else:
        console.document(answer.to_dict())
