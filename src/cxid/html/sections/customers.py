"""Who the customers are and what they are worth."""

from __future__ import annotations

from cxid.figures import Figures, decimal, whole
from cxid.html.blocks import Bar, Bars, Block, Grid, Heat, Piece, Section, Stack, Stacks
from cxid.html.sections.words import count, percent, share

_STAGES = {
    "advocate": "good", "repeat": "a", "customer": "e", "engaged": "c", "aware": "rest", "at_risk": "b",
    "lapsed": "bad", "unknown": "rest",
}  # fmt: skip
_CONSENT = (("granted", "good"), ("denied", "bad"), ("unknown", "rest"))


def section(figures: Figures) -> Section | None:
    """Stages, recency and frequency, what they spend, homes, permissions."""
    found = (
        _stages(figures), _rfm(figures), _worth(figures), _homes(figures), _purchases(figures), _consents(figures),
    )  # fmt: skip
    blocks: list[Block] = [b for b in found if b]
    return Section("customers", "Who they are", "", blocks) if blocks else None


def _stages(figures: Figures) -> Block | None:
    rows = figures.rows("stages")
    every = sum(whole(r["customers"]) for r in rows)
    largest = max((whole(r["customers"]) for r in rows), default=0)
    bars = [
        Bar(stage.replace("_", " "), share(n, largest), count(n), percent(n, every), tone)
        for stage, tone in _STAGES.items()
        for n in [sum(whole(r["customers"]) for r in rows if r["label"] == stage)]
        if n
    ]
    return Bars("Known customers by stage", ("stage", "customers", "share"), bars) if bars else None


def _worth(figures: Figures) -> Block | None:
    rows = [
        (r["label"] or "-", count(whole(r["customers"])), count(whole(r["foretold"])),
         f"{decimal(r.get('clv')):,.0f}", f"{decimal(r.get('baseline')):,.0f}")
        for r in figures.rows("worth")
    ]  # fmt: skip
    columns = ("currency", "buyers", "foretold", "next 12 months", "as before")
    caption = "What buyers are expected to spend in twelve months, and what they would at their own pace"
    return Grid(caption, columns, rows, frozenset(range(1, 5))) if rows else None


def _homes(figures: Figures) -> Block | None:
    rows = figures.rows("households")
    largest = max((whole(r["households"]) for r in rows), default=0)
    bars = [
        Bar(r["label"], share(whole(r["households"]), largest), count(whole(r["households"])),
            f"{whole(r['customers']):,} customers")
        for r in rows
    ]  # fmt: skip
    return Bars("Households by the customers in them", ("customers", "households", "in all"), bars) if bars else None


def _consents(figures: Figures) -> Block | None:
    stacks = []
    for r in figures.rows("consents"):
        asked = sum(whole(r[name]) for name, _ in _CONSENT)
        pieces = [Piece(n, share(whole(r[n]), asked), count(whole(r[n])), t) for n, t in _CONSENT if whole(r[n])]
        label = f"{r['label']} by {r['channel']}" if r["channel"] else r["label"]
        stacks.append(Stack(label, pieces, f"{percent(whole(r['granted']), asked)} of {count(asked)} agree"))
    return Stacks("Permissions", _CONSENT, stacks) if stacks else None


def _rfm(figures: Figures) -> Block | None:
    rows = figures.rows("rfm")
    if not rows:
        return None
    cells = {(whole(r["recency"]), whole(r["frequency"])): r for r in rows}
    largest = max(whole(r["customers"]) for r in rows)
    buyers = sum(whole(r["customers"]) for r in rows)
    grid = []
    for recency in range(5, 0, -1):
        line = []
        for frequency in range(1, 6):
            r = cells.get((recency, frequency))
            n = whole(r["customers"]) if r else 0
            line.append((count(n) if n else "", share(n, largest), r["segment"].replace("_", " ") if r else ""))
        grid.append(line)
    return Heat(
        f"{buyers:,} buyers by how lately and how often they bought",
        ("once or seldom", "2", "3", "4", "most often"),
        ("latest", "4", "3", "2", "longest ago"),
        grid,
        ("last purchase", "purchases"),
    )


def _purchases(figures: Figures) -> Block | None:
    rows = [
        (r["label"] or "-", count(whole(r["customers"])), count(whole(r["purchases"])), count(whole(r["refunds"])),
         f"{decimal(r['revenue']):,.2f}",
         percent(decimal(r["revenue_of_customers"]), decimal(r["revenue"])))
        for r in figures.rows("purchases")
    ]  # fmt: skip
    columns = ("currency", "customers", "purchases", "refunds", "revenue", "of customers")
    return Grid("Purchases by currency", columns, rows, frozenset(range(1, 6))) if rows else None
