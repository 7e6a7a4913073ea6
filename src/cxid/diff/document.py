"""A comparison as one JSON document; docs/reference/diff.md describes it."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from cxid.diff.model import FieldChange, GoldenChange, IdentityChange, KpiChange, MemberChange, RunDiff


def diff_document(diff: RunDiff, *, with_values: bool = False) -> dict[str, Any]:
    """The whole comparison. Values of flipped fields are in it with `with_values` alone."""
    return {
        "before": asdict(diff.before),
        "after": asdict(diff.after),
        "changed": diff.is_changed,
        "inputs": asdict(diff.inputs),
        "identity": _identity(diff.identity),
        "sizes": [asdict(s) for s in diff.sizes],
        "largest": [asdict(g) for g in diff.largest],
        "golden": None if diff.golden is None else _golden(diff.golden, with_values),
        "model": None if diff.model is None else {
            "figures": [{"name": n, "before": b, "after": a} for n, b, a in diff.model.figures],
            "rules": [asdict(r) for r in diff.model.rules],
            "weights": [asdict(w) for w in diff.model.weights],
        },
        "bridge": [_kpi(k) for k in diff.bridge],
    }  # fmt: skip


def _identity(identity: IdentityChange) -> dict[str, Any]:
    return {
        "customers": {**asdict(identity.customers), "kept": identity.customers.kept},
        "records": _members(identity.records),
        "identifiers": _members(identity.identifiers),
        "churn": identity.churn,
        "moves": [{**asdict(m), "command": m.command} for m in identity.moves],
    }


def _members(members: MemberChange) -> dict[str, int]:
    return {**asdict(members), "kept": members.kept}


def _golden(golden: GoldenChange, with_values: bool) -> dict[str, Any]:
    return {
        "customers": golden.customers,
        "touched": golden.touched,
        "columns_added": list(golden.columns_added),
        "columns_removed": list(golden.columns_removed),
        "fields": [_field(f, with_values) for f in golden.fields],
    }


def _field(field: FieldChange, with_values: bool) -> dict[str, Any]:
    return {
        "field": field.field,
        "had": field.had,
        "flipped": field.flipped,
        "share": field.share,
        "gained": field.gained,
        "lost": field.lost,
        "examples": [asdict(e) if with_values else {"customer_id": e.customer_id} for e in field.examples],
    }


def _kpi(kpi: KpiChange) -> dict[str, Any]:
    parts = {side: getattr(kpi, side) for side in ("before", "between", "after")}
    return {
        "name": kpi.name,
        "unit": kpi.unit,
        "means": kpi.words,
        **{side: ratio.value for side, ratio in parts.items()},
        "change": kpi.change,
        "behaviour": kpi.behaviour,
        "identity": kpi.identity,
        "counted": {side: _ratio(ratio.numerator, ratio.denominator) for side, ratio in parts.items()},
    }


def _ratio(numerator: Decimal, denominator: Decimal | None) -> dict[str, Decimal | None]:
    return {"numerator": numerator, "denominator": denominator}
