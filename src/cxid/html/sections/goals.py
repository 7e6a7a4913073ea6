"""How the company does: KPIs by phase, recommendation, triggers."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Figures, Row, decimal, whole
from cxid.html import drawing
from cxid.html.blocks import Block, Grid, Measure, Measures, Piece, Section, Stack, Stacks
from cxid.html.sections.words import count, percent, share

_PHASES = ("awareness/acquisition", "onboarding/engagement", "retention/advocacy")
_TONES = {"met": "good", "missed": "bad"}
_NPS = (("promoter", "good"), ("passive", "rest"), ("detractor", "bad"))
_TOTAL = "total"


def section(figures: Figures) -> Section | None:
    """Each metric with its course over the periods; who would recommend; whom triggers choose."""
    blocks: list[Block] = [b for p in _PHASES if (b := _phase(figures.rows("kpis"), p))]
    blocks += [b for b in (_nps(figures), _triggers(figures)) if b]
    lead = "Every figure is a numerator over a denominator; the line is its course over complete periods."
    return Section("goals", "How we do", lead, blocks) if blocks else None


def _phase(rows: Sequence[Row], phase: str) -> Block | None:
    mine = [r for r in rows if r["phase"] == phase]
    measures = []
    for metric, currency in dict.fromkeys((r["label"], r["currency"]) for r in mine):
        found = [r for r in mine if (r["label"], r["currency"]) == (metric, currency)]
        total = next((r for r in found if r["period"] == _TOTAL), None)
        if total is None or "value" not in total:
            continue
        course = [r for r in found if r["period"] != _TOTAL and r["complete"] == "yes"]
        points = [decimal(r["value"]) if "value" in r else None for r in course]
        measures.append(
            Measure(
                metric.replace("_", " ") + (f" ({currency})" if currency else ""),
                _said(total), _basis(total), _target(total), _TONES.get(total["status"], ""),
                drawing.line(f"{metric} from {course[0]['period']} to {course[-1]['period']}", points)
                if sum(p is not None for p in points) > 1 else None,
                f"{course[0]['period']} to {course[-1]['period']}" if course else "",
            )
        )  # fmt: skip
    return Measures(phase.replace("/", " and ").capitalize(), measures) if measures else None


def _said(row: Row) -> str:
    value, unit = decimal(row["value"]), row["unit"]
    if unit == "share":
        return f"{value:.1%}"
    if unit == "points":
        margin = f" ± {decimal(row['margin']):.1f}" if "margin" in row else ""
        return f"{value:+.1f}{margin}"
    if unit == "customers":
        return f"{value:,.0f}"
    return f"{value:,.2f}" if unit == "money" else f"{value:,.1f} {unit}"


def _basis(row: Row) -> str:
    if "denominator" not in row:
        return ""
    below = f"{decimal(row['denominator']):,.0f}"
    if row["unit"] == "points":
        return f"of {below} answers"
    return f"{decimal(row.get('numerator')):,.0f} {'of' if row['unit'] == 'share' else 'over'} {below}"


def _target(row: Row) -> str:
    if "target" not in row:
        return ""
    wanted = _said({name: value for name, value in {**row, "value": row["target"]}.items() if name != "margin"})
    return f"target {wanted}: {row['status']}"


def _nps(figures: Figures) -> Block | None:
    held = {r["label"]: whole(r["customers"]) for r in figures.rows("nps")}
    asked = sum(held.values())
    if not asked:
        return None
    pieces = [
        Piece(n, share(held.get(n, 0), asked), f"{count(held.get(n, 0))} ({percent(held.get(n, 0), asked)})", t)
        for n, t in _NPS
        if held.get(n)
    ]
    score = 100 * (held.get("promoter", 0) - held.get("detractor", 0)) / asked
    return Stacks("Would recommend us, by the last answer", _NPS, [Stack("NPS", pieces, f"{score:+.0f} of {asked:,}")])


def _triggers(figures: Figures) -> Block | None:
    names = ("customers", "act", "holdout", "capped", "cooling", "no_consent")
    rows = [(r["label"], r["action"], *(count(whole(r[n])) for n in names)) for r in figures.rows("triggers")]
    columns = ("trigger", "action", "holds for", "act", "holdout", "over the cap", "cooling", "no consent")
    return Grid("Triggers that hold now", columns, rows, frozenset(range(2, 8))) if rows else None
