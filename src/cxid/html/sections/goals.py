"""How the company does: KPIs by phase with their targets, triggers."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Figures, Metric, Row, decimal, metrics, whole, write_value
from cxid.html import drawing
from cxid.html.blocks import Block, Grid, Measure, Measures, Section
from cxid.html.sections.words import count, many, plain, sentences

_PHASES = ("awareness/acquisition", "onboarding/engagement", "retention/advocacy")
_TONES = {"met": "good", "missed": "bad"}
_TOTAL = "total"
_PERIODS_LISTED = 24


def section(figures: Figures) -> Section | None:
    """Each metric with its course over the periods and its target; whom triggers choose."""
    known = [m for m in metrics(figures) if m.total and "value" in m.total]
    blocks: list[Block] = [b for p in _PHASES if (b := _phase([m for m in known if m.phase == p], p))]
    blocks += [b for b in (_triggers(figures),) if b]
    if not blocks:
        return None
    note = (
        "Each figure is of the whole time; the line is its course over complete periods, a broken line the target, "
        "against which the last of these periods is held."
    )
    return Section("goals", "How we do", _lede(figures, known), blocks, note)


def _lede(figures: Figures, known: Sequence[Metric]) -> str:
    judged = [m.judged for m in known if m.judged["status"] in _TONES]
    missed = [_name(r) for r in judged if r["status"] == "missed"]
    act = sum(whole(r["act"]) for r in figures.rows("triggers"))
    return sentences(
        (
            f"{len(judged) - len(missed)} of {many(len(judged), 'target')} met" if judged else "no targets are set",
            f"missed: {', '.join(missed)}" if missed else "",
            f"triggers ask to act on {many(act, 'customer')}" if figures.rows("triggers") else "",
        )
    )


def _name(row: Row) -> str:
    return plain(row["label"]) + (f" ({row['currency']})" if row["currency"] else "")


def _phase(told: Sequence[Metric], phase: str) -> Block | None:
    if not told:
        return None
    values = [{r["period"]: _said(r) for r in m.rows if "value" in r and r["complete"] == "yes"} for m in told]
    every = sorted({period for m in values for period in m} - {_TOTAL}, reverse=True)[:_PERIODS_LISTED]
    periods = [(period, *(m.get(period, "-") for m in values)) for period in every]
    return Measures(plain(phase).replace("/", " and ").capitalize(), [_measure(m) for m in told], periods)


def _measure(metric: Metric) -> Measure:
    total, judged = metric.total or metric.rows[0], metric.judged
    course = [r for r in metric.rows if r["period"] != _TOTAL and r["complete"] == "yes"]
    points = [decimal(r["value"]) if "value" in r else None for r in course]
    target = decimal(total["target"]) if "target" in total else None
    known = sum(p is not None for p in points)
    span = f"{course[0]['period']} to {course[-1]['period']}" if course else ""
    drawn = drawing.line(f"{_name(total)}, {span}", points, target=target) if known > 1 else None
    tone = _TONES.get(judged["status"], "")
    return Measure(_name(total), _said(total), _basis(total), _target(judged), tone, drawn, span)


def _said(row: Row) -> str:
    unit = row["unit"]
    if unit == "points":
        margin = f" ± {decimal(row['margin']):.1f}" if "margin" in row else ""
        return f"{decimal(row['value']):+.1f}{margin}"
    written = write_value(row["value"], unit)
    return written if unit in ("share", "customers", "money") else f"{written} {unit}"


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
    when = "" if row["period"] == _TOTAL or "value" not in row else f" in {row['period']} ({_said(row)})"
    return f"target {wanted}: {row['status']}{when}"


def _triggers(figures: Figures) -> Block | None:
    names = ("customers", "act", "holdout", "capped", "cooling", "no_consent")
    rows = [(r["label"], r["action"], *(count(whole(r[n])) for n in names)) for r in figures.rows("triggers")]
    columns = ("trigger", "action", "holds for", "act", "holdout", "over the cap", "cooling", "no consent")
    return Grid("Triggers that hold now", columns, rows, frozenset(range(2, 8))) if rows else None
