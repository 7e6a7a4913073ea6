"""What went in, what was refused, what it cost."""

from __future__ import annotations

from cxid.figures import OUTCOMES, Figures, decimal, whole
from cxid.html.blocks import Bar, Bars, Block, Grid, Section
from cxid.html.sections.words import count, many, sentences, share
from cxid.runs.results import in_words

_LINES = {"lines": "lines", "accepted": "accepted", "quarantined": "rejected", "inside_values": "inside values",
          "header": "header", "blank": "blank", "unaccounted": "lost"}  # fmt: skip


def _lede(figures: Figures) -> str:
    lines, lost = (sum(whole(r.get(n)) for r in figures.rows("sources")) for n in ("lines", "unaccounted"))
    refused = figures.amount("funnel", "quarantined")
    seconds = sum(decimal(r["seconds"]) for r in figures.rows("timings"))
    over = [r["label"] for r in figures.rows("gates") if r["outcome"] != "passed"]
    return sentences(
        (
            f"{many(lines, 'line')} of {many(figures.amount('funnel', 'files'), 'file')}, "
            + (f"{count(lost)} of them not accounted for" if lost else "every one accounted for"),
            f"{many(refused, 'row is', 'rows are')} in quarantine" if refused else "",
            f"over a limit: {', '.join(over)}" if over else "",
            f"the stages took {seconds:,.0f} seconds" if seconds else "",
        )
    )


def section(figures: Figures) -> Section:
    """Sources to the last line, quarantine, limits, time and memory."""
    names = ("files", "bytes", *_LINES)
    blocks: list[Block] = [
        Grid(
            "Sources: lines = accepted + rejected + line breaks inside values + header + blank + lost",
            ("source", "files", "bytes", *_LINES.values()),
            [(r["label"], *(count(whole(r.get(n))) for n in names)) for r in figures.rows("sources")],
            frozenset(range(1, 10)),
        )
    ]
    if rows := figures.rows("quarantine"):
        blocks.append(
            Grid(
                "Quarantine",
                ("source", "file", "reason", "field", "rows", "first line"),
                [
                    (r["label"], r["file"], r["reason"], r["field"], count(whole(r["amount"])), r["first_line"])
                    for r in rows
                ],
                frozenset((4, 5)),
            )
        )
    if rows := figures.rows("timings"):
        longest = max(decimal(r["seconds"]) for r in rows)
        bars = [
            Bar(r["label"], share(decimal(r["seconds"]), longest), f"{decimal(r['seconds']):.1f}",
                f"{whole(r['peak_mb']):,} MB at most")
            for r in rows
        ]  # fmt: skip
        blocks.append(Bars("Seconds of each stage", ("stage", "seconds", "memory"), bars))
    if rows := figures.rows("gates"):
        blocks.append(
            Grid(
                "Limits",
                ("check", "measured", "limit", "outcome"),
                [
                    (
                        r["label"],
                        in_words(r["label"], r["measured"]),
                        in_words(r["label"], r["limit"]) or "none",
                        OUTCOMES[r["outcome"]],
                    )
                    for r in rows
                ],
                frozenset((1, 2)),
            )
        )
    return Section("inputs", "What went in", _lede(figures), blocks)
