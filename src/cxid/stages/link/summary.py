"""The figures of the linkage that the report and the user read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.stages.link.estimate.gate import Gate, log2_odds
from cxid.stages.link.estimate.model import Evidence, Model
from cxid.stages.link.score import MICRO, prior_bits
from cxid.stages.link.supervised.refit import Taught


@dataclass(frozen=True)
class Outcome:
    """Everything that the summary speaks of."""

    evidence: Evidence
    model: Model
    gate: Gate
    candidates: int
    uncovered: int
    budget: int
    taught: Taught


def _expected_precision(outcome: Outcome) -> float | None:
    """Mean posterior of the pairs above the cut."""
    bits = log2_odds(outcome.evidence.patterns, outcome.model.mixture) - outcome.gate.bar
    bits = bits if outcome.taught.bits is None else bits + outcome.taught.bits
    above = bits >= 0
    pairs = outcome.evidence.patterns.pairs[above]
    if not len(pairs):
        return None
    return float((pairs / (1 + np.exp2(-bits[above]))).sum() / pairs.sum())


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4f}"


def write_summary(engine: Engine, outcome: Outcome) -> None:
    """link_summary."""
    evidence, model, gate = outcome.evidence, outcome.model, outcome.gate
    mixture, names = model.mixture, [c.name for c in evidence.patterns.space.comparisons]
    ties = "; ".join(f"{names[e.left]} with {names[e.right]}" for e in model.edges)
    figures = {
        "records": str(engine.count("link_member")),
        "distinct_records": str(engine.count("link_record")),
        "identical_records": str(engine.count("link_double")),
        "all_pairs": str(round(evidence.all_pairs)),
        "candidates": str(outcome.candidates),
        "pair_budget": str(outcome.budget),
        "uncovered_pairs": str(outcome.uncovered),
        "patterns": str(len(evidence.patterns.codes)),
        "expected_matches": str(round(float(mixture.pairs[0]))),
        "prior_micro_bits": str(prior_bits(model)),
        "prior_millionths": str(round(MICRO * mixture.share)),
        "structure_classes": str(len(mixture.classes) - 1),
        "household": "found" if model.household is not None else "none",
        "expected_households": str(0 if model.household is None else round(float(mixture.pairs[model.household]))),
        "anchor_rules": str(model.anchors),
        "dependent_fields": ties,
        "expected_precision": _share(_expected_precision(outcome)),
        "checked_precision": _share(gate.precision),
        "caution_micro_bits": str(round(MICRO * gate.bar)),
        "status": gate.status.value,
        "reason": gate.sentence,
        **outcome.taught.figures,
    }
    engine.load(
        "link_summary",
        pa.table({"name": pa.array(sorted(figures)), "value": pa.array([figures[k] for k in sorted(figures)])}),
    )
