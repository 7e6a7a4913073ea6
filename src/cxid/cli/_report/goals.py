"""KPIs by phase with their targets, and triggers."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.cli._report.drawing import table
from cxid.cli._report.view import View, words
from cxid.figures import Row, decimal, whole

_TOTAL = "total"
_ROOMY = 110
_UNKNOWN = 2  # metrics without a value that the short report explains
_STATUS = {"met": ("✓ met", "met"), "missed": ("✗ missed", "missed")}


def write_kpis(view: View) -> None:
    """Phase by phase each metric: the whole span, the last period that is over with what it is made of, the target."""
    rows = view.figures.rows("kpis")
    metrics = dict.fromkeys((r["phase"], r["label"], r.get("currency", "")) for r in rows)
    every = {m: [r for r in rows if (r["phase"], r["label"], r.get("currency", "")) == m] for m in metrics}
    known = {metric: mine for metric, mine in every.items() if any("value" in r for r in mine)}
    lasts = {metric: _last_over(mine) for metric, mine in known.items()}
    latest = max((last["period"] for last in lasts.values() if last), default="")
    is_roomy = view.width >= _ROOMY
    cells: list[tuple[str, ...]] = []
    phase = ""
    for metric, mine in known.items():
        if metric[0] != phase and view.console.screen.is_tty:
            cells.append((metric[0].replace("/", " and "), *("" for _ in range(5 if is_roomy else 4))))
        phase = metric[0]
        cells.append(_metric(view, mine, lasts[metric], latest)[: 6 if is_roomy else 5])
    if cells:
        table(view, ("metric", "whole span", latest, "target", "", "made of")[: 6 if is_roomy else 5], cells)
    unknown = [metric for metric in metrics if metric not in known]
    if len(unknown) > _UNKNOWN and not view.is_whole:
        view.note(f"{len(unknown)} metrics are unknown: {view.report('kpis')} says what would feed them")
        return
    for metric in unknown:
        view.note(f"{words(metric[1])}: unknown; it would be fed by {every[metric][0].get('missing', '')}")


def _metric(view: View, rows: Sequence[Row], last: Row | None, latest: str) -> tuple[str, ...]:
    total = next((r for r in rows if r["period"] == _TOTAL), None)
    shown = last or total or rows[0]
    screen = view.console.screen
    name = f"{words(shown['label'])} {shown.get('currency', '')}".strip()
    marks = _STATUS.get(shown["status"], ("", ""))
    other = f" in {last['period']}" if last and last["period"] != latest else ""
    return (
        f"  {name}" if screen.is_tty else name,
        _value(total),
        _value(last) + other,
        _number(shown["target"], shown["unit"]) if "target" in shown else "",
        marks[0] if screen.unicode and screen.is_tty else marks[1],
        _ratio(shown),
    )


def write_triggers(view: View) -> None:
    """Of how many customers each trigger holds, and what becomes of them."""
    names = {"act": "act", "holdout": "held out", "capped": "over the cap", "cooling": "cooling down",
             "no_consent": "no consent"}  # fmt: skip
    view.console.grid(
        ("trigger", "action", "holds", *names.values()),
        [
            (r["label"], r["action"], f"{whole(r['customers']):,}", *(f"{whole(r[n]):,}" for n in names))
            for r in view.figures.rows("triggers")
        ],
    )
    view.note("next: " + view.console.here("cxid query \"SELECT * FROM trigger_hit WHERE status = 'act'\" -f jsonl"))


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
