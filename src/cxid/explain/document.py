"""Answers as plain documents: bits and shares as numbers, records by source and key. docs/reference/why.md has them."""

from __future__ import annotations

import shlex
from decimal import Decimal
from typing import Any

from cxid.explain.model import (
    MICRO,
    Composite,
    CustomerAnswer,
    Link,
    PairAnswer,
    Record,
    Refusal,
    Step,
    Verdict,
    probability,
)
from cxid.explain.pair import refusal_words

_KINDS = {"(prior)": "prior", "(together)": "together", "(decisions)": "decisions", "(rivals)": "rivals"}


def share(millionths: int) -> Decimal:
    """A probability from 0 to 1, or bits, from millionths."""
    return (Decimal(millionths) / MICRO).quantize(Decimal("0.000001"))


def command(a: Record, b: Record) -> str:
    """The question about two records."""
    return f"cxid why {shlex.quote(a.ref)} {shlex.quote(b.ref)}"


def pair_document(answer: PairAnswer) -> dict[str, Any]:
    """Why two records are, or are not, one customer."""
    weighed, verdict = answer.weighed, answer.verdict
    return {
        "about": "pair",
        "a": _record(weighed.a),
        "b": _record(weighed.b),
        "joined": verdict.is_joined,
        "outcome": verdict.outcome.value,
        "decision": verdict.words,
        "weight": share(weighed.weight),
        "probability": share(weighed.probability),
        "cut": share(answer.cut),
        "scored": bool(answer.found_by) or weighed.is_kept,
        "steps": [_step(s) for s in weighed.steps],
        "found_by": list(answer.found_by),
        "tried": [
            {"rule": t.rule, "outcome": t.outcome.value, "unshared": [{"key": k, "how": h.value} for k, h in t.parts]}
            for t in answer.tried
        ],
        **_verdict(verdict),
        "notes": list(answer.notes),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    strongest = verdict.strongest
    return {
        "lines": list(verdict.lines),
        "identifiers": [{"id_type": t, "id_value": v} for t, v in verdict.identifiers],
        "path": [_link(k) for k in verdict.path],
        "groups": [_composite(c) for c in verdict.composites],
        "refusals": [_refusal(r) for r in verdict.refusals],
        "mean": None if verdict.mean is None else share(verdict.mean),
        "strongest": None if strongest is None else {
            "a": _record(strongest[0]), "b": _record(strongest[1]), "command": command(*strongest)
        },
    }  # fmt: skip


def _record(record: Record) -> dict[str, str]:
    return {"source": record.source, "record_key": record.key, "customer_id": record.customer_id}


def _step(step: Step) -> dict[str, Any]:
    a, b = step.values
    return {
        "name": step.name,
        "kind": _KINDS.get(step.name, "field"),
        "a": list(a),
        "b": list(b),
        "level": step.level,
        "agreement": step.words,
        "weight": share(step.weight),
        "total": share(step.total),
        "matches_like_this": step.m,
        "strangers_like_this": step.u,
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "a": _record(link.a),
        "b": _record(link.b),
        "kind": link.kind.value,
        "weight": None if link.weight is None else share(link.weight),
        "probability": share(link.probability),
        "detail": link.detail,
        "because": list(link.words),
        "command": command(link.a, link.b),
    }


def _composite(composite: Composite) -> dict[str, Any]:
    return {
        "left": [_record(r) for r in composite.left],
        "right": [_record(r) for r in composite.right],
        "weight": share(composite.weight),
        "rivals": share(composite.rivals),
        "pairs": composite.pairs,
        "worth": share(composite.worth),
        "probability": share(probability(composite.worth)),
        "levels": [
            {"name": b.name, "level": b.level, "agreement": b.words, "weight": share(b.weight),
             "a": _record(b.a), "b": _record(b.b)}
            for b in composite.levels
        ],
    }  # fmt: skip


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "guard": refusal.guard,
        "detail": refusal.detail,
        "words": refusal_words(refusal),
        "lines": list(refusal.lines),
        "a": _record(refusal.a) if refusal.a else None,
        "b": _record(refusal.b) if refusal.b else None,
        "values": [list(v) for v in refusal.values],
    }


def customer_document(answer: CustomerAnswer) -> dict[str, Any]:
    """How a customer holds together."""
    split = answer.split
    return {
        "about": "customer",
        "customer_id": answer.customer_id,
        "cut": share(answer.cut),
        "members": [
            {**_record(m.record), "values": m.values, "link_kind": m.link_kind, "probability": share(m.probability)}
            for m in answer.members
        ],
        "links": [_link(k) for k in answer.links],
        "weakest_link": None if split is None else {
            **_link(split.link), "across": split.across,
            "left": [_record(r) for r in split.left], "right": [_record(r) for r in split.right],
        },
        "weakest_probability": share(answer.weakest),
        "strong_pairs": answer.edges,
        "density": answer.density,
        "flags": answer.flags,
        "refusals": [{**_refusal(r), "customer_id": other} for r, other in answer.refusals],
        "identifier_count": answer.identifier_count,
        "identifiers": [
            {"id_type": h.id_type, "id_value": h.id_value, "link_kind": h.link_kind,
             "probability": share(h.probability), "records": [_record(r) for r in h.records], "events": h.events,
             "seen_with": list(h.with_)}
            for h in answer.identifiers
        ],
        "events": answer.events,
        "neighbours": [
            {"a": _record(n.a), "b": _record(n.b), "weight": share(n.weight), "probability": share(n.probability),
             "against": list(n.against), "outcome": n.outcome, "command": command(n.a, n.b)}
            for n in answer.neighbours
        ],
        "notes": list(answer.notes),
    }  # fmt: skip
