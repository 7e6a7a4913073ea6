"""Where customers are met."""

from __future__ import annotations

from cxid.figures import Figures, whole
from cxid.html import drawing
from cxid.html.blocks import Bar, Bars, Block, Grid, Overlap, Picture, Section
from cxid.html.sections.words import count, percent, share, short


def section(figures: Figures) -> Section | None:
    """Events by source, from anonymous to known, and which sources know the same customers."""
    found = (
        _known(figures), _channels(figures), _paths(figures), _months(figures), _overlap(figures), _events(figures),
        _deciders(figures),
    )  # fmt: skip
    blocks: list[Block] = [b for b in found if b]
    if not blocks:
        return None
    return Section("touchpoints", "Where we meet them", "", blocks)


def _known(figures: Figures) -> Block | None:
    """Events that say who, events of visitors who are nobody yet, events of nobody."""
    rows = figures.rows("events")
    if not rows:
        return None
    streams = []
    ordered = sorted(rows, key=lambda r: (-whole(r["events"]), r["label"]))
    for place, r in enumerate(ordered):
        name = r["label"] if place < 6 else "other sources"
        every, attached, known = (whole(r[n]) for n in ("events", "of_a_customer", "of_a_known_customer"))
        streams += [
            (name, "known customers", known, "a"),
            (name, "visitors", attached - known, "b"),
            (name, "nobody", every - attached, "rest"),
        ]
    totals: dict[tuple[str, str, str], int] = {}
    for start, end, amount, tone in streams:
        totals[start, end, tone] = totals.get((start, end, tone), 0) + amount
    merged = [(a, b, float(n), t) for (a, b, t), n in totals.items()]
    sums: dict[str, float] = {}
    for a, b, n, _ in merged:
        sums[a] = sums.get(a, 0) + n
        sums[b] = sums.get(b, 0) + n
    all_events = sum(whole(r["events"]) for r in rows)
    known_events = sum(whole(r["of_a_known_customer"]) for r in rows)
    return Picture(
        f"From events to people: {percent(known_events, all_events)} of {all_events:,} events have a known customer",
        drawing.flows("Events by source and by whom they belong to", merged, {n: short(v) for n, v in sums.items()}),
        ("source", "of", "events"),
        [(a, b, count(int(n))) for a, b, n, _ in merged if n],
    )


_TONES = {"advocate": "good", "repeat": "a", "customer": "e", "engaged": "c", "at_risk": "b", "lapsed": "bad"}


def _paths(figures: Figures) -> Block | None:
    """From the channel of the first touch to the stage of today."""
    rows = figures.rows("paths")
    if not rows:
        return None
    order = [*_TONES, "aware", "unknown"]
    ends = {r["stage"] for r in rows}
    streams: list[drawing.Flow] = []
    for stage in sorted(ends, key=lambda s: order.index(s) if s in order else len(order)):
        for channel in dict.fromkeys(r["label"] for r in rows):
            n = sum(whole(r["customers"]) for r in rows if (r["label"], r["stage"]) == (channel, stage))
            streams.append((channel, stage.replace("_", " "), float(n), _TONES.get(stage, "rest")))
    sums: dict[str, float] = {}
    for start, end, amount, _ in streams:
        sums[start], sums[end] = sums.get(start, 0) + amount, sums.get(end, 0) + amount
    return Picture(
        "From the first touch to where known customers are now",
        drawing.flows("Customers by first channel and present stage", streams, {k: short(v) for k, v in sums.items()}),
        ("first channel", "stage now", "customers"),
        [(a, b, count(int(n))) for a, b, n, _ in streams if n],
    )


def _months(figures: Figures) -> Block | None:
    rows = figures.rows("months")
    if len(rows) < 2:
        return None
    largest = max(whole(r["events"]) for r in rows)
    return Picture(
        "Events by month",
        drawing.columns("Events by month", [(r["label"], share(whole(r["events"]), largest), "a") for r in rows]),
        ("month", "events"),
        [(r["label"], count(whole(r["events"]))) for r in rows],
    )


def _channels(figures: Figures) -> Block | None:
    rows = [r for r in figures.rows("channels") if whole(r["events"])]
    largest = max((whole(r["customers"]) for r in rows), default=0)
    bars = [
        Bar(r["label"], share(whole(r["customers"]), largest), count(whole(r["customers"])),
            f"{whole(r['events']):,} events")
        for r in rows
    ]  # fmt: skip
    return Bars("Customers by channel", ("channel", "customers", "events"), bars) if bars else None


def _overlap(figures: Figures) -> Block | None:
    rows = figures.rows("sets")
    if not rows:
        return None
    largest = max(whole(r["customers"]) for r in rows)
    sets = [
        (frozenset(r["label"].split(",")), count(whole(r["customers"])), share(whole(r["customers"]), largest))
        for r in rows
    ]
    weight: dict[str, int] = {}
    for r in rows:
        for source in r["label"].split(","):
            weight[source] = weight.get(source, 0) + whole(r["customers"])
    sources = sorted(weight, key=lambda s: (-weight[s], s))
    return Overlap("Customers by the sources that know them, the most frequent sets first", sources, sets)


def _events(figures: Figures) -> Block | None:
    rows = [
        (r["label"], r["kind"], count(whole(r["events"])), percent(whole(r["of_a_customer"]), whole(r["events"])),
         percent(whole(r["of_a_known_customer"]), whole(r["events"])), count(whole(r["customers"])))
        for r in figures.rows("events")
    ]  # fmt: skip
    columns = ("source", "kind", "events", "of a customer", "of a known one", "customers")
    return Grid("Events by source", columns, rows, frozenset((2, 3, 4, 5))) if rows else None


def _deciders(figures: Figures) -> Block | None:
    rows = [(r["label"] or "none", whole(r["events"])) for r in figures.rows("deciders")]
    largest = max((n for _, n in rows), default=0)
    bars = [Bar(name, share(n, largest), count(n)) for name, n in rows]
    return Bars("Which identifier said whose event it is", ("identifier", "events", ""), bars) if bars else None
