"""What merging did to the values."""

from __future__ import annotations

from cxid.figures import Figures, whole
from cxid.html.blocks import Bar, Bars, Block, Piece, Section, Stack, Stacks
from cxid.html.sections.words import count, percent, share, tone


def section(figures: Figures) -> Section | None:
    """Completeness before and after, and which sources the golden values come from."""
    blocks: list[Block] = [b for b in (_completeness(figures), _survivorship(figures)) if b]
    if not blocks:
        return None
    return Section(
        "golden", "Golden records", "Each customer has one value per field, chosen among those of its records.", blocks
    )


def _completeness(figures: Figures) -> Bars | None:
    bars = []
    for r in figures.rows("fields"):
        records, filled = whole(r["records"]), whole(r["filled_records"])
        before = share(filled, records)
        if "filled_customers" not in r:
            bars.append(Bar(r["label"], 0, "-", f"{percent(filled, records)} of records", before=before))
            continue
        customers, held = whole(r["customers"]), whole(r["filled_customers"])
        remark = f"{percent(filled, records)} of records"
        bars.append(Bar(r["label"], share(held, customers), percent(held, customers), remark, before=before))
    caption = "Values filled: customers, and records before merging"
    return Bars(caption, ("field", "filled", "before"), bars) if bars else None


def _survivorship(figures: Figures) -> Stacks | None:
    rows = figures.rows("survivorship")
    totals: dict[str, int] = {}
    for r in rows:
        totals[r["source"]] = totals.get(r["source"], 0) + whole(r["chosen"])
    names = {source: tone(n) for n, source in enumerate(sorted(totals, key=lambda s: (-totals[s], s)))}
    stacks = []
    for field in dict.fromkeys(r["label"] for r in figures.rows("fields")):
        mine = [r for r in rows if r["label"] == field]
        chosen, conflicts = sum(whole(r["chosen"]) for r in mine), sum(whole(r["conflicts"]) for r in mine)
        pieces = [
            Piece(r["source"], share(whole(r["chosen"]), chosen), percent(whole(r["chosen"]), chosen),
                  names[r["source"]])
            for r in sorted(mine, key=lambda r: list(names).index(r["source"]))
        ]  # fmt: skip
        if pieces:
            stacks.append(Stack(field, pieces, f"{count(chosen)} values, {percent(conflicts, chosen)} in conflict"))
    if not stacks:
        return None
    return Stacks("Where golden values come from", list(names.items()), stacks)
