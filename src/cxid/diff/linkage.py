"""The matching of two runs: what it says of itself, its blocking rules, the weights of its levels."""

from __future__ import annotations

from decimal import Decimal

from cxid.diff.model import ModelChange, RuleChange, WeightChange
from cxid.diff.opening import SIDES, Pair

_MICRO = Decimal(1_000_000)
_FIGURES = (
    "status", "reason", "model", "decided_model", "records", "candidates", "expected_matches", "expected_households",
    "expected_precision", "checked_precision", "cut_micro_bits", "prior_micro_bits", "caution_micro_bits",
)  # fmt: skip


def compare_models(pair: Pair) -> ModelChange | None:
    """What differs between the models, rules by pairs and weights by how far they moved; None where one has none."""
    if not pair.has("link_summary", "link_model", "blocking_rule"):
        return None
    return ModelChange(_figures(pair), _rules(pair), _weights(pair))


def _figures(pair: Pair) -> tuple[tuple[str, str, str], ...]:
    then, now = (
        {r["name"]: r["value"] for r in pair.engine.fetch(f"SELECT name, value FROM {side}_link_summary").to_pylist()}
        for side in SIDES
    )
    return tuple(
        _in_bits(name, then.get(name, ""), now.get(name, "")) for name in _FIGURES if then.get(name) != now.get(name)
    )


def _in_bits(name: str, before: str, after: str) -> tuple[str, str, str]:
    if not name.endswith("_micro_bits"):
        return name, before, after
    then, now = (f"{Decimal(v) / _MICRO:.3f}" if v else "" for v in (before, after))
    return name.removesuffix("micro_bits") + "bits", then, now


def _rules(pair: Pair) -> tuple[RuleChange, ...]:
    """Rules that only one run has, and those that propose another number of pairs."""
    then, now = (
        {r["rule"]: r["pairs"] for r in pair.engine.fetch(f"SELECT rule, pairs FROM {side}_blocking_rule").to_pylist()}
        for side in SIDES
    )
    found = [RuleChange(rule, then.get(rule), now.get(rule)) for rule in {*then, *now}]
    differing = [r for r in found if r.before != r.after]
    return tuple(sorted(differing, key=lambda r: (-abs((r.after or 0) - (r.before or 0)), r.rule)))


def _weights(pair: Pair) -> tuple[WeightChange, ...]:
    then, now = (
        {
            (r["field"], r["level"]): Decimal(r["weight"]) / _MICRO
            for r in pair.engine.fetch(f"SELECT field, level, weight FROM {side}_link_model").to_pylist()
        }
        for side in SIDES
    )
    found = [WeightChange(*key, then.get(key), now.get(key)) for key in {*then, *now}]
    differing = [w for w in found if w.before != w.after]
    return tuple(sorted(differing, key=lambda w: (-_moved(w), w.field, w.level)))


def _moved(weight: WeightChange) -> Decimal:
    """How far a weight moved; that of a level which only one run has counts whole."""
    return abs((weight.after or Decimal(0)) - (weight.before or Decimal(0)))
