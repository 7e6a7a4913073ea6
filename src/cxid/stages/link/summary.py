"""The figures of the linkage that the report and the user read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

import pyarrow as pa

from cxid.config.model import Match
from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.link.estimate.gate import Status
from cxid.stages.link.patterns import Patterns
from cxid.stages.link.saved import Learned
from cxid.stages.link.score import MICRO, prior_bits
from cxid.stages.link.supervised.refit import Taught
from cxid.stages.link.target import Cut


@dataclass(frozen=True)
class Work:
    """Candidate pairs: compared, left out to stay within the budget, and the budget."""

    candidates: int
    uncovered: int
    budget: int


@dataclass(frozen=True)
class Outcome:
    """Everything that the summary speaks of."""

    patterns: Patterns
    all_pairs: float
    learned: Learned
    work: Work
    taught: Taught
    match: Match
    cut: Cut | None  # where a precision was asked for
    history: Mapping[str, str]  # when the model was learned, and from what

    @property
    def cut_bits(self) -> float:
        """Bits at which pairs are joined."""
        return _bits(self.match.auto) if self.cut is None else self.cut.bits


def _bits(probability: float) -> float:
    """The weight in bits that a pair of this probability has."""
    return log2(probability / (1 - probability))


def _expected_precision(engine: Engine, outcome: Outcome) -> float | None:
    """Mean probability of the pairs above the cut; None where the model cannot be trusted to know it."""
    if outcome.learned.gate.status is Status.NOT_IDENTIFIED:
        return None
    engine.run("link_expected", load("link", "expected"), {"cut": round(MICRO * outcome.cut_bits)})
    row = engine.fetch("SELECT pairs, millionths FROM link_expected").to_pylist()[0]
    engine.drop("link_expected")
    return int(row["millionths"]) / int(row["pairs"]) / MICRO if row["pairs"] else None


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4f}"


def _asked(outcome: Outcome) -> dict[str, str]:
    """What came of the precision that was asked for; nothing where none was."""
    if outcome.cut is None:
        return {}
    return {
        "target_precision": f"{outcome.match.target_precision:g}",
        "target_reached": "yes" if outcome.cut.reached else "no",
        "expected_recall_lost": _share(outcome.cut.lost),
    }


def write_summary(engine: Engine, outcome: Outcome) -> None:
    """link_summary."""
    learned, gate = outcome.learned, outcome.learned.gate
    names = [c.name for c in outcome.patterns.space.comparisons]
    ties = "; ".join(f"{names[t.left]} with {names[t.right]}" for t in learned.weighing.ties)
    figures = {
        "records": str(engine.count("link_member")),
        "distinct_records": str(engine.count("link_record")),
        "identical_records": str(engine.count("link_double")),
        "all_pairs": str(round(outcome.all_pairs)),
        "candidates": str(outcome.work.candidates),
        "pair_budget": str(outcome.work.budget),
        "uncovered_pairs": str(outcome.work.uncovered),
        "patterns": str(len(outcome.patterns.codes)),
        "expected_matches": str(round(float(learned.pairs[0]))),
        "prior_micro_bits": str(prior_bits(learned)),
        "prior_millionths": str(round(MICRO * learned.share)),
        "structure_classes": str(len(learned.pairs) - 1),
        "household_class": "" if learned.household is None else str(learned.household),
        "household": "found" if learned.household is not None else "none",
        "expected_households": str(0 if learned.household is None else round(float(learned.pairs[learned.household]))),
        "anchor_rules": str(learned.anchors),
        "dependent_fields": ties,
        "expected_precision": _share(_expected_precision(engine, outcome)),
        "cut_micro_bits": str(round(MICRO * outcome.cut_bits)),
        "review_micro_bits": str(round(MICRO * _bits(outcome.match.review))),
        "sure_micro_bits": str(round(MICRO * _bits(outcome.match.sure))),
        **_asked(outcome),
        "checked_precision": _share(gate.precision),
        "caution_micro_bits": str(round(MICRO * gate.bar)),
        "status": gate.status.value,
        "reason": gate.sentence,
        **outcome.taught.figures,
        **outcome.history,
    }
    engine.load(
        "link_summary",
        pa.table({"name": pa.array(sorted(figures)), "value": pa.array([figures[k] for k in sorted(figures)])}),
    )
