"""What went in: sources, what each gave and shares, rows that were rejected, limits, time."""

from __future__ import annotations

from string import ascii_letters

from cxid.cli._registry import part
from cxid.cli._report.drawing import dots, legend, table
from cxid.cli._report.view import View, count
from cxid.figures import OUTCOMES, decimal, percent, whole

_ROOMY = 110
_SETS = 8
_SOURCES = 12
_PEERS = 8  # sources of which the short report compares each with each


def write_sources(view: View) -> None:
    """lines = accepted + rejected + line breaks inside values + header + blank + lost."""
    names = {"lines": "lines", "accepted": "accepted", "quarantined": "rejected", "inside_values": "in values",
             "header": "header", "blank": "blank", "unaccounted": "lost"}  # fmt: skip
    if view.width >= _ROOMY:
        names = {"files": "files", "bytes": "bytes", **names}
    table(
        view,
        ("source", *names.values()),
        [(r["label"], *(count(r.get(n)) for n in names)) for r in view.figures.rows("sources")],
    )


def write_quarantine(view: View) -> None:
    """Rejected rows by reason; in full by file and field, with the first line of each."""
    rows = view.figures.rows("quarantine")
    if view.is_whole:
        view.console.grid(
            ("source", "file", "reason", "field", "rows", "first line"),
            [(r["label"], r["file"], r["reason"], r["field"], count(r["amount"]), r["first_line"]) for r in rows],
        )
        view.note("next: " + view.console.here('cxid query "SELECT * FROM quarantine LIMIT 50"'))
        return
    reasons: dict[str, dict[str, int]] = {}
    for r in rows:
        sources = reasons.setdefault(r["reason"], {})
        sources[r["label"]] = sources.get(r["label"], 0) + whole(r["amount"])
    told = [
        (reason, f"{sum(sources.values()):,}", ", ".join(f"{s} {n:,}" for s, n in sources.items()))
        for reason, sources in reasons.items()
    ]
    told.sort(key=lambda t: (-whole(t[1].replace(",", "")), t[0]))
    table(view, ("reason", "rows", "sources"), told, texts=frozenset({0, 2}))
    view.note(f"by file and line: {view.report('quarantine')}")


def write_contributions(view: View) -> None:
    """What each source gave, and what would be missing without it."""
    rows = sorted(view.figures.rows("contributions"), key=lambda r: (-whole(r["customers"]), r["label"]))
    golden = sum(whole(r["golden_values"]) for r in rows)
    shown = view.top(rows, _SOURCES)
    table(
        view,
        ("source", "records", "events", "customers", "only here", "and known", "golden values"),
        [
            (
                r["label"],
                *(count(r[n]) if whole(r[n]) else "" for n in ("records", "events", "customers", "only_here")),
                count(r["known_only_here"]) if whole(r["only_here"]) else "",
                percent(whole(r["golden_values"]), golden) if whole(r["golden_values"]) else "",
            )
            for r in shown
        ],
    )  # fmt: skip
    view.more(len(rows) - len(shown), "source", "contributions")


def write_overlap(view: View) -> None:
    """Sets of sources that know a customer together, then each source with each other one."""
    sets, pairs = view.figures.rows("sets"), view.figures.rows("overlap")
    totals = {r["label"]: whole(r["customers"]) for r in pairs if r["label"] == r["other"]}
    names = sorted(totals, key=lambda name: (-totals[name], name))
    letters = dict(zip(names, ascii_letters, strict=False))
    rows = [(whole(r["customers"]), frozenset(r["label"].split(",")), count(r["known"])) for r in sets]
    shown = view.top(rows, _SETS)
    if not view.console.screen.is_tty or len(letters) < len(names) or view.width < 30 + 2 * len(names):
        _write_lists(view)
        return
    legend(view, [f"{letters[name]} {name} {totals[name]:,}" for name in names])
    if shown:
        view.note("customers known to exactly the sources that are marked")
        dots(view, letters, shown, ("customers", "known"))
        view.more(len(rows) - len(shown), "set", "overlap")
    if len(names) > 1 and (view.is_whole or len(names) <= _PEERS):
        view.line()
        _write_matrix(view, letters, totals)


def _write_matrix(view: View, letters: dict[str, str], totals: dict[str, int]) -> None:
    """Of the customers of the source on the left, the part that the one above knows too."""
    both = {(r["label"], r["other"]): whole(r["customers"]) for r in view.figures.rows("overlap")}
    view.note("per cent of the customers on the left that the source above knows too")
    view.line("     " + "".join(f"{letter:>4}" for letter in letters.values()))
    for name, letter in letters.items():
        cells = []
        for other in letters:
            shared = both.get((min(name, other), max(name, other)), 0)
            percent = f"{100 * shared / totals[name]:.0f}" if totals[name] else ""
            cells.append("" if name == other else "<1" if percent == "0" and shared else percent if shared else ".")
        view.line((f"  {letter}  " + "".join(f"{cell:>4}" for cell in cells)).rstrip())


def _write_lists(view: View) -> None:
    pairs = view.figures.rows("overlap")
    totals = {r["label"]: whole(r["customers"]) for r in pairs if r["label"] == r["other"]}
    sets = view.top(view.figures.rows("sets"), _SETS)
    view.console.grid(
        ("sources", "customers", "known"),
        [(r["label"].replace(",", ", "), count(r["customers"]), count(r["known"])) for r in sets],
    )
    told = [r for r in pairs if r["label"] != r["other"]]
    if told and view.is_whole:
        view.line()
        view.console.grid(
            ("source", "and", "customers of both", "of the first", "of the second"),
            [
                (r["label"], r["other"], count(r["customers"]), *(
                    percent(whole(r["customers"]), totals.get(r[end], 0)) for end in ("label", "other")
                ))
                for r in told
            ],
        )  # fmt: skip
    view.more(1 if told else 0, "table", "overlap")


def write_gates(view: View) -> None:
    """Each limit of `checks` with what the run measured."""
    words = part("runs.results").in_words
    view.console.grid(
        ("check", "measured", "limit", ""),
        [
            (r["label"], words(r["label"], r["measured"]), words(r["label"], r["limit"]), OUTCOMES[r["outcome"]])
            for r in view.figures.rows("gates")
        ],
    )


def write_timings(view: View) -> None:
    """Seconds and peak memory of each stage."""
    view.console.grid(
        ("stage", "seconds", "peak memory MB"),
        [(r["label"], f"{decimal(r['seconds']):.1f}", count(r["peak_mb"])) for r in view.figures.rows("timings")],
    )
