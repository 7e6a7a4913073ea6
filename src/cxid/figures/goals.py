"""Metrics of the run with the period that their targets are held against."""

from __future__ import annotations

from dataclasses import dataclass

from cxid.figures.model import Figures, Row, decimal

_TOTAL = "total"


@dataclass(frozen=True)
class Metric:
    """One metric in one currency: its row of the whole span, and that of the last period that is over, if any.

    `judged` is the row whose value is held against the target: the last period that is over, which is what can still be
    acted on, or the whole span where there is none.
    """

    name: str
    phase: str
    currency: str
    rows: tuple[Row, ...]
    total: Row | None
    last: Row | None

    @property
    def judged(self) -> Row:
        return self.last or self.total or self.rows[0]

    @property
    def is_known(self) -> bool:
        """It has a value in some period."""
        return any("value" in row for row in self.rows)


def metrics(figures: Figures) -> list[Metric]:
    """The metrics of section `kpis`, in its order."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in figures.rows("kpis"):
        found.setdefault((row["phase"], row["label"], row.get("currency", "")), []).append(row)
    return [_metric(key, tuple(rows)) for key, rows in found.items()]


def _metric(key: tuple[str, str, str], rows: tuple[Row, ...]) -> Metric:
    phase, name, currency = key
    total = next((r for r in rows if r["period"] == _TOTAL), None)
    over = [r for r in rows if r["period"] != _TOTAL and r["complete"] == "yes" and "value" in r]
    return Metric(name, phase, currency, rows, total, max(over, key=lambda r: r["period"], default=None))


def write_value(text: str, unit: str) -> str:
    """A metric's value as people read it, without its unit: shares in percent, money to the cent."""
    value = decimal(text)
    if unit == "share":
        return f"{value:.1%}"
    if unit == "customers":
        return f"{value:,.0f}"
    return f"{value:,.2f}" if unit == "money" else f"{value:,.1f}"
