"""Where customers are met."""

from __future__ import annotations

from cxid.figures import Figures, whole
from cxid.figures.words import OWNERLESS
from cxid.html import drawing
from cxid.html.blocks import Block, Grid, Overlap, Picture, Section, SourceSet
from cxid.html.sections.pictures import bars_of, streams_of
from cxid.html.sections.words import count, many, percent, sentences, share

_SOURCES_DRAWN = 6  # of the flow from events to people; all further ones together
_SOURCES_ACROSS = 16  # columns of the sets of sources; what lies beyond is counted


def section(figures: Figures) -> Section | None:
    """From anonymous to known, channels, months, and which sources know the same customers."""
    found = (
        _known(figures),
        bars_of(
            [r for r in figures.rows("channels") if whole(r["events"])],
            "Customers by channel", ("channel", "customers", "events"), "customers", "events",
        ),
        _months(figures),
        bars_of(
            figures.rows("deciders"), "Which identifier said whose event it is", ("identifier", "events", ""), "events"
        ),
        _overlap(figures), _contributions(figures), _events(figures), _ownerless(figures),
    )  # fmt: skip
    blocks: list[Block] = [b for b in found if b]
    return Section("touchpoints", "Where we meet them", _lede(figures), blocks) if blocks else None


def _lede(figures: Figures) -> str:
    events = figures.amount("funnel", "events")
    known = sum(whole(r["of_a_known_customer"]) for r in figures.rows("events"))
    channels = sorted(figures.rows("channels"), key=lambda r: -whole(r["customers"]))
    most = figures.rows("sets")[:1] if len(figures.rows("contributions")) > 1 else ()
    return sentences(
        (
            f"{many(events, 'event')}, {percent(known, events)} of them of a known customer" if events else "no events",
            f"most customers are met on {channels[0]['label']} ({count(whole(channels[0]['customers']))})"
            + (f", then {channels[1]['label']} ({count(whole(channels[1]['customers']))})" if channels[1:] else "")
            if channels
            else "",
            *(
                f"the most frequent set of sources that know a customer is {r['label'].replace(',', ' with ')} "
                f"({many(whole(r['customers']), 'customer')})"
                for r in most
            ),
        )
    )


def _known(figures: Figures) -> Block | None:
    """Events that say who, events of visitors who are nobody yet, events of nobody."""
    rows = sorted(figures.rows("events"), key=lambda r: (-whole(r["events"]), r["label"]))
    if not rows:
        return None
    streams: list[drawing.Flow] = []
    for place, r in enumerate(rows):
        drawn = place < _SOURCES_DRAWN or len(rows) == _SOURCES_DRAWN + 1
        name = r["label"] if drawn else "other sources"
        every, attached, known = (whole(r[n]) for n in ("events", "of_a_customer", "of_a_known_customer"))
        streams += [
            (name, "known customers", known, "a"),
            (name, "visitors", attached - known, "b"),
            (name, "nobody", every - attached, "rest"),
        ]
    events, known = (sum(whole(r[n]) for r in rows) for n in ("events", "of_a_known_customer"))
    return streams_of(
        f"From anonymous to known: {percent(known, events)} of {many(events, 'event')} have a known customer",
        ("source", "of", "events"),
        streams,
        ("known customers", "visitors", "nobody"),
    )


def _months(figures: Figures) -> Block | None:
    rows = figures.rows("months")
    if len(rows) < 2:
        return None
    largest = max(whole(r["events"]) for r in rows)
    return Picture(
        f"Events by month, {count(largest)} at most",
        drawing.columns("Events by month", [(r["label"], share(whole(r["events"]), largest), "a") for r in rows]),
        ("month", "events"),
        [(r["label"], count(whole(r["events"]))) for r in rows],
    )


def _overlap(figures: Figures) -> Block | None:
    rows = figures.rows("sets")
    weight: dict[str, int] = {}
    for r in rows:
        for source in r["label"].split(","):
            weight[source] = weight.get(source, 0) + whole(r["customers"])
    sources = sorted(weight, key=lambda s: (-weight[s], s))[:_SOURCES_ACROSS]
    largest = max((whole(r["customers"]) for r in rows), default=0)
    sets = []
    for r in rows:
        known = frozenset(r["label"].split(","))
        n = whole(r["customers"])
        sets.append(SourceSet([s in known for s in sources], len(known - set(sources)), count(n), share(n, largest)))
    caption = "Customers by the sources that know them, the most frequent sets first"
    return Overlap(caption, sources, sets) if len(sources) > 1 else None


def _events(figures: Figures) -> Block | None:
    rows = [
        (r["label"], r["kind"], count(whole(r["events"])), percent(whole(r["of_a_customer"]), whole(r["events"])),
         percent(whole(r["of_a_known_customer"]), whole(r["events"])), count(whole(r["customers"])))
        for r in figures.rows("events")
    ]  # fmt: skip
    columns = ("source", "kind", "events", "of a customer", "of a known one", "customers")
    return Grid("Events by source", columns, rows, frozenset((2, 3, 4, 5))) if rows else None


def _contributions(figures: Figures) -> Block | None:
    """What each source gave, and what would be missing without it."""
    names = ("records", "events", "customers", "only_here", "known_only_here", "golden_values")
    ordered = sorted(figures.rows("contributions"), key=lambda r: (-whole(r["customers"]), r["label"]))
    rows = [(r["label"], *(count(whole(r[n])) for n in names)) for r in ordered]
    columns = ("source", "records", "events", "customers", "only here", "of these known", "golden values")
    return Grid("What each source gave", columns, rows, frozenset(range(1, 7))) if rows else None


def _ownerless(figures: Figures) -> Block | None:
    rows = [(r["label"], count(whole(r["events"])), OWNERLESS[r["reason"]]) for r in figures.rows("ownerless")]
    return Grid("Events of nobody, and why", ("source", "events", "they"), rows, frozenset((1,))) if rows else None
