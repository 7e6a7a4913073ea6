"""What merging did to the values."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Figures, Row, whole
from cxid.html.blocks import Bar, Bars, Block, Piece, Section, Stack, Stacks
from cxid.html.sections.words import TONES, many, percent, sentences, share, tone

_OTHERS = "other sources"


def section(figures: Figures) -> Section | None:
    """Completeness before and after, and which sources the golden values come from."""
    blocks: list[Block] = [b for b in (_completeness(figures), _survivorship(figures)) if b]
    if not blocks:
        return None
    note = "Each customer has one value per field, chosen among those of its records."
    return Section("golden", "Golden records", _lede(figures), blocks, note)


def _lede(figures: Figures) -> str:
    gains = []
    for r in figures.rows("fields"):
        if "filled_customers" in r:
            before = share(whole(r["filled_records"]), whole(r["records"]))
            after = share(whole(r["filled_customers"]), whole(r["customers"]))
            gains.append((after - before, r["label"], before, after))
    gain, field, before, after = max(gains, default=(0.0, "", 0.0, 0.0))
    chosen, conflicts = (sum(whole(r[n]) for r in figures.rows("survivorship")) for n in ("chosen", "conflicts"))
    return sentences(
        (
            f"merging filled {field} most: {before:.1%} of records have it and {after:.1%} of customers"
            if gain > 0 else "",
            f"in {percent(conflicts, chosen)} of {many(chosen, 'value')} the records of a customer disagree"
            if chosen else "no record gave a value",
        )
    )  # fmt: skip


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
    caption = "Values filled: customers, and (thin bar) records before merging"
    return Bars(caption, ("field", "filled", "before"), bars, wide=True) if bars else None


def _survivorship(figures: Figures) -> Stacks | None:
    rows = figures.rows("survivorship")
    totals: dict[str, int] = {}
    for r in rows:
        totals[r["source"]] = totals.get(r["source"], 0) + whole(r["chosen"])
    ranked = sorted(totals, key=lambda s: (-totals[s], s))
    own = ranked if len(ranked) <= len(TONES) else ranked[: len(TONES) - 1]
    names = {source: tone(n) for n, source in enumerate(own)}
    if len(own) < len(ranked):
        names[_OTHERS] = TONES[-1]
    fields = dict.fromkeys(r["label"] for r in figures.rows("fields"))
    stacks = [_stack(f, mine, names) for f in fields if (mine := [r for r in rows if r["label"] == f])]
    return Stacks("Where golden values come from", list(names.items()), stacks) if stacks else None


def _stack(field: str, rows: Sequence[Row], names: dict[str, str]) -> Stack:
    chosen, conflicts = (sum(whole(r[n]) for r in rows) for n in ("chosen", "conflicts"))
    parts = dict.fromkeys(names, 0)
    for r in rows:
        parts[r["source"] if r["source"] in names else _OTHERS] += whole(r["chosen"])
    pieces = [Piece(s, share(n, chosen), percent(n, chosen), names[s]) for s, n in parts.items() if n]
    return Stack(field, pieces, f"{many(chosen, 'value')}, {percent(conflicts, chosen)} in conflict")
