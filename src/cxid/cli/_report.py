"""The terminal report, section by section, from figures alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cxid.cli._console import Console
from cxid.cli._goals import write_kpis, write_triggers
from cxid.cli._grid import bar, fold, text_width
from cxid.cli._registry import part
from cxid.figures import CHANGES, OUTCOMES, Figures, decimal, verdict, whole
from cxid.privacy import terminal_text

_STYLES = {"ok": "green", "look": "yellow", "bad": "bold red"}
_MARKS = {"ok": "✓", "look": "!", "bad": "✗"}
_PLAIN_MARKS = {"ok": "+", "look": "!", "bad": "x"}
_BAR_WIDTH = 40
_ROOMY = 110
_WIDEST = 120  # a longer sentence is hard to read, however wide the terminal
_MICRO = 1_000_000
_LONGEST_NUMBER = 19
_FINE_BITS = 30  # a histogram over more bits than this is drawn in steps of two
_LOWEST, _HIGHEST = -20, 40  # all pairs beyond stand together, see sql/report/weights.sql


def write_report(console: Console, figures: Figures, wanted: Sequence[str]) -> None:
    """Write the sections that have something to say; a section asked for by name says when it has nothing."""
    if list(wanted) == list(SECTIONS):
        console.text(f"cxid report of run {figures.run_id}", style="bold")
    for name in wanted:
        section = SECTIONS[name]
        if not section.has(figures):
            if len(wanted) < len(SECTIONS):
                console.say(f"{section.title}: nothing to show in this run")
            continue
        console.text()
        console.text(section.title, style="bold cyan")
        section.write(console, figures)


def _share(part: int, all_of_it: int) -> str:
    return f"{part / all_of_it:.1%}" if all_of_it else ""


def _count(text: str | None) -> str:
    return f"{whole(text):,}"


def _bars(console: Console, columns: Sequence[str], rows: Sequence[tuple[str, int, str]]) -> None:
    """Rows of (label, amount, remark) with a bar on a terminal; plain numbers elsewhere."""
    columns = [c for c in columns if c]
    if not console.screen.is_tty:
        console.grid(columns, [(label.strip(), amount, remark)[: len(columns)] for label, amount, remark in rows])
        return
    largest = max((amount for _, amount, _ in rows), default=0)
    left = max(text_width(terminal_text(label)) for label, _, _ in rows)
    middle = max(len(f"{amount:,}") for _, amount, _ in rows)
    right = max(len(remark) for _, _, remark in rows)
    room = min(_BAR_WIDTH, console.screen.width - left - middle - right - 7)
    if room < 5:
        console.grid(columns, [row[: len(columns)] for row in rows])
        return
    for label, amount, remark in rows:
        safe = terminal_text(label)
        pad = " " * (left - text_width(safe))
        drawn = bar(amount, largest, room, console.screen)
        console.text(f"  {safe}{pad}  {amount:>{middle},}  {drawn}{' ' * (room - text_width(drawn))} {remark}".rstrip())


def _verdict(console: Console, figures: Figures) -> None:
    marks = _MARKS if console.screen.unicode else _PLAIN_MARKS
    for finding in verdict(figures):
        pieces = fold(
            terminal_text(finding.text), min(console.screen.width - 4, _WIDEST) if console.screen.is_tty else 10_000
        )
        for number, piece in enumerate(pieces):
            console.text(f"{marks[finding.level] if number == 0 else ' '} {piece}", style=_STYLES[finding.level])
        if finding.next:
            console.text(f"  next: {console.here(finding.next)}")


def _funnel(console: Console, figures: Figures) -> None:
    rows = [(r["label"], whole(r["amount"]), "") for r in figures.rows("funnel")]
    _bars(console, ("step", "count", ""), [r for r in rows if r[1]])


def _identity(console: Console, figures: Figures) -> None:
    console.grid(
        ("change", "customers", "records", "by data", "by config", "by decisions"),
        [
            (CHANGES.get(r["label"], r["label"]), *(_count(r[n]) for n in (
                "changes", "records", "by_data", "by_config", "by_decision",
            )))
            for r in figures.rows("identity")
        ],
    )  # fmt: skip


def _sources(console: Console, figures: Figures) -> None:
    """lines = accepted + rejected + line breaks inside values + header + blank + lost."""
    names = {"lines": "lines", "accepted": "accepted", "quarantined": "rejected", "inside_values": "in values",
             "header": "header", "blank": "blank", "unaccounted": "lost"}  # fmt: skip
    if not console.screen.is_tty or console.screen.width >= _ROOMY:
        names = {"files": "files", "bytes": "bytes", **names}
    console.grid(
        ("source", *names.values()),
        [(r["label"], *(_count(r.get(n)) for n in names)) for r in figures.rows("sources")],
    )


def _quarantine(console: Console, figures: Figures) -> None:
    console.grid(
        ("source", "file", "reason", "field", "rows", "first line"),
        [
            (r["label"], r["file"], r["reason"], r["field"], _count(r["amount"]), r["first_line"])
            for r in figures.rows("quarantine")
        ],
    )
    console.text("next: " + console.here('cxid query "SELECT * FROM quarantine LIMIT 50"'))


def _linkage(console: Console, figures: Figures) -> None:
    known = {r["label"]: r["amount"] for r in figures.rows("summary")}
    said = [_figure(label, value) for label, value in known.items() if value]
    if said:
        console.grid(("figure", "value"), said)
    pairs = {whole(r["label"]): whole(r["pairs"]) for r in figures.rows("weights")}
    if not pairs:
        return
    console.text()
    console.text("pairs by match weight in bits; groups are joined on evidence above 0")
    step = 1 if max(pairs) - min(pairs) < _FINE_BITS else 2
    steps: dict[int, int] = {}
    for bits, number in pairs.items():
        steps[bits // step * step] = steps.get(bits // step * step, 0) + number
    rows = []
    for low in range(min(steps), max(steps) + 1, step):
        label = f"{low} to {low + step}" if low > _LOWEST else f"below {low + step}"
        rows.append(
            (
                label.rjust(9) if low < _HIGHEST else f"{low} or more",
                steps.get(low, 0),
                "<- the cut" if low == 0 else "",
            )
        )
    _bars(console, ("bits", "pairs", "remark"), rows)


def _figure(label: str, value: str) -> tuple[str, str]:
    """Name and value of a figure of the linkage in words and units that people know."""
    for ending, unit in (("_micro_bits", " bits"), ("_millionths", "")):
        if label.endswith(ending) and decimal(value):
            return label.removesuffix(ending).replace("_", " "), f"{decimal(value) / _MICRO:.4g}{unit}"
    whole_number = value.lstrip("-").isdigit() and len(value) < _LONGEST_NUMBER
    return label.replace("_", " "), f"{int(value):,}" if whole_number else value


def _blocking(console: Console, figures: Figures) -> None:
    console.grid(
        ("rule", "pairs", "matches", "share", "largest block"),
        [
            (
                r["label"],
                _count(r["pairs"]),
                _count(r["matches"]),
                _share(whole(r["matches"]), whole(r["pairs"])),
                _count(r["largest_block"]),
            )
            for r in figures.rows("blocking")
        ],
    )


def _model(console: Console, figures: Figures) -> None:
    console.grid(
        ("field", "level", "bits", "of matches", "of others", "pairs"),
        [
            (
                r["label"],
                r["level"],
                f"{whole(r['weight']) / _MICRO:+.1f}",
                f"{decimal(r['m']):.3%}",
                f"{decimal(r['u']):.4%}",
                _count(r["pairs"]),
            )
            for r in figures.rows("model")
        ],
    )


def _groups(console: Console, figures: Figures) -> None:
    rows = [(r["label"], whole(r["customers"]), f"{_count(r['records'])} records") for r in figures.rows("groups")]
    _bars(console, ("records", "customers", "remark"), rows)
    if figures.rows("hubs"):
        console.text()
        console.grid(
            ("shared identifier", "why it names nobody", "values", "most people"),
            [
                (r["label"], r["reason"], _count(r["identifiers"]), _count(r["most_people"]))
                for r in figures.rows("hubs")
            ],
        )
    if figures.rows("guards"):
        console.text()
        console.grid(
            ("guard", "on", "merges refused"),
            [(r["label"], r.get("detail", ""), _count(r["refused"])) for r in figures.rows("guards")],
        )


def _suspicious(console: Console, figures: Figures) -> None:
    console.grid(
        ("look", "records", "links", "weakest", "why"),
        [
            (
                f"cxid show {r['label']}",
                _count(r["size"]),
                _count(r["edges"]),
                f"{decimal(r['weakest_probability']):.3f}",
                r["flags"],
            )
            for r in figures.rows("suspicious")
        ],
    )


def _overlap(console: Console, figures: Figures) -> None:
    totals = {r["label"]: whole(r["customers"]) for r in figures.rows("overlap") if r["label"] == r["other"]}
    rows = [
        (
            r["label"],
            r["other"],
            _count(r["customers"]),
            _share(whole(r["customers"]), totals.get(r["label"], 0)),
            _share(whole(r["customers"]), totals.get(r["other"], 0)),
        )
        for r in figures.rows("overlap")
        if r["label"] != r["other"]
    ]
    console.grid(("source", "customers"), [(name, f"{n:,}") for name, n in totals.items()])
    if rows:
        console.text()
        console.grid(("source", "and", "customers of both", "of the first", "of the second"), rows)


def _fields(console: Console, figures: Figures) -> None:
    console.grid(
        ("field", "filled in records", "filled in customers"),
        [
            (
                r["label"],
                _share(whole(r["filled_records"]), whole(r["records"])),
                _share(whole(r["filled_customers"]), whole(r["customers"])) if "filled_customers" in r else "",
            )
            for r in figures.rows("fields")
        ],
    )


def _events(console: Console, figures: Figures) -> None:
    console.grid(
        ("source", "kind", "events", "of a customer", "share", "of a known one", "share", "customers"),
        [
            (
                r["label"],
                r["kind"],
                _count(r["events"]),
                _count(r["of_a_customer"]),
                _share(whole(r["of_a_customer"]), whole(r["events"])),
                _count(r["of_a_known_customer"]),
                _share(whole(r["of_a_known_customer"]), whole(r["events"])),
                _count(r["customers"]),
            )
            for r in figures.rows("events")
        ],
    )
    if figures.rows("deciders"):
        console.text()
        _bars(
            console,
            ("identifier", "events", ""),
            [(r["label"] or "-", whole(r["events"]), "") for r in figures.rows("deciders")],
        )


def _purchases(console: Console, figures: Figures) -> None:
    console.grid(
        ("currency", "customers", "purchases", "refunds", "revenue", "of customers"),
        [
            (
                r["label"] or "-",
                _count(r["customers"]),
                _count(r["purchases"]),
                _count(r["refunds"]),
                f"{decimal(r['revenue']):,.2f}",
                f"{decimal(r['revenue_of_customers']):,.2f}",
            )
            for r in figures.rows("purchases")
        ],
    )


def _value(console: Console, figures: Figures) -> None:
    console.grid(
        ("currency", "buyers", "foretold", "next 12 months", "a year so far"),
        [
            (
                r["label"] or "-",
                _count(r["customers"]),
                _count(r["foretold"]),
                f"{decimal(r.get('clv')):,.0f}" if whole(r["foretold"]) else "",
                f"{decimal(r.get('baseline')):,.0f}",
            )
            for r in figures.rows("worth")
        ],
    )
    for r in figures.rows("unvalued"):
        where = f" in {r['currency']}" if r["currency"] else ""
        console.text(f"no model of {r['label']}{where}: {r['note']}")
    if figures.rows("buying"):
        console.text()
        console.grid(
            ("repeat purchases", "customers", "the model expects"),
            [(r["label"], _count(r["customers"]), _count(r["expected"])) for r in figures.rows("buying")],
        )


def _sets(console: Console, figures: Figures) -> None:
    rows = figures.rows("sets")
    _bars(console, ("sources", "customers", "known"), [
        (r["label"].replace(",", ", "), whole(r["customers"]), f"{_count(r['known'])} known") for r in rows
    ])  # fmt: skip


def _survivorship(console: Console, figures: Figures) -> None:
    console.grid(
        ("field", "source", "values", "in conflict"),
        [
            (r["label"], r["source"], _count(r["chosen"]), _share(whole(r["conflicts"]), whole(r["chosen"])))
            for r in figures.rows("survivorship")
        ],
    )


def _channels(console: Console, figures: Figures) -> None:
    rows = [(r["label"], whole(r["customers"]), f"{_count(r['events'])} events") for r in figures.rows("channels")]
    _bars(console, ("channel", "customers", "events"), rows)


def _rfm(console: Console, figures: Figures) -> None:
    segments: dict[str, int] = {}
    for r in figures.rows("rfm"):
        segments[r["segment"]] = segments.get(r["segment"], 0) + whole(r["customers"])
    buyers = sum(segments.values())
    ordered = sorted(segments.items(), key=lambda s: (-s[1], s[0]))
    _bars(console, ("segment", "customers", "share"), [(s, n, _share(n, buyers)) for s, n in ordered])


def _timings(console: Console, figures: Figures) -> None:
    console.grid(
        ("stage", "seconds", "peak memory MB"),
        [(r["label"], f"{decimal(r['seconds']):.1f}", _count(r["peak_mb"])) for r in figures.rows("timings")],
    )


def _gates(console: Console, figures: Figures) -> None:
    words = part("runs.results").in_words
    console.grid(
        ("check", "measured", "limit", ""),
        [
            (r["label"], words(r["label"], r["measured"]), words(r["label"], r["limit"]), OUTCOMES[r["outcome"]])
            for r in figures.rows("gates")
        ],
    )


@dataclass(frozen=True)
class Section:
    """One part of the report: its title, the figures it is made of, what writes it."""

    title: str
    figures: tuple[str, ...]
    write: Callable[[Console, Figures], None]

    def has(self, figures: Figures) -> bool:
        """There is something to show."""
        return any(figures.rows(name) for name in self.figures)


SECTIONS: dict[str, Section] = {
    "verdict": Section("Verdict", ("funnel",), _verdict),
    "funnel": Section("From rows to customers", ("funnel",), _funnel),
    "identity": Section("Customers since the run before", ("identity",), _identity),
    "sources": Section("Sources, reconciled to the last line", ("sources",), _sources),
    "quarantine": Section("Quarantine", ("quarantine",), _quarantine),
    "linkage": Section("Linkage", ("weights", "summary"), _linkage),
    "blocking": Section("Blocking rules", ("blocking",), _blocking),
    "model": Section("What each field weighs", ("model",), _model),
    "groups": Section("Records per customer", ("groups", "hubs", "guards"), _groups),
    "suspicious": Section("Groups that deserve a look", ("suspicious",), _suspicious),
    "overlap": Section("Customers that sources share", ("overlap",), _overlap),
    "sets": Section("Sources that know a customer together", ("sets",), _sets),
    "fields": Section("Completeness of fields", ("fields",), _fields),
    "survivorship": Section("Where golden values come from", ("survivorship",), _survivorship),
    "events": Section("Events and their customers", ("events", "deciders"), _events),
    "channels": Section("Customers by channel", ("channels",), _channels),
    "purchases": Section("Purchases", ("purchases",), _purchases),
    "rfm": Section("Buyers by recency and frequency", ("rfm",), _rfm),
    "value": Section("What buyers are expected to spend", ("worth",), _value),
    "kpis": Section("KPIs", ("kpis",), write_kpis),
    "triggers": Section("Triggers that hold", ("triggers",), write_triggers),
    "gates": Section("Limits", ("gates",), _gates),
    "timings": Section("Time and memory", ("timings",), _timings),
}
