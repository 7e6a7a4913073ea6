"""`cxid runs`: what was built here."""

from __future__ import annotations

import typer

from cxid.cli._console import console_of
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part


def command(ctx: typer.Context) -> None:
    """List the runs of this project.

    The newest comes first; the published one is marked. A run that failed says why.
    """
    console = console_of(ctx)
    runs = list(reversed(part("api").list_runs(load_config(console.settings))))
    if console.settings.output in (Format.JSON, Format.JSONL):
        names = ("run_id", "status", "is_current", "started_at", "seconds", "counts", "error")
        console.rows(names, ([*(getattr(r, n) for n in names[:5]), dict(r.counts), r.error] for r in runs))
        return
    counted = list(dict.fromkeys(name for r in runs for name in r.counts))
    console.rows(
        ("run_id", "status", "published", "started_at", "seconds", *counted, "error"),
        (
            [r.run_id, r.status, "yes" if r.is_current else "", r.started_at, r.seconds,
             *(r.counts.get(name) for name in counted), r.error]
            for r in runs
        ),
    )  # fmt: skip
    if not runs:
        console.say("no runs yet")
        console.next("cxid build")
