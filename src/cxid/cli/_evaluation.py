"""An evaluation on the terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from cxid.cli._console import Console
from cxid.cli._grid import bar

_TITLES = {
    "measures": "Measures", "losses": "Where true pairs went", "blocking": "True pairs by blocking rule",
    "cuts": "Scored pairs by cut, before clustering", "calibration": "Probability said and share seen",
    "errors": "Errors to look at",
}  # fmt: skip
_MICRO = 1_000_000


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _f(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _title(console: Console, name: str) -> None:
    console.text()
    console.text(_TITLES[name], style="bold cyan")


# -- against truth -------------------------------------------------------------------------------------------


def write_truth(console: Console, report: Any, wanted: Sequence[str]) -> None:
    """Write the sections asked for."""
    _say_fit(console, report.located)
    if "measures" in wanted:
        _title(console, "measures")
        _measures(console, report)
    if "losses" in wanted:
        _title(console, "losses")
        console.grid(
            ("true pairs", "pairs", "share"),
            [_loss(n, p, report.funnel) for n, p in losses(report.funnel, report.unscored)],
        )
    if "blocking" in wanted:
        _title(console, "blocking")
        true = report.funnel.true_pairs
        console.grid(
            ("rule", "scored pairs", "true pairs", "of all true", "by it alone"),
            [
                (r.rule, f"{r.pairs:,}", f"{r.true_pairs:,}", percent(_part(r.true_pairs, true)), f"{r.alone:,}")
                for r in report.rules
            ],
        )  # fmt: skip
    _write_scores(console, report, wanted)
    if "errors" in wanted:
        _title(console, "errors")
        _errors(console, report)


def _say_fit(console: Console, located: Any) -> None:
    columns = located.columns
    by = f"{columns.source} and {columns.key}" if columns.source else columns.key
    console.say(f"truth: {located.rows:,} rows, records by {by}, entities by {columns.entity}")
    for amount, what in (
        (located.without_entity, "rows without key or entity left out"),
        (located.repeated, "rows that repeat an earlier one"),
        (located.unknown, "records that the build does not have, each a customer of its own unless --known-only"),
        (located.without_truth, "records of the build without truth left out"),
    ):  # fmt: skip
        if amount:
            console.say(f"  {amount:,} {what}", style="yellow")


def _measures(console: Console, report: Any) -> None:
    m, p = report.measures, report.measures.pairs
    console.grid(
        ("", "precision", "recall", "F1"),
        [
            ("pairs", _f(p.precision), _f(p.recall), _f(p.f1)),
            ("B-cubed", _f(m.bcubed_precision), _f(m.bcubed_recall), _f(m.bcubed_f1)),
        ],
    )
    console.text()
    rows = [
        ("records", m.records), ("entities", m.entities), ("customers", m.customers),
        ("records of the largest customer", m.largest), ("pairs joined rightly", p.right),
        ("pairs joined wrongly", p.wrong), ("pairs missed", p.missed),
    ]  # fmt: skip
    console.grid(("figure", "count"), [(name, f"{count:,}") for name, count in rows])
    if report.said_of_customers is not None:
        console.text()
        console.text(
            f"The build expected a precision of {report.said_of_customers:.4f} of joined pairs; "
            f"by truth it is {_f(p.precision)}."
        )
    if report.said_precision is not None:
        console.text()
        console.text(
            f"The linkage expected a precision of {report.said_precision:.4f} of pairs above its cut; "
            f"by truth it is {_f(report.at_cut.precision)}."
        )


_GUARDS = {"": "the evidence of the whole group", "evidence": "identifiers against the evidence"}


def losses(funnel: Any, unscored: Any = None) -> list[tuple[str, int]]:
    """(what became of true pairs, pairs), from all of them to the last loss; `unscored` says why some have no score."""
    without = [("lost: never paired, or far below the cut", funnel.lost_unscored)]
    if unscored is not None:
        about = "" if unscored.is_exact else " (by a sample)"
        large = ", or a block too large" if unscored.uncovered else ""
        without = [
            (f"lost: never paired, no blocking rule fits{about}", unscored.unpaired),
            (f"lost: paired, and far below the cut{large}{about}", unscored.under_floor),
        ]
        if unscored.barred:
            without.append((f"lost: both of a source that holds each person once{about}", unscored.barred))
    rows = [
        ("all", funnel.true_pairs),
        ("found by blocking and scored", funnel.scored),
        ("scored at or above the cut", funnel.above_cut),
        ("joined", funnel.joined),
        ("joined, through others: below the cut", funnel.joined_below_cut),
        ("joined, through others: not scored", funnel.joined_unscored),
        ("lost: a record is not in the build", funnel.lost_unknown),
        *without,
        ("lost: scored below the cut", funnel.lost_below_cut),
    ]
    guards = [(_GUARDS.get(name, f"guard {name}"), pairs) for name, pairs in funnel.guards]
    return rows + [(f"lost in clustering: {name}", pairs) for name, pairs in guards]


def _loss(name: str, pairs: int, funnel: Any) -> tuple[str, str, str]:
    return name, f"{pairs:,}", percent(_part(pairs, funnel.true_pairs))


def _write_scores(console: Console, report: Any, wanted: Sequence[str]) -> None:
    if "cuts" in wanted and report.cuts:
        _title(console, "cuts")
        rows = [(r.bits, r.pairs, "<- the cut" if r.bits == report.cut_bits else "") for r in report.cuts]
        if not any(mark for *_, mark in rows):
            rows.append((report.cut_bits, report.at_cut, "<- the cut"))
        if report.best:
            rows.append((report.best.bits, report.best.pairs, "<- best"))
        rows.sort(key=lambda r: (-r[0], r[2]))
        console.grid(
            ("bits", "pairs", "precision", "recall", "F1", ""),
            [
                (
                    f"{bits:.0f}" if bits == int(bits) and mark != "<- best" else f"{bits:.2f}",
                    f"{pairs.right + pairs.wrong:,}", _f(pairs.precision), _f(pairs.recall), _f(pairs.f1), mark,
                )
                for bits, pairs, mark in rows
            ],
        )  # fmt: skip
    if "calibration" in wanted and report.calibration:
        _title(console, "calibration")
        drawn = console.screen.is_tty
        console.grid(
            ("probability", "pairs", "said", "seen", *(["0 to 1"] if drawn else [])),
            [
                (
                    f"{r.low:g} to {r.high:g}", f"{r.pairs:,}", percent(r.said), percent(r.seen),
                    *([bar(r.seen, 1.0, 20, console.screen)] if drawn else []),
                )
                for r in report.calibration
            ],
        )  # fmt: skip


def _errors(console: Console, report: Any) -> None:
    if not (report.false_groups or report.split_entities or report.wrong_pairs):
        console.text("none")
        return
    if report.false_groups:
        console.text("customers that hold several people")
        console.grid(
            ("look", "records", "people", "false pairs"),
            [
                (f"cxid show {r['customer_id']}", r["records"], r["entities"], r["false_pairs"])
                for r in report.false_groups
            ],
        )
    if report.split_entities:
        console.text()
        console.text("people who are several customers")
        console.grid(
            ("ask", "records", "customers", "missed pairs"),
            [(_why(r), r["records"], r["customers"], r["missed_pairs"]) for r in report.split_entities],
        )
    for is_match, title in ((False, "pairs joined wrongly"), (True, "pairs missed")):
        rows = [r for r in report.wrong_pairs if r["is_match"] is is_match]
        if rows:
            console.text()
            console.text(f"{title}, the surest first")
            console.grid(
                ("ask", "bits", "probability", *(["why apart"] if is_match else [])),
                [
                    (
                        _why(r),
                        f"{r['weight'] / _MICRO:+.1f}", f"{r['probability'] / _MICRO:.3f}",
                        *([_why_apart(r, report.cut_bits)] if is_match else []),
                    )
                    for r in rows
                ],
            )  # fmt: skip


def _why_apart(row: dict[str, Any], cut_bits: float) -> str:
    if not row["guard"] and row["weight"] < cut_bits * _MICRO:
        return "below the cut"
    return _GUARDS.get(row["guard"], f"guard {row['guard']}")


def _why(row: dict[str, Any]) -> str:
    """The command that tells why the two records of the row are, or are not, one customer."""
    return "cxid why " + " ".join(shlex.quote(f"{row[f'source_{x}']}:{row[f'record_key_{x}']}") for x in "ab")


# -- against decisions ------------------------------------------------------------------------------------------


def write_decisions(console: Console, report: Any, wanted: Sequence[str]) -> None:
    """Write the sections asked for that decisions can speak of."""
    console.say(f"decisions.csv: {report.links:,} links, {report.unlinks:,} unlinks")
    if report.gone:
        console.say(f"  {report.gone:,} of them name a record that the build does not have", style="yellow")
    late = report.links + report.unlinks - report.known
    if late:
        console.say(f"  {late:,} of them were made after the build; `cxid build` obeys them", style="yellow")
    if "measures" in wanted:
        _title(console, "measures")
        console.grid(
            ("", "precision", "recall", "F1"),
            [
                (name, _f(c.precision), _f(c.recall), _f(c.f1))
                for name, c in (("customers, which obey decisions", report.customers), ("scores alone", report.scores))
            ],
        )
        console.text()
        console.text("Of decided pairs only: people decide what is doubtful, so that all pairs together are better.")
    _write_scores(console, report, wanted)
    if "errors" in wanted and report.disagreeing:
        _title(console, "errors")
        console.grid(
            ("line", "decided", "ask", "bits"),
            [
                (
                    r["line"], r["decision"], _why(r),
                    "not scored" if r["weight"] is None else f"{r['weight'] / _MICRO:+.1f}",
                )
                for r in report.disagreeing
            ],
        )  # fmt: skip
