"""`cxid runs`: what was built here, and the way back to an earlier run."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import UsageError

_FIRST = ("records", "customers", "events")


def command(
    ctx: typer.Context,
    action: Annotated[
        str | None, typer.Argument(metavar="rollback", help="Publish an earlier run again.", show_default=False)
    ] = None,
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="Which one; the one before the published when left out.",
                       show_default=False),
    ] = None,
) -> None:  # fmt: skip
    """List the runs of this project, or go back to an earlier one.

    The newest comes first; the published one is marked. A run that failed says why. `cxid runs rollback` checks
    the files of the earlier run, publishes it again, customer ids included, and checks what readers see; the
    next build goes on from it. `cxid runs rollback RUN` with a later run undoes that.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    if action == "rollback":
        _go_back(console, part("api").rollback(config, run))
        return
    if action is not None:
        raise UsageError(f'runs has no "{action}"', hint="`cxid runs` lists them, `cxid runs rollback [RUN]` goes back")
    _list(console, part("api.history").runs(config))


def _list(console: Console, runs: Any) -> None:
    if console.settings.output in (Format.JSON, Format.JSONL):
        names = ("run_id", "status", "is_current", "started_at", "seconds", "counts", "error")
        console.rows(names, (row.values() for row in runs.to_list()))
        return
    if console.settings.output is Format.TABLE and console.screen.is_tty:
        _draw(console, runs)
    else:
        _write(console, runs)
    if not runs:
        console.say("no runs yet")
        console.next("cxid build")


def _draw(console: Console, runs: Any) -> None:
    """The runs at a glance: to the minute, and of the counts those that a person asks for first."""
    shown = [name for name in _FIRST if any(name in r.counts for r in runs)]
    console.grid(
        ("run", "status", "started (UTC)", "took", *shown),
        [
            (
                r.run_id, r.status, r.started_at[:16].replace("T", " "), f"{r.seconds:,.1f} s",
                *("" if (n := r.counts.get(name)) is None else f"{n:,}" for name in shown),
            )
            for r in runs
        ],
    )  # fmt: skip
    for r in runs:
        if r.error:
            console.text(f"{r.run_id}: {console.safe(r.error)}")


def _write(console: Console, runs: Any) -> None:
    counted = list(dict.fromkeys(name for r in runs for name in r.counts))
    console.rows(
        ("run_id", "status", "published", "started_at", "seconds", *counted, "error"),
        (
            [r.run_id, r.status, "yes" if r.is_current else "", r.started_at, r.seconds,
             *(r.counts.get(name) for name in counted), r.error]
            for r in runs
        ),
    )  # fmt: skip


def _go_back(console: Console, done: Any) -> None:
    counts, before = done.results.counts, done.counts_before
    rows = [(name, now, before.get(name)) for name, now in counts.items()]
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(done.to_dict())
        return
    console.rows(("count", "now", "before"), rows)
    files = f"{done.files} files have the digests that the run wrote"
    console.say(f"published {done.folder.run_id} again, made {done.results.started_at[:16]}; {files}", style="green")
    console.say(
        "the next `cxid build` goes on from it, with the inputs as they are then: mend what was wrong before it"
    )
    console.say(f"undo: {console.here(f'cxid runs rollback {done.before}')}")
    console.next("cxid report")
