"""The published build against a file of truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.engine.base import Engine
from cxid.evaluate.measures import Measures, PairCounts, measure
from cxid.evaluate.scored import (
    BandRow,
    CutRow,
    Funnel,
    RuleRow,
    Tally,
    at_or_above,
    by_rule,
    calibration,
    curve,
    funnel,
)
from cxid.evaluate.truth import Located, leave_out_unknown, read_truth
from cxid.evaluate.unscored import Unscored, explain_unscored
from cxid.sql import load

FITS_IN_MEMORY = 200_000  # pairs, found and true together, up to which the library measures them too

Counter = Callable[[list[tuple[int, int]], list[tuple[int, int]]], PairCounts]


@dataclass(frozen=True)
class TruthReport:
    """Everything that `cxid eval --truth` says."""

    located: Located
    measures: Measures
    measured_by: str  # recordlinkage, or counts alone where the pairs are too many
    cut_bits: float
    funnel: Funnel
    unscored: Unscored | None  # why lost pairs have no score; None where an older build cannot tell
    at_cut: PairCounts  # scored pairs at or above the cut, before clustering
    cuts: tuple[CutRow, ...]
    best: CutRow | None
    calibration: tuple[BandRow, ...]
    rules: tuple[RuleRow, ...]
    said_precision: float | None  # what the linkage expected of its pairs above the cut
    said_of_customers: float | None  # and what the build expected of the pairs that it joined
    false_groups: tuple[dict[str, Any], ...]
    split_entities: tuple[dict[str, Any], ...]
    wrong_pairs: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Question:
    """What is asked: the file and its columns, and how many errors to show."""

    path: Path
    columns: dict[str, str | None]
    errors: int = 10
    known_only: bool = False
    single_sources: tuple[str, ...] = ()  # that hold each person once


def evaluate_truth(engine: Engine, question: Question, library: Callable[[], Any] | None = None) -> TruthReport:
    """The measures of the published run in `engine` against truth.

    `library` loads cxid.evaluate.library; without it, or with too many pairs, pairs are only counted.
    """
    located = read_truth(engine, question.path, question.columns)
    if question.known_only:
        leave_out_unknown(engine)
    measures = measure(engine)
    by = "counts"
    pairs = measures.pairs
    if library is not None and 0 < 2 * pairs.right + pairs.wrong + pairs.missed <= FITS_IN_MEMORY:
        counted = library().count_pairs(_pairs(engine, "entity"), _pairs(engine, "customer_id"))
        if counted != pairs:
            raise ArithmeticError("two ways to count pairs disagree")
        by = "recordlinkage"
    tallies, cut = tally(engine), published_cut(engine)
    known_true = pairs.right + pairs.missed
    if located.unknown and not question.known_only:
        known_true = int(
            engine.scalar(
                "SELECT CAST(coalesce(sum(n * (n - 1)), 0) AS BIGINT) FROM (SELECT count(*) AS n FROM eval_record "
                "WHERE record_no IS NOT NULL GROUP BY entity) AS counted"
            )
        ) // 2  # fmt: skip
    cuts, best = curve(tallies, pairs.right + pairs.missed)
    went = funnel(tallies, pairs, known_true, cut)
    rules = engine.fetch("SELECT rule_no, rule FROM blocking_rule ORDER BY rule_no").to_pylist()
    return TruthReport(
        located, measures, by, cut / 1_000_000,
        went, explain_unscored(engine, went.lost_unscored, question.single_sources),
        at_or_above(tallies, cut, pairs.right + pairs.missed), tuple(cuts), best, tuple(calibration(tallies)),
        tuple(by_rule(tallies, [(r["rule_no"], r["rule"]) for r in rules])),
        said_precision(engine), said_of_customers(engine),
        *(_errors(engine, name, question.errors) for name in ("false_group", "split_entity", "wrong_pair")),
    )  # fmt: skip


def _pairs(engine: Engine, column: str) -> list[tuple[int, int]]:
    """Pairs of records with one value in a column of eval_record."""
    found = engine.fetch(
        f"SELECT a.truth_no AS a, b.truth_no AS b FROM eval_record AS a INNER JOIN eval_record AS b "
        f"ON a.{column} = b.{column} AND a.truth_no < b.truth_no"
    )
    return list(zip(found.column("a").to_pylist(), found.column("b").to_pylist(), strict=True))


def tally(engine: Engine) -> list[Tally]:
    """The scored pairs of records that eval_record knows, counted."""
    for name in ("eval_member", "eval_cell", "eval_guard", "eval_scored"):
        engine.run(name, load("evaluate", name))
    rows = engine.fetch(
        "SELECT weight, probability, rules, is_match, is_joined, guard, pairs FROM eval_scored "
        "ORDER BY weight, rules, is_match, is_joined, guard"
    ).to_pylist()
    return [Tally(**row) for row in rows]


def published_cut(engine: Engine) -> int:
    """The cut of the published build in micro-bits."""
    return int(
        engine.scalar("SELECT coalesce(max(CAST(value AS BIGINT)), 0) FROM link_summary WHERE name = 'cut_micro_bits'")
    )


def said_precision(engine: Engine) -> float | None:
    """The precision that the linkage expected of pairs above its cut, None when it could not tell."""
    return _number(engine.scalar("SELECT max(value) FROM link_summary WHERE name = 'expected_precision'"))


def said_of_customers(engine: Engine) -> float | None:
    """The precision that the build expected of scored pairs within its customers, None when it did not say."""
    return _number(
        engine.scalar(
            "SELECT max(value) FROM report_figure WHERE section = 'summary' "
            "AND label = 'expected_precision_of_customers' AND name = 'amount'"
        )
    )


def _number(told: str | None) -> float | None:
    try:
        return None if told is None else float(told)
    except ValueError:
        return None


def _errors(engine: Engine, name: str, most: int) -> tuple[dict[str, Any], ...]:
    return tuple(engine.fetch(load("evaluate", name), {"most": most}).to_pylist()) if most else ()
