"""Samples to review, and what comes of those that were."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.cli._console import Console
from cxid.cli._evaluation import percent
from cxid.cli._options import Format
from cxid.cli._project import library, load_config


@dataclass(frozen=True)
class SampleWish:
    """The options of `cxid eval --sample`."""

    size: int
    groups: bool
    seed: int
    values: str
    out: Path | None


def write_sample(console: Console, wish: SampleWish) -> None:
    """Write the sample as CSV, to a file that only its owner can read, or to stdout."""
    if wish.out is None:
        console.keep_format("a sample is CSV, to be filled in", Format.CSV)
    library("review").refuse_existing(wish.out)
    config, room = load_config(console.settings), library("evaluate")
    drawn = room.sample(config, wish.size, groups=wish.groups, seed=wish.seed, values=wish.values)
    units = drawn.units
    if not units:
        console.say("no customer has two records" if wish.groups else "no pair was joined or scored")
        return
    sheet = drawn.to_csv(wish.out)
    if wish.out is None:
        console.verbatim(sheet)
    more = f" ({wish.size:,} would leave kinds of them out)" if units > wish.size else ""
    console.say(f"{units:,} {'customers' if wish.groups else 'pairs'} to review{more}, {len(drawn.rows):,} rows")
    if wish.groups:
        console.say('under "person", give the records of a customer the same letter where they are one person')
    else:
        console.say('under "same", answer yes or no; leave it empty where you cannot tell')
    if wish.out is not None:
        console.next(f"cxid eval --reviewed {wish.out}")


# -- reviewed -------------------------------------------------------------------------------------------------


def review_sample(console: Console, file: Path) -> None:
    """Write the estimates from a reviewed sample."""
    report = library("evaluate").evaluate_sample(file)
    if console.settings.output is not Format.TABLE:
        _hand_over(console, report)
        return
    console.say(report.headline)
    write_estimates(console, report)


def write_estimates(console: Console, report: Any) -> None:
    """Write what a reviewed sample says, and what it is made of."""
    console.grid(
        ("estimate", "value", "95% interval"),
        [
            (name, percent(e.value), f"{percent(e.low)} to {percent(e.high)}" if hasattr(e, "low") else "")
            for name, e in _estimates(report)
        ],
    )
    console.text()
    good = "one person" if report.unit == "pairs" else "one person only"
    console.grid(
        (report.unit, "there are", "drawn", "answered", good),
        [(s.name, f"{s.size:,}", s.drawn, s.seen, s.good) for s in report.strata],
    )
    if report.covered < 1:
        lacking = "joined pairs" if report.unit == "pairs" else "customers"
        console.say(f"{1 - report.covered:.1%} of {lacking} lie in parts without an answer and are not spoken of")
    if report.unit == "pairs":
        console.say(
            "recall is among pairs that were joined or scored; pairs that were never paired, "
            "or scored far below the cut, are not in it"
        )


@dataclass(frozen=True)
class _Point:
    value: float


def _estimates(report: Any) -> list[tuple[str, Any]]:
    rows = [
        ("precision of pairs", report.precision), ("recall among scored pairs", report.recall),
        ("F1", None if report.f1 is None else _Point(report.f1)),
        ("B-cubed precision of joined records", report.bcubed_precision),
        ("customers that hold one person only", report.pure),
    ]  # fmt: skip
    return [(name, e) for name, e in rows if e is not None]


def _hand_over(console: Console, report: Any) -> None:
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(report.to_dict())
    else:
        console.rows(
            ("stratum", "size", "drawn", "answered", "good"),
            [(s.name, s.size, s.drawn, s.seen, s.good) for s in report.strata],
        )
