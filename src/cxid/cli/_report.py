"""The terminal report, section by section, from figures alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cxid.cli._console import Console
from cxid.cli._figures import Figures, decimal, verdict, whole
from cxid.cli._grid import bar, fold, text_width
from cxid.privacy import terminal_text

_STYLES = {"ok": "green", "look": "yellow", "bad": "bold red"}
_MARKS = {"ok": "✓", "look": "!", "bad": "✗"}
_PLAIN_MARKS = {"ok": "+", "look": "!", "bad": "x"}
_BAR_WIDTH = 40
_WIDEST = 120  # a longer sentence is hard to read, however wide the terminal
_MICRO = 1_000_000


def write_report(console: Console, figures: Figures, wanted: Sequence[str]) -> None:
    """Write the sections that have something to say; a section asked for by name says when it has nothing."""
    if list(wanted) == list(SECTIONS):
        console.text(f"cxid report of run {figures.run_id}", style="bold")
    for name in wanted:
        title, has, write = SECTIONS[name]
        if not has(figures):
            if len(wanted) < len(SECTIONS):
                console.say(f"{title.lower()}: nothing to show in this run")
            continue
        console.text()
        console.text(title, style="bold cyan")
        write(console, figures)


def _has(*sections: str) -> Callable[[Figures], bool]:
    return lambda figures: any(figures.rows(s) for s in sections)


def _share(part: int, all_of_it: int) -> str:
    return f"{part / all_of_it:.1%}" if all_of_it else ""


def _count(text: str | None) -> str:
    return f"{whole(text):,}"


def _bars(console: Console, columns: Sequence[str], rows: Sequence[tuple[str, int, str]]) -> None:
    """Rows of (label, amount, remark) with a bar on a terminal; plain numbers elsewhere."""
    if not console.screen.is_tty:
        console.grid(columns, [(label, amount, remark) for label, amount, remark in rows])
        return
    largest = max((amount for _, amount, _ in rows), default=0)
    left = max(text_width(terminal_text(label)) for label, _, _ in rows)
    middle = max(len(f"{amount:,}") for _, amount, _ in rows)
    right = max(len(remark) for _, _, remark in rows)
    room = min(_BAR_WIDTH, console.screen.width - left - middle - right - 6)
    if room < 5:  # noqa: PLR2004 - a shorter bar shows nothing
        console.grid(columns, rows)
        return
    for label, amount, remark in rows:
        safe = terminal_text(label)
        pad = " " * (left - text_width(safe))
        drawn = bar(amount, largest, room, console.screen)
        console.text(f"  {safe}{pad}  {amount:>{middle},}  {drawn}{' ' * (room - text_width(drawn))} {remark}".rstrip())


def _verdict(console: Console, figures: Figures) -> None:
    marks = _MARKS if console.screen.unicode else _PLAIN_MARKS
    for finding in verdict(figures):
        pieces = fold(terminal_text(finding.text), min(console.screen.width - 4, _WIDEST) if console.screen.is_tty else 10_000)
        for number, piece in enumerate(pieces):
            console.text(f"{marks[finding.level] if number == 0 else ' '} {piece}", style=_STYLES[finding.level])
        if finding.next:
            console.text(f"  next: {finding.next}")


def _funnel(console: Console, figures: Figures) -> None:
    rows = [(r["label"], whole(r["amount"]), "") for r in figures.rows("funnel")]
    _bars(console, ("step", "count", ""), [r for r in rows if r[1]])


def _sources(console: Console, figures: Figures) -> None:
    names = ("files", "lines", "header", "accepted", "inside_values", "quarantined", "blank", "unaccounted")
    console.grid(
        ("source", *(n.replace("_", " ") for n in names)),
        [(r["label"], *(_count(r.get(n)) for n in names)) for r in figures.rows("sources")],
    )


def _quarantine(console: Console, figures: Figures) -> None:
    console.grid(
        ("source", "file", "reason", "field", "rows", "first line"),
        [(r["label"], r["file"], r["reason"], r["field"], _count(r["amount"]), r["first_line"])
         for r in figures.rows("quarantine")],
    )  # fmt: skip
    console.text('next: cxid query "SELECT * FROM quarantine LIMIT 50"')


def _linkage(console: Console, figures: Figures) -> None:
    known = {r["label"]: r["amount"] for r in figures.rows("summary")}
    said = [(label.replace("_", " "), _figure(value)) for label, value in known.items() if value]
    if said:
        console.grid(("figure", "value"), said)
    pairs = {whole(r["label"]): whole(r["pairs"]) for r in figures.rows("weights")}
    if not pairs:
        return
    console.text()
    console.text("pairs by match weight in bits; groups are joined on evidence above 0")
    rows = []
    for bits in range(min(pairs), max(pairs) + 1):
        low, high = bits == min(pairs) == -20, bits == max(pairs) == 40
        label = f"{'< ' if low else ''}{bits + 1 if low else bits}{' and more' if high else ''}"
        rows.append((label.rjust(5), pairs.get(bits, 0), "<- the cut" if bits == 0 else ""))
    _bars(console, ("bits", "pairs", "remark"), rows)


def _figure(value: str) -> str:
    return f"{int(value):,}" if value.lstrip("-").isdigit() and len(value) < 19 else value


def _blocking(console: Console, figures: Figures) -> None:
    console.grid(
        ("rule", "pairs", "matches", "share", "largest block"),
        [(r["label"], _count(r["pairs"]), _count(r["matches"]), _share(whole(r["matches"]), whole(r["pairs"])),
          _count(r["largest_block"])) for r in figures.rows("blocking")],
    )  # fmt: skip


def _model(console: Console, figures: Figures) -> None:
    console.grid(
        ("field", "level", "bits", "of matches", "of others", "pairs"),
        [(r["label"], r["level"], f"{whole(r['weight']) / _MICRO:+.1f}", f"{decimal(r['m']):.3%}", f"{decimal(r['u']):.4%}",
          _count(r["pairs"])) for r in figures.rows("model")],
    )  # fmt: skip


def _groups(console: Console, figures: Figures) -> None:
    rows = [(r["label"], whole(r["customers"]), f"{_count(r['records'])} records") for r in figures.rows("groups")]
    _bars(console, ("records", "customers", "remark"), rows)
    for r in figures.rows("hubs"):
        number = _count(r["identifiers"])
        console.text(f"  {number} {terminal_text(r['label'])} values name nobody ({r['reason']}; one had {_count(r['most_people'])} people)")
    for r in figures.rows("guards"):
        detail = f" on {terminal_text(r['detail'])}" if r.get("detail") else ""
        console.text(f"  {_count(r['refused'])} merges refused by guard {r['label']}{detail}")


def _suspicious(console: Console, figures: Figures) -> None:
    console.grid(
        ("records", "links", "weakest", "why", "look"),
        [(_count(r["size"]), _count(r["edges"]), f"{decimal(r['weakest_probability']):.3f}", r["flags"],
          f"cxid show {r['label']}") for r in figures.rows("suspicious")],
    )  # fmt: skip


def _overlap(console: Console, figures: Figures) -> None:
    totals = {r["label"]: whole(r["customers"]) for r in figures.rows("overlap") if r["label"] == r["other"]}
    rows = [
        (r["label"], r["other"], _count(r["customers"]), _share(whole(r["customers"]), totals.get(r["label"], 0)),
         _share(whole(r["customers"]), totals.get(r["other"], 0)))
        for r in figures.rows("overlap") if r["label"] != r["other"]
    ]  # fmt: skip
    console.grid(("source", "customers"), [(name, f"{n:,}") for name, n in totals.items()])
    if rows:
        console.text()
        console.grid(("source", "and", "customers of both", "of the first", "of the second"), rows)


def _fields(console: Console, figures: Figures) -> None:
    console.grid(
        ("field", "filled in records", "filled in customers"),
        [(r["label"], _share(whole(r["filled_records"]), whole(r["records"])),
          _share(whole(r["filled_customers"]), whole(r["customers"]))) for r in figures.rows("fields")],
    )  # fmt: skip


def _events(console: Console, figures: Figures) -> None:
    console.grid(
        ("source", "kind", "events", "of a customer", "share", "of a known one", "share", "customers"),
        [(r["label"], r["kind"], _count(r["events"]), _count(r["of_a_customer"]),
          _share(whole(r["of_a_customer"]), whole(r["events"])), _count(r["of_a_known_customer"]),
          _share(whole(r["of_a_known_customer"]), whole(r["events"])), _count(r["customers"]))
         for r in figures.rows("events")],
    )  # fmt: skip
    if figures.rows("deciders"):
        console.text()
        _bars(console, ("identifier", "events", ""), [(r["label"] or "-", whole(r["events"]), "") for r in figures.rows("deciders")])


def _purchases(console: Console, figures: Figures) -> None:
    console.grid(
        ("currency", "customers", "purchases", "refunds", "revenue", "of customers"),
        [(r["label"] or "-", _count(r["customers"]), _count(r["purchases"]), _count(r["refunds"]),
          f"{decimal(r['revenue']):,.2f}", f"{decimal(r['revenue_of_customers']):,.2f}") for r in figures.rows("purchases")],
    )  # fmt: skip


def _timings(console: Console, figures: Figures) -> None:
    stages = figures.results.get("stages", [])
    console.grid(
        ("stage", "seconds", "peak memory MB"), [(s["name"], f"{s['seconds']:.1f}", f"{s['peak_mb']:,}") for s in stages]
    )


SECTIONS: dict[str, tuple[str, Callable[[Figures], bool], Callable[[Console, Figures], None]]] = {
    "verdict": ("Verdict", _has("funnel"), _verdict),
    "funnel": ("From rows to customers", _has("funnel"), _funnel),
    "sources": ("Sources, reconciled to the last line", _has("sources"), _sources),
    "quarantine": ("Quarantine", _has("quarantine"), _quarantine),
    "linkage": ("Linkage", _has("weights", "summary"), _linkage),
    "blocking": ("Blocking rules", _has("blocking"), _blocking),
    "model": ("What each field weighs", _has("model"), _model),
    "groups": ("Records per customer", _has("groups"), _groups),
    "suspicious": ("Groups that deserve a look", _has("suspicious"), _suspicious),
    "overlap": ("Customers that sources share", _has("overlap"), _overlap),
    "fields": ("Completeness of fields", _has("fields"), _fields),
    "events": ("Events and their customers", _has("events"), _events),
    "purchases": ("Purchases", _has("purchases"), _purchases),
    "timings": ("Time and memory", lambda figures: bool(figures.results.get("stages")), _timings),
}
