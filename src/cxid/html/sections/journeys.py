"""How customers move from stage to stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxid.figures import Figures, Row, whole
from cxid.html import drawing
from cxid.html.blocks import Block, Heat, Section
from cxid.html.sections.pictures import streams_of
from cxid.html.sections.words import STAGES, by_stage, count, many, percent, plain, sentences, share

_NOT_YET = "not yet met"  # a year ago; today the same stage is one of customers without any event


def section(figures: Figures) -> Section | None:
    """Where they came from, where they were a year ago, which steps they took."""
    blocks: list[Block] = [b for b in (_shift(figures), _paths(figures), _moves(figures)) if b]
    if not blocks:
        return None
    note = "A stage follows from what a customer did and for how long nothing was heard; a step counts once a customer."
    return Section("journeys", "How they move", _lede(figures), blocks, note)


def _lede(figures: Figures) -> str:
    rows = figures.rows("shift")
    place = {stage: n for n, stage in enumerate(reversed(STAGES))}
    fell = ("at_risk", "lapsed")

    def moved(ahead: bool) -> int:
        return sum(
            whole(r["customers"])
            for r in rows
            if r["label"] != "unknown"
            and r["label"] != r["stage"]
            and (place.get(r["stage"], 0) > place.get(r["label"], 0)) == ahead
        )

    begun = sum(whole(r["customers"]) for r in rows if r["label"] == "unknown" and r["stage"] != "unknown")
    lost = sum(whole(r["customers"]) for r in rows if r["label"] not in (*fell, "unknown") and r["stage"] in fell)
    every = sum(whole(r["customers"]) for r in rows)
    steps = sorted(figures.rows("moves"), key=lambda r: -whole(r["recent"]))
    return sentences(
        (
            f"{count(begun)} of {many(every, 'known customer')} ({percent(begun, every)}) are new within a year"
            if every
            else "",
            f"of those met before, {count(moved(True))} moved ahead and {count(moved(False))} fell back, "
            f"{count(lost)} of them newly at risk or lapsed"
            if moved(True) or moved(False)
            else "",
            f"the step taken most in the last 90 days is from {_step(steps[0])} "
            f"({many(whole(steps[0]['recent']), 'customer')})"
            if steps and whole(steps[0]["recent"])
            else "",
        )
    )


def _before(stage: str) -> str:
    return _NOT_YET if stage == "unknown" else plain(stage)


def _step(row: Row) -> str:
    return f"{_before(row['label'])} to {plain(row['stage'])}"


def _shift(figures: Figures) -> Block | None:
    """From the stage of a year ago to that of today."""
    amounts = _amounts(figures.rows("shift"))
    starts = [(stage, _before(stage)) for stage in by_stage(b for b, _ in amounts)]
    caption = "Where known customers were a year ago, and where they are now"
    return _streams(caption, ("a year ago", "now", "customers"), starts, amounts)


def _paths(figures: Figures) -> Block | None:
    """From the channel of the first touch to the stage of today."""
    amounts = _amounts(figures.rows("paths"))
    channels = {c: sum(n for (channel, _), n in amounts.items() if channel == c) for c, _ in amounts}
    starts = [(c, c) for c in sorted(channels, key=lambda c: (-channels[c], c))]
    caption = "From the first touch to where known customers are now"
    return _streams(caption, ("first channel", "stage now", "customers"), starts, amounts)


_Amounts = Mapping[tuple[str, str], int]  # (where from, stage) -> customers


def _amounts(rows: Sequence[Row]) -> _Amounts:
    return {(r["label"], r["stage"]): whole(r["customers"]) for r in rows}


def _streams(
    caption: str, names: tuple[str, str, str], starts: Sequence[tuple[str, str]], amounts: _Amounts
) -> Block | None:
    stages = by_stage(stage for _, stage in amounts)
    streams: list[drawing.Flow] = [
        (shown, plain(stage), amounts.get((start, stage), 0), STAGES.get(stage, "rest"))
        for start, shown in starts
        for stage in stages
    ]
    return streams_of(caption, names, streams, [plain(stage) for stage in stages]) if amounts else None


def _moves(figures: Figures) -> Block | None:
    """How many ever took the step from one stage to another, and how many lately."""
    rows = figures.rows("moves")
    amounts, recent = _amounts(rows), {(r["label"], r["stage"]): whole(r["recent"]) for r in rows}
    if not amounts:
        return None
    largest = max(amounts.values())
    starts, ends = by_stage(b for b, _ in amounts), by_stage(s for _, s in amounts)
    cells = [
        [
            (count(n), share(n, largest), f"{count(recent[start, end])} lately") if n else ("", 0.0, "")
            for end in ends
            for n in [amounts.get((start, end), 0)]
        ]
        for start in starts
    ]
    caption = "Steps from stage to stage: customers who ever took them, and who did in the last 90 days"
    return Heat(caption, [plain(e) for e in ends], [_before(s) for s in starts], cells, ("from", "to"), wide=True)
