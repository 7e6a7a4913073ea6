"""The report of one run as a page."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Figures
from cxid.html.blocks import Section
from cxid.html.page import render
from cxid.html.sections import SECTIONS, overview


def report_page(figures: Figures, project: str, more: Sequence[Section] = ()) -> str:
    """The page: an overview, every section that has something to say, `more` behind them."""
    found = [made for section in SECTIONS if (made := section(figures)) is not None]
    sections = [overview.section(figures, [*found, *more]), *found, *more]
    return render(project, _run(figures), sections, f"Made by cxid from run {figures.run_id}.")


def _run(figures: Figures) -> str:
    """Which run it is, when it was, of which moment it speaks."""
    told = [f"Run {figures.run_id}"]
    if started := figures.text("run", "started_at"):
        told.append(f"built {started[:16].replace('T', ' ')} UTC")
    if as_of := figures.text("run", "as_of"):
        told.append(f"as of {as_of[:16].replace('T', ' ')}")
    return ", ".join(told)
