"""Evaluations as documents of plain values: shares to six places, weights in bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxid.evaluate.against_decisions import DecisionReport
from cxid.evaluate.against_truth import TruthReport
from cxid.evaluate.measures import PairCounts
from cxid.evaluate.reviewed import ReviewReport
from cxid.evaluate.sections import SECTIONS

_MICRO = 1_000_000


def truth_document(report: TruthReport, wanted: Sequence[str] = SECTIONS) -> dict[str, Any]:
    """The report as JSON values, section by section; `truth` says how the file fits the build."""
    m, located = report.measures, report.located
    document: dict[str, Any] = {
        "truth": {
            "source_column": located.columns.source, "key_column": located.columns.key,
            "entity_column": located.columns.entity, "rows": located.rows, "without_entity": located.without_entity,
            "repeated": located.repeated, "unknown": located.unknown, "without_truth": located.without_truth,
        },
    }  # fmt: skip
    if "measures" in wanted:
        document["measures"] = {
            "records": m.records, "entities": m.entities, "customers": m.customers, "largest_customer": m.largest,
            **_pairs(m.pairs), "bcubed_precision": _rounded(m.bcubed_precision),
            "bcubed_recall": _rounded(m.bcubed_recall), "bcubed_f1": _rounded(m.bcubed_f1),
            "expected_precision": report.said_precision,
            "expected_precision_of_customers": report.said_of_customers, "measured_by": report.measured_by,
        }  # fmt: skip
    if "losses" in wanted:
        names = (
            "true_pairs", "scored", "above_cut", "joined", "joined_below_cut", "joined_unscored", "lost_unknown",
            "lost_unscored", "lost_below_cut", "lost_above_cut",
        )  # fmt: skip
        document["losses"] = {name: getattr(report.funnel, name) for name in names}
        if report.unscored is not None:
            parts = ("barred", "unpaired", "under_floor")
            document["losses"] |= {f"lost_{name}": getattr(report.unscored, name) for name in parts}
            document["losses"]["unscored_is_exact"] = report.unscored.is_exact
        guards = report.funnel.guards
        document["guards"] = [{"guard": name or "evidence of the group", "pairs": n} for name, n in guards]
    if "blocking" in wanted:
        document["blocking"] = [
            {"rule": r.rule, "pairs": r.pairs, "true_pairs": r.true_pairs, "alone": r.alone} for r in report.rules
        ]
    document.update(_scores(report, wanted))
    if "errors" in wanted:
        document["false_groups"] = list(report.false_groups)
        document["split_entities"] = list(report.split_entities)
        document["wrong_pairs"] = [_in_bits(r) for r in report.wrong_pairs]
    return document


def _in_bits(row: dict[str, Any]) -> dict[str, Any]:
    known = row["weight"] is not None
    scores = {
        "weight": row["weight"] / _MICRO if known else None,
        "probability": row["probability"] / _MICRO if known else None,
    }
    return {**row, **scores}


def _scores(report: TruthReport | DecisionReport, wanted: Sequence[str]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if "cuts" in wanted:
        document["cut_bits"] = round(report.cut_bits, 6)
        document["at_cut"] = _pairs(report.at_cut)
        document["cuts"] = [{"bits": r.bits, **_pairs(r.pairs)} for r in report.cuts]
        document["best"] = {"bits": report.best.bits, **_pairs(report.best.pairs)} if report.best else None
    if "calibration" in wanted:
        document["calibration"] = [
            {"low": r.low, "high": r.high, "pairs": r.pairs, "said": _rounded(r.said), "seen": _rounded(r.seen)}
            for r in report.calibration
        ]
    return document


def decision_document(report: DecisionReport, wanted: Sequence[str] = SECTIONS) -> dict[str, Any]:
    """The report as JSON values, section by section; `decisions` says how they fit the build."""
    names = ("links", "unlinks", "gone", "known", "unscored")
    document: dict[str, Any] = {"decisions": {name: getattr(report, name) for name in names}}
    if "measures" in wanted:
        document["customers"], document["scores"] = _pairs(report.customers), _pairs(report.scores)
    document.update(_scores(report, wanted))
    if "errors" in wanted:
        document["disagreeing"] = [_in_bits(r) for r in report.disagreeing]
    return document


def review_document(report: ReviewReport) -> dict[str, Any]:
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


def _pairs(counts: PairCounts) -> dict[str, Any]:
    return {
        "right": counts.right, "wrong": counts.wrong, "missed": counts.missed,
        "precision": _rounded(counts.precision), "recall": _rounded(counts.recall), "f1": _rounded(counts.f1),
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
