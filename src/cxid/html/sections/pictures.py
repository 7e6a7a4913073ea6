"""Blocks that several sections are made of: bars of counted rows, streams with their figures."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Row, whole
from cxid.html import drawing
from cxid.html.blocks import Bar, Bars, Picture
from cxid.html.sections.words import count, many, share, short


def bars_of(
    rows: Sequence[Row], caption: str, columns: tuple[str, str, str], figure: str, more: str = ""
) -> Bars | None:
    """A bar for each row: its label, its `figure`, and as a remark the one named `more`, with that word behind it."""
    largest = max((whole(r[figure]) for r in rows), default=0)
    bars = [
        Bar(r["label"] or "none", share(whole(r[figure]), largest), count(whole(r[figure])),
            many(whole(r[more]), more.removesuffix("s")) if more else "")
        for r in rows
    ]  # fmt: skip
    return Bars(caption, columns, bars) if bars else None


def streams_of(
    caption: str, names: tuple[str, str, str], streams: Sequence[drawing.Flow], ends: Sequence[str] = ()
) -> Picture:
    """Streams from one column of names to another, those with the same ends and colour as one."""
    totals: dict[tuple[str, str, str], float] = {}
    for start, end, amount, tone in streams:
        totals[start, end, tone] = totals.get((start, end, tone), 0) + amount
    merged = [(start, end, amount, tone) for (start, end, tone), amount in totals.items() if amount]
    rows = [(start, end, count(int(amount))) for start, end, amount, _ in merged]
    return Picture(caption, drawing.flows(caption, merged, short, ends), names, rows)
