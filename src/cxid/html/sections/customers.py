"""Who the customers are and what they are worth."""

from __future__ import annotations

from cxid.figures import Figures, decimal, whole
from cxid.html.blocks import Bar, Bars, Block, Grid, Heat, Piece, Section, Stack, Stacks
from cxid.html.sections.pictures import bars_of
from cxid.html.sections.words import STAGES, by_stage, count, listed, many, percent, plain, sentences, share

_CONSENT = (("granted", "good"), ("denied", "bad"), ("unknown", "rest"))
_QUINTILES = range(1, 6)


def section(figures: Figures) -> Section | None:
    """Stages, ages, recency and frequency, what they spend, homes, permissions."""
    found = (
        _stages(figures), _rfm(figures),
        bars_of(figures.rows("ages"), "Known customers by age", ("age", "customers", ""), "customers"),
        bars_of(
            figures.rows("households"), "Households by the customers in them", ("customers", "households", "in all"),
            "households", "customers",
        ),
        _buying(figures), _worth(figures), _unvalued(figures), _purchases(figures), _consents(figures),
    )  # fmt: skip
    blocks: list[Block] = [b for b in found if b]
    return Section("customers", "Who they are", _lede(figures), blocks) if blocks else None


def _lede(figures: Figures) -> str:
    known = figures.amount("funnel", "known customers")
    held = {r["label"]: whole(r["customers"]) for r in figures.rows("stages")}
    going = held.get("at_risk", 0) + held.get("lapsed", 0)
    buyers = sum(whole(r["customers"]) for r in figures.rows("rfm"))
    homes = sum(whole(r["households"]) for r in figures.rows("households"))
    largest = sorted((s for s in held if s != "unknown"), key=lambda s: -held[s])[:3]
    return sentences(
        (
            many(known, "known customer") + (f" in {many(homes, 'household')}" if homes else ""),
            f"most are {listed([f'{plain(s)} ({count(held[s])})' for s in largest])}" if largest else "",
            f"{percent(going, known)} are at risk or lapsed" if going else "",
            f"{many(buyers, 'customer has', 'customers have')} bought something" if buyers else "",
        )
    )


def _stages(figures: Figures) -> Block | None:
    held = {r["label"]: whole(r["customers"]) for r in figures.rows("stages")}
    every, largest = sum(held.values()), max(held.values(), default=0)
    bars = [
        Bar(plain(s), share(held[s], largest), count(held[s]), percent(held[s], every), STAGES.get(s, "rest"))
        for s in by_stage(held)
    ]
    return Bars("Known customers by stage", ("stage", "customers", "share"), bars) if bars else None


def _rfm(figures: Figures) -> Block | None:
    rows = figures.rows("rfm")
    if not rows:
        return None
    cells = {(whole(r["recency"]), whole(r["frequency"])): r for r in rows}
    largest = max(whole(r["customers"]) for r in rows)
    buyers = sum(whole(r["customers"]) for r in rows)
    grid = []
    for recency in reversed(_QUINTILES):
        line = []
        for frequency in _QUINTILES:
            r = cells.get((recency, frequency))
            n = whole(r["customers"]) if r else 0
            line.append((count(n) if n else "", share(n, largest), plain(r["segment"]) if r else ""))
        grid.append(line)
    return Heat(
        f"{many(buyers, 'buyer')} by how lately and how often they bought",
        ("seldom", "2", "3", "4", "most often"),
        ("latest", "4", "3", "2", "longest ago"),
        grid,
        ("last purchase", "purchases"),
    )


def _worth(figures: Figures) -> Block | None:
    rows = [
        (r["label"] or "-", count(whole(r["customers"])), count(whole(r["foretold"])),
         f"{decimal(r.get('clv')):,.0f}" if whole(r["foretold"]) else "-", f"{decimal(r.get('baseline')):,.0f}")
        for r in figures.rows("worth")
    ]  # fmt: skip
    columns = ("currency", "buyers", "foretold", "next 12 months", "at their own pace")
    return Grid("What buyers are expected to spend", columns, rows, frozenset(range(1, 5))) if rows else None


def _unvalued(figures: Figures) -> Block | None:
    """Why nothing is foretold, where it is not."""
    rows = [(r["label"], r["currency"] or "-", r["note"]) for r in figures.rows("unvalued")]
    return Grid("What has no model, and why", ("of", "currency", "because"), rows) if rows else None


def _buying(figures: Figures) -> Block | None:
    """How far the model of buying can be trusted: what it expects beside what is."""
    rows = figures.rows("buying")
    largest = max((max(whole(r["customers"]), whole(r["expected"])) for r in rows), default=0)
    bars = [
        Bar(r["label"], share(whole(r["customers"]), largest), count(whole(r["customers"])),
            f"{whole(r['expected']):,} expected", before=share(whole(r["expected"]), largest))
        for r in rows
    ]  # fmt: skip
    caption = "Repeat purchases: customers, and what the model of buying expects"
    return Bars(caption, ("repeat purchases", "customers", "the model"), bars) if bars else None


def _consents(figures: Figures) -> Block | None:
    stacks = []
    for r in figures.rows("consents"):
        asked = sum(whole(r[name]) for name, _ in _CONSENT)
        pieces = [Piece(n, share(whole(r[n]), asked), count(whole(r[n])), t) for n, t in _CONSENT if whole(r[n])]
        label = f"{r['label']} by {r['channel']}" if r["channel"] else r["label"]
        stacks.append(Stack(label, pieces, f"{percent(whole(r['granted']), asked)} of {count(asked)} agree"))
    return Stacks("Permissions", _CONSENT, stacks) if stacks else None


def _purchases(figures: Figures) -> Block | None:
    rows = [
        (r["label"] or "-", count(whole(r["customers"])), count(whole(r["purchases"])), count(whole(r["refunds"])),
         f"{decimal(r['revenue']):,.2f}",
         percent(decimal(r["revenue_of_customers"]), decimal(r["revenue"])))
        for r in figures.rows("purchases")
    ]  # fmt: skip
    columns = ("currency", "customers", "purchases", "refunds", "revenue", "of customers")
    return Grid("Purchases by currency", columns, rows, frozenset(range(1, 6))) if rows else None
