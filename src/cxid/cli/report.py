"""`cxid report`: what a run did."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._options import Format
from cxid.cli._outputs import pick_run, reading
from cxid.cli._page import write_page
from cxid.cli._report import SECTIONS, write_report
from cxid.errors import UsageError
from cxid.figures import Row, read_figures, verdict

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def command(
    ctx: typer.Context,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="A run's id or its beginning; the published one when left out.", show_default=False
        ),
    ] = None,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section",
            "-s",
            metavar="NAME",
            help="Only this part; may be repeated.",
            show_default=False,
            autocompletion=lambda: list(SECTIONS),
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="PATH", help="Write the report as one page for a browser.", show_default=False),
    ] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Example pairs of the page with their values.")] = False,
) -> None:
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
    if html is not None:
        write_page(console, published, figures, html, unmasked=unmasked)
        return
    if console.settings.output is Format.TABLE:
        write_report(console, figures, wanted)
        return
    parts = {name: rows for name, rows in figures.sections.items() if name in _figures_of(wanted)}
    if console.settings.output is not Format.JSON:
        cells = [
            (name, r["label"], key, r[key]) for name, rows in parts.items() for r in rows for key in r if key != "label"
        ]
        console.rows(("section", "label", "figure", "value"), cells)
        return
    document: dict[str, object] = {"run_id": figures.run_id}
    if "verdict" in wanted:
        document["verdict"] = [{"level": f.level, "text": f.text, "next": f.next} for f in verdict(figures)]
    console.document({**document, **{name: [_typed(row) for row in rows] for name, rows in parts.items()}})


def _figures_of(wanted: list[str]) -> set[str]:
    """The figure sections behind parts of the report; the verdict is drawn from others and is none."""
    return {name for part_name in wanted if part_name != "verdict" for name in SECTIONS[part_name].figures}


def _typed(row: Row) -> dict[str, str | int | float]:
    """A row with its figures as numbers where they are numbers; its label stays text."""
    return {name: value if name == "label" else _number(value) for name, value in row.items()}


def _number(text: str) -> str | int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
