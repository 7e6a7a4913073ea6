"""`cxid report`: what a run did."""

from __future__ import annotations

from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._figures import read_figures, verdict
from cxid.cli._options import Format
from cxid.cli._outputs import pick_run, reading
from cxid.cli._report import SECTIONS, write_report
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A run's id or its beginning; the published one when left out.",
                                   show_default=False)
    ] = None,
    section: Annotated[
        list[str] | None,
        typer.Option("--section", "-s", metavar="NAME", help="Only this part; may be repeated.", show_default=False),
    ] = None,
) -> None:  # fmt: skip
    """Show what a run did, in figures and pictures.

    From rows to customers: what each source gave, how pairs scored, how large groups are and which deserve
    a look, what the sources share, what came of events and purchases, and how long each stage took.
    """
    console = console_of(ctx)
    wanted = section or list(SECTIONS)
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        raise UsageError(f'no section "{unknown[0]}" in a report', hint="sections: " + ", ".join(SECTIONS))
    published = pick_run(console.settings, run)
    with reading(published) as engine:
        figures = read_figures(engine, published.run_id, published.run_dir)
    if console.settings.output is Format.TABLE:
        write_report(console, figures, wanted)
        return
    rows = [(name, row["label"], key, value) for name in figures.sections for row in figures.rows(name)
            for key, value in row.items() if key != "label"]  # fmt: skip
    if console.settings.output is Format.JSON:
        console.document(
            {
                "run_id": figures.run_id,
                "verdict": [{"level": f.level, "text": f.text, "next": f.next} for f in verdict(figures)],
                **{name: [dict(row) for row in rows] for name, rows in figures.sections.items()},
                "timings": _timings(figures.results),
            }
        )
        return
    console.rows(("section", "label", "figure", "value"), rows)


def _timings(results: object) -> list[dict[str, object]]:
    stages = results.get("stages", []) if isinstance(results, dict) else []
    return [{"stage": s["name"], "seconds": s["seconds"], "peak_mb": s["peak_mb"]} for s in stages]
