"""Who the customers are and what they are worth."""

from __future__ import annotations

from cxid.figures import Figures, decimal, whole
from cxid.html.blocks import Block, Grid, Heat, Section
from cxid.html.sections.words import count, percent, share


def section(figures: Figures) -> Section | None:
    """Recency and frequency, purchases by currency."""
    found = (_rfm(figures), _purchases(figures))
    blocks: list[Block] = [b for b in found if b]
    return Section("customers", "Who they are", "", blocks) if blocks else None


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
