"""KPIs by phase with their targets, and triggers."""

from __future__ import annotations

from cxid.cli._report.drawing import table
from cxid.cli._report.view import View, words
from cxid.figures import Metric, Row, decimal, metrics, whole, write_value

_ROOMY = 110
_UNKNOWN = 2  # metrics without a value that the short report explains
_STATUS = {"met": ("✓ met", "met"), "missed": ("✗ missed", "missed")}


def write_kpis(view: View) -> None:
    """Phase by phase each metric: the whole span, the last period that is over with what it is made of, the target."""
    every = metrics(view.figures)
    known = [m for m in every if m.is_known]
    latest = max((m.last["period"] for m in known if m.last), default="")
    columns = 6 if view.width >= _ROOMY else 5
    cells: list[tuple[str, ...]] = []
    phase = ""
    for metric in known:
        if metric.phase != phase and view.console.screen.is_tty:
            cells.append((metric.phase.replace("/", " and "), *("" for _ in range(columns - 1))))
        phase = metric.phase
        cells.append(_metric(view, metric, latest)[:columns])
    if cells:
        table(view, ("metric", "whole span", latest, "target", "", "made of")[:columns], cells)
    unknown = [m for m in every if not m.is_known]
    if len(unknown) > _UNKNOWN and not view.is_whole:
        view.note(f"{len(unknown)} metrics are unknown: {view.report('kpis')} says what would feed them")
        return
    for metric in unknown:
        view.note(f"{words(metric.name)}: unknown; it would be fed by {metric.judged.get('missing', '')}")


def _metric(view: View, metric: Metric, latest: str) -> tuple[str, ...]:
    screen, judged = view.console.screen, metric.judged
    name = f"{words(metric.name)} {metric.currency}".strip()
    marks = _STATUS.get(judged["status"], ("", ""))
    other = f" in {metric.last['period']}" if metric.last and metric.last["period"] != latest else ""
    return (
        f"  {name}" if screen.is_tty else name,
        _value(metric.total),
        _value(metric.last) + other,
        write_value(judged["target"], judged["unit"]) if "target" in judged else "",
        marks[0] if screen.unicode and screen.is_tty else marks[1],
        _ratio(judged),
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


def _value(row: Row | None) -> str:
    if row is None or "value" not in row:
        return ""
    margin = f" ± {decimal(row['margin']):.1f}" if "margin" in row else ""
    return write_value(row["value"], row["unit"]) + margin


def _ratio(row: Row) -> str:
    if "denominator" not in row:
        return ""
    return f"{_short(row['numerator'])} / {_short(row['denominator'])}"


def _short(text: str) -> str:
    value = decimal(text)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
