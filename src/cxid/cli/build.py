"""`cxid build`: the whole way from files to published customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import AsOf, Format, FullRefresh, MemoryLimit, Threads
from cxid.cli._progress import Progress
from cxid.cli._project import load_config
from cxid.cli._registry import part

_COUNTS = {
    "records": "people records",
    "customers": "customers",
    "known_customers": "known customers",
    "joined_customers": "customers of two or more records",
    "events": "events",
    "quarantined": "quarantined rows",
    "needs_review": "customers to review",
    "scored_pairs": "scored pairs",
}

_TAKEN = {"files": ("file", "files"), "customers": ("customer's golden values", "customers' golden values")}


def command(
    ctx: typer.Context,
    as_of: AsOf = None,
    memory_limit: MemoryLimit = None,
    threads: Threads = None,
    force: Annotated[bool, typer.Option("--force", help="Build also when nothing changed.")] = False,
    refit: Annotated[
        bool, typer.Option("--refit", help="Learn the linkage model anew instead of keeping that of the last run.")
    ] = False,
    full_refresh: FullRefresh = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="RUN|LIMIT",
            help="Publish over a limit, this once: the run that was held "
            "back, or a limit of `checks` by name; may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Resolve the customers and publish the outputs.

    Reads the sources of cxid.yml, finds which records and events belong to one customer, chooses golden
    values, makes profiles, and publishes all tables at once: who reads the outputs meanwhile sees the old
    ones or the new ones. When nothing changed since the last build, nothing is done. Over a limit of `checks`
    nothing is published, and the message says who is behind it; `cxid plan` shows it all before.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    with Progress(console) as progress:
        result = part("api").build(
            config,
            as_of=as_of,
            memory_limit=memory_limit,
            threads=threads,
            force=force,
            refit=refit,
            full_refresh=full_refresh,
            accept=accept or (),
            observer=progress,
        )
    if console.settings.output is not Format.TABLE:
        _write_data(console, result)
    elif not console.settings.quiet:
        _tell(console, result)


def _write_data(console: Console, result: Any) -> None:
    if console.settings.output is Format.CSV:
        console.rows(("count", "now", "before"), _changes(result))
        return
    console.document(result.to_dict())


def _changes(result: Any) -> list[tuple[str, int, int | None]]:
    known = [name for name in _COUNTS if name in result.counts]
    names = [*known, *(name for name in result.counts if name not in _COUNTS)]
    return [(name, result.counts[name], result.previous_counts.get(name)) for name in names]


def _tell(console: Console, result: Any) -> None:
    if result.status == "unchanged":
        console.say(f"nothing changed since {result.run_id}; use --force to build anyway", style="green")
    rows = []
    for name, now, before in _changes(result):
        change = (
            "" if before is None or result.status == "unchanged" else f"{now - before:+,}" if now != before else "same"
        )
        rows.append((_COUNTS.get(name, name.replace("_", " ")), f"{now:,}", change))
    compared = any(row[2] for row in rows)
    console.grid(("", "count", "change") if compared else ("", "count"), rows if compared else [r[:2] for r in rows])
    if result.status != "unchanged" and result.identity:
        console.say(f"customers since the last run: {_identity(result.identity)}")
    if result.status != "unchanged" and result.model:
        console.say(f"model: {result.model}")
    if result.status != "unchanged" and result.taken_over:
        listed = " and ".join(f"{n:,} {_TAKEN[what][n != 1]}" for what, n in result.taken_over.items())
        console.say(f"not computed again: {listed}")
    for gate in result.gates:
        outcome = "passed" if gate.passed else "over the limit, accepted" if gate.accepted else "over the limit"
        value, limit = (part("runs.results").in_words(gate.name, text) for text in (gate.value, gate.limit))
        console.say(f"gate {gate.name}: {value}, limit {limit}: {outcome}", style="" if gate.passed else "yellow")
    for (stage, code, message), times in Counter((w.stage, w.code, w.message) for w in result.warnings).items():
        console.say(f"warning {stage}/{code}: {message}" + (f" ({times} times)" if times > 1 else ""), style="yellow")
    if result.status != "unchanged":
        console.say(f"published {result.run_id} in {result.seconds:.1f} s", style="green")
    console.say(f"outputs: {result.output_dir}")
    console.next("cxid report")


def _identity(changes: Mapping[str, int]) -> str:
    """The changes that there were, in words."""
    words = {"created": "new", "split": "split off", "merged": "merged into others", "retired": "retired"}
    return ", ".join(f"{changes[n]:,} {said}" for n, said in words.items() if changes.get(n)) or "the same customers"
