"""`cxid report`: what a run did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._options import Format, section_option
from cxid.cli._project import library, load_config
from cxid.cli._report import SECTIONS, write_report
from cxid.cli._report.view import View
from cxid.errors import UsageError
from cxid.figures.document import report_document

_ALL = "all"


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
        section_option(
            [*SECTIONS, _ALL], help_text="Only this part, in full; may be repeated. `all` gives every part."
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="PATH", help="Write the report as one page for a browser.", show_default=False),
    ] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Example pairs of the page with their values.")] = False,
) -> None:
    """See the docstring that is put together below."""
    console = console_of(ctx)
    wanted = section or []
    unknown = [name for name in wanted if name not in SECTIONS and name != _ALL]
    if unknown:
        listed = "\n".join(f"  {name:<14} {part.title}" for name, part in SECTIONS.items())
        raise UsageError(f'no section "{unknown[0]}" in a report', hint=f"one of these, or all:\n{listed}")
    report = library("report").report(load_config(console.settings), run)
    if html is not None:
        page = report.to_html(html, unmasked=unmasked)
        clear = "values of example pairs in clear" if unmasked else "values of example pairs masked"
        console.say(f"{html}: {len(page.encode()) / 1000:,.0f} kB, {clear}; open it in a browser")
        return
    figures = report.figures
    is_whole = bool(wanted) or not console.screen.is_tty
    wanted = [] if _ALL in wanted else wanted
    if console.settings.output is Format.TABLE:
        view = View(console, figures, is_whole, run or "")
        write_report(view, load_config(console.settings).project, wanted)
        return
    parts = {name for part_name in wanted for name in SECTIONS[part_name].figures}
    document = report_document(figures, parts | ({*wanted} & {"verdict", "obstacles"}) if wanted else None)
    if console.settings.output is Format.JSON:
        console.document(document)
        return
    cells = [
        (name, row["label"], key, value)
        for name, rows in document.items()
        if name in figures.sections
        for row in rows
        for key, value in row.items()
        if key != "label"
    ]
    console.rows(("section", "label", "figure", "value"), cells)


command.__doc__ = """Show what a run did, in figures and pictures.

    On a terminal it is short: the top of what is long, and at its end what holds the result back and what to do about
    it. A section that is asked for by name is given in full, and so is all of it in a pipe.

    Sections: """ + "; ".join(f"{name} ({part.title.rstrip('?')})" for name, part in SECTIONS.items())
