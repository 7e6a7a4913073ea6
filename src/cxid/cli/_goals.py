"""KPIs and triggers of the terminal report."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.cli._console import Console
from cxid.figures import Figures, Row, decimal, whole

_TOTAL = "total"


def write_kpis(console: Console, figures: Figures) -> None:
    """Each metric: the whole span, the last period that is over, numerator and denominator of it, the target."""
    rows = figures.rows("kpis")
    cells, unknown = [], []
    for metric, currency in dict.fromkeys((r["label"], r.get("currency", "")) for r in rows):
        mine = [r for r in rows if (r["label"], r.get("currency", "")) == (metric, currency)]
        total = next((r for r in mine if r["period"] == _TOTAL), None)
        if not any("value" in r for r in mine):
            unknown.append((metric, mine[0].get("missing", "")))
            continue
        last = _last_over(mine)
        shown = last or total or mine[0]
        cells.append(
            (
                f"{metric} {currency}".strip(),
                _value(total),
                last["period"] if last else "",
                _value(last),
                _ratio(shown),
                _number(shown["target"], shown["unit"]) if "target" in shown else "",
                "" if shown["status"] == "no_target" else shown["status"],
            )
        )
    if cells:
        console.grid(("metric", "whole span", "period", "value", "of", "target", "status"), cells)
    for metric, missing in unknown:
        console.text(console.safe(f"{metric}: unknown; it would be fed by {missing}"))


def write_triggers(console: Console, figures: Figures) -> None:
    """Of how many customers each trigger holds, and what becomes of them."""
    names = {"act": "act", "holdout": "held out", "capped": "over the cap", "cooling": "cooling down",
             "no_consent": "no consent"}  # fmt: skip
    console.grid(
        ("trigger", "action", "holds", *names.values()),
        [
            (r["label"], r["action"], f"{whole(r['customers']):,}", *(f"{whole(r[n]):,}" for n in names))
            for r in figures.rows("triggers")
        ],
    )
    console.text("next: " + console.here("cxid query \"SELECT * FROM trigger_hit WHERE status = 'act'\" -f jsonl"))


def _last_over(rows: Sequence[Row]) -> Row | None:
    over = [r for r in rows if r["period"] != _TOTAL and r["complete"] == "yes" and "value" in r]
    return max(over, key=lambda r: r["period"]) if over else None


def _value(row: Row | None) -> str:
    if row is None or "value" not in row:
        return ""
    margin = f" ± {decimal(row['margin']):.1f}" if "margin" in row else ""
    return _number(row["value"], row["unit"]) + margin


def _number(text: str, unit: str) -> str:
    value = decimal(text)
    if unit == "share":
        return f"{value:.1%}"
    if unit == "customers":
        return f"{value:,.0f}"
    return f"{value:,.2f}" if unit == "money" else f"{value:,.1f}"


def _ratio(row: Row) -> str:
    if "denominator" not in row:
        return ""
    return f"{_short(row['numerator'])} / {_short(row['denominator'])}"


def _short(text: str) -> str:
    value = decimal(text)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
