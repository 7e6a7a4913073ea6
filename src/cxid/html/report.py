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
    return render(project, f"Run {figures.run_id}", sections, f"Made by cxid from run {figures.run_id}.")
