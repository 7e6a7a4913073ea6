"""Headings and tables of a customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxid.cli._console import Console

ROOMY = 110
"""Columns from which a page has room for what is nice to know."""


def is_narrow(console: Console) -> bool:
    """A person reads, and there is no room to spare."""
    return console.screen.is_tty and console.screen.width < ROOMY


def title(console: Console, text: str) -> None:
    """An empty line and the heading of a section."""
    console.text()
    console.text(console.safe(text), style="bold cyan")


def table(
    console: Console,
    heading: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    spare: Sequence[str] = (),
) -> None:
    """A heading and its table without the columns that are empty; `spare` ones go where room is scarce."""
    if not rows:
        return
    if heading:
        title(console, heading)
    filled = [i for i in range(len(columns)) if any(row[i] not in (None, "") for row in rows)]
    used = [i for i in filled if not (is_narrow(console) and columns[i] in spare)]
    console.grid([columns[i] for i in used], [[row[i] for i in used] for row in rows])


def facts(console: Console, heading: str, rows: Sequence[tuple[str, str | None]]) -> None:
    """A heading and lines of (what, words), those without words left out."""
    said = [row for row in rows if row[1]]
    if said:
        title(console, heading)
        console.grid(("", ""), said)
