"""`cxid why`: why two records are one customer or not, and how a customer holds together."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._holding import draw_holding, holding_rows
from cxid.cli._options import Format
from cxid.cli._outputs import pick_run, reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.cli._waterfall import draw_pair, pair_rows
from cxid.errors import UsageError
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
    with reading(published, _engine) as engine:
        if run is None:
            _tell_news(console, config, published)
        room = part("explain.run")
        asked = room.Run(engine, config.match.one_per_source, part("explain.opening").numbered_types(published.run_dir))
        hide = mask if masked else room.as_is
        if other is None:
            _explain_one(console, asked, reference, hide)
        else:
            _explain_two(console, asked, (reference, other), hide)


def _engine(published: Any) -> Any:
    every = {**published.stage_tables, **published.tables}
    return part("explain.opening").open_engine(published.run_dir, every)


def _tell_news(console: Console, config: Any, published: Any) -> None:
    """Decisions since the build are not in it yet."""
    file = config.root / "decisions.csv"
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    if part("explain.opening").decided_since(published.run_dir, digest):
        console.say(
            f"decisions.csv has changed since run {published.run_id}: `{console.here('cxid build')}` obeys it",
            style="yellow",
        )


def _explain_one(console: Console, run: Any, reference: str, hide: Any) -> None:
    ids = part("references").resolve(run.engine, reference, console.say)
    if len(ids) > 1:
        _list(console, run, reference, ids)
        return
    answer = part("explain.customer").explain_customer(run, ids[0], hide)
    if console.settings.output is Format.TABLE:
        draw_holding(console, answer)
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value", "detail"), holding_rows(answer))
    else:
        console.document(part("explain.document").customer_document(answer))


def _list(console: Console, run: Any, reference: str, ids: list[str]) -> None:
    """Several customers fit: which, and how to ask what keeps the first two apart."""
    columns, rows = part("references").customers_by_id(run.engine, ids)
    console.rows(columns, rows)
    console.say(f"{len(ids)} customers fit")
    console.next(f"cxid why {ids[0]} {ids[1]}")


def _explain_two(console: Console, run: Any, references: tuple[str, str], hide: Any) -> None:
    mine, theirs = (_records(console, run, reference) for reference in references)
    if mine is None or theirs is None:
        return
    if set(mine) == set(theirs) and len(mine) == 1:
        raise UsageError("both name the same record", hint=f"`cxid why {references[0]}` tells what it hangs on")
    if set(mine) == set(theirs):
        _explain_one(console, run, references[0], hide)
        return
    pair = part("explain.question").strongest_pair(run, mine, theirs)
    if pair is None:
        raise UsageError(
            "one of the two customers has no record that could be compared",
            hint=f"`cxid why {references[0]}` tells what it hangs on",
        )
    answer = part("explain.pair").explain_pair(run, *pair, hide)
    if console.settings.output is Format.TABLE:
        draw_pair(console, answer, picked=len(mine) > 1 or len(theirs) > 1)
    elif console.settings.output is Format.CSV:
        console.rows(("name", "a", "b", "agreement", "weight", "total"), pair_rows(answer))
    else:
        console.document(part("explain.document").pair_document(answer))


def _records(console: Console, run: Any, reference: str) -> tuple[Any, ...] | None:
    """The record that a reference names, or all of its customer; None where several customers fit, which are listed."""
    source, colon, key = reference.partition(":")
    record = run.record(source, key) if colon else None
    if record is not None:
        return (record,)
    ids = part("references").resolve(run.engine, reference, console.say)
    if len(ids) > 1:
        _list(console, run, reference, ids)
        return None
    found: tuple[Any, ...] = run.members(ids[0])
    return found
