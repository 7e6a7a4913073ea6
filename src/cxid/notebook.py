"""What a result of a call shows of itself: one line in a terminal, a few small tables in a notebook.

The HTML is inert: every value is escaped, control characters are written as codes, and nothing in it is fetched or run.
Colours are the notebook's own, so that it reads on light and on dark.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from cxid.privacy import html_text, terminal_text

ROWS = 20  # of a table that are drawn
_CELL = 200  # signs of a value that are drawn
Item = TypeVar("Item", covariant=True)
_LINE = "vertical-align:bottom;border-bottom:1px solid rgba(128,128,128,.35)"


@dataclass(frozen=True)
class Table:
    """Rows under a caption; values are of any type, None is drawn as nothing."""

    caption: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


class Shown(ABC):
    """A result that people look at: in one line, and in tables. The most telling table comes first."""

    @property
    @abstractmethod
    def headline(self) -> str:
        """The result in one line."""

    @abstractmethod
    def tables(self) -> Iterable[Table]:
        """What a notebook shows of it."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {terminal_text(self.headline)}>"

    def _repr_html_(self) -> str:
        return render(self.headline, self.tables())


class Document(Shown):
    """A result that is one document."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The document that the command writes with `--format json`, as Python values."""


class Listing(tuple[Item, ...], Shown):
    """A result that is a list, in order; a tuple of its items."""

    @abstractmethod
    def to_list(self) -> list[dict[str, Any]]:
        """The list that the command writes with `--format json`, as Python values."""

    def tables(self) -> Iterable[Table]:
        rows = self.to_list()
        return [Table("", list(rows[0]), [list(row.values()) for row in rows])] if rows else []

    __repr__ = Shown.__repr__


def render(headline: str, tables: Iterable[Table]) -> str:
    """The HTML of a headline and tables; tables without rows are left out."""
    drawn = "".join(_table(table) for table in tables)
    return f'<div class="cxid"><p style="margin:.2em 0"><strong>{html_text(headline)}</strong></p>{drawn}</div>'


def _table(table: Table) -> str:
    rows = iter(table.rows)
    shown = [list(row) for row in islice(rows, ROWS)]
    if not shown:
        return ""
    left = sum(1 for _ in rows)
    head = "".join(
        f'<th scope="col" style="text-align:{_side(column)};{_LINE}">{html_text(name)}</th>'
        for name, column in zip(table.columns, zip(*shown, strict=True), strict=True)
    )
    sides = [_side(column) for column in zip(*shown, strict=True)]
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{side}">{html_text(_text(value))}</td>'
            for side, value in zip(sides, row, strict=True)
        )
        + "</tr>"
        for row in shown
    )
    more = f'<p style="margin:.2em 0;opacity:.75">and {left:,} more</p>' if left else ""
    style = "border-collapse:collapse;margin:0;background:transparent;color:inherit"
    above = "caption-side:top;text-align:left;padding:.6em 0 .2em;white-space:nowrap;color:inherit"
    named = f'<caption style="{above}">{html_text(table.caption)}</caption>' if table.caption else ""
    return f'<table style="{style}">{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}'


def _side(column: Iterable[Any]) -> str:
    """Figures stand to the right."""
    values = [value for value in column if value is not None]
    figures = all(isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values)
    return "right" if values and figures else "left"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = str(value)
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
