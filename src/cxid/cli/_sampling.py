"""Samples to review, and what comes of those that were."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from cxid.cli._console import Console
from cxid.cli._evaluation import percent
from cxid.cli._options import Format
from cxid.cli._outputs import reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError
from cxid.privacy import csv_text, mask


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
    if wish.values not in ("none", "masked", "plain"):
        raise UsageError(f'--values "{wish.values}" is not known', hint="none, masked or plain")
    if wish.out is not None and wish.out.exists():
        raise UsageError(
            f"{wish.out}: is there already",
            hint="answers in it would be lost: name another file",
            code=ErrorCode.FILE_EXISTS,
        )
    config, room = load_config(console.settings), part("evaluate.sample")
    published = part("api").open_published(config)
    with reading(published) as engine:
        shown = _shown(config, engine, wish.values)
        draw = room.group_sample if wish.groups else room.pair_sample
        header, rows = draw(engine, room.Wish(wish.size, wish.seed, published.run_id, shown))
        rows = list(rows)
    units = len({row[0] for row in rows})
    if not units:
        console.say("no customer has two records" if wish.groups else "no pair was joined or scored")
        return
    if wish.out is None:
        _write(console.out, header, rows)
    else:
        descriptor = os.open(wish.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            _write(file, header, rows)
    more = f" ({wish.size:,} would leave kinds of them out)" if units > wish.size else ""
    console.say(f"{units:,} {'customers' if wish.groups else 'pairs'} to review{more}, {len(rows):,} rows")
    if wish.groups:
        console.say('under "person", give the records of a customer the same letter where they are one person')
    else:
        console.say('under "same", answer yes or no; leave it empty where you cannot tell')
    if wish.out is not None:
        console.next(f"cxid eval --reviewed {wish.out}")


def _write(file: TextIO, header: Iterable[str], rows: Iterable[list[str]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csv_text(value) for value in row] for row in rows)


def _shown(config: Any, engine: Any, values: str) -> dict[str, Callable[[str], str]]:
    """Column of `record` -> what makes its values fit to show."""
    if values == "none":
        return {}
    fields = part("config.fields").record_fields(config.sources)
    columns = engine.columns("record")
    return {
        slot: str if values == "plain" else partial(mask, type_=field.type)
        for field in fields
        for slot in field.slots
        if slot in columns
    }


# -- reviewed -------------------------------------------------------------------------------------------------


def review_sample(console: Console, file: Path) -> None:
    """Write the estimates from a reviewed sample."""
    report = part("evaluate.reviewed").evaluate_review(file)
    if console.settings.output is not Format.TABLE:
        _hand_over(console, report)
        return
    console.say(f"{report.seen:,} of {report.drawn:,} {report.unit} answered, of run {report.run_id}")
    if not report.seen:
        raise UsageError(
            f"{file}: nothing is answered yet",
            hint="fill in the second column of some rows",
            code=ErrorCode.SHEET_INVALID,
        )
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


def review_document(report: Any) -> dict[str, Any]:
    """The estimates as JSON values."""

    def told(estimate: Any) -> dict[str, float] | None:
        return None if estimate is None else {k: round(getattr(estimate, k), 6) for k in ("value", "low", "high")}

    return {
        "unit": report.unit, "run_id": report.run_id, "drawn": report.drawn, "answered": report.seen,
        "covered": round(report.covered, 6), "precision": told(report.precision), "recall": told(report.recall),
        "f1": None if report.f1 is None else round(report.f1, 6), "bcubed_precision": told(report.bcubed_precision),
        "pure_customers": told(report.pure),
        "strata": [
            {"name": s.name, "size": s.size, "drawn": s.drawn, "answered": s.seen, "good": s.good}
            for s in report.strata
        ],
    }  # fmt: skip


def _hand_over(console: Console, report: Any) -> None:
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(review_document(report))
    else:
        console.rows(
            ("stratum", "size", "drawn", "answered", "good"),
            [(s.name, s.size, s.drawn, s.seen, s.good) for s in report.strata],
        )
