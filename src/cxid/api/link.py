"""Records or customers that are one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Unpack

from cxid.api.deciding import Decided, Ground, Named, Say, Signature, decide, deciding, most_telling
from cxid.config.decisions import Action, Decision, Record
from cxid.config.model import Config
from cxid.errors import UsageError


def link(config: Config, *references: str, say: Say | None = None, **signature: Unpack[Signature]) -> Decided:
    """Decide that records are one person: a line in decisions.csv for each pair of neighbours."""
    if len(references) < 2:
        raise UsageError("a link needs two references", hint="cxid link crm:1042 loyalty:A-77")
    with deciding(config, say) as ground:
        named = [ground.named(reference) for reference in references]
        done = decide(config, [_link(ground, a, b) for a, b in pairwise(named)], signature)
    notes = (
        f"{a.name} and {b.name} are one customer already, {a.customer_id}, and stay it"
        for a, b in pairwise(named)
        if a.customer_id and a.customer_id == b.customer_id
    )
    return replace(done, notes=tuple(notes))


def _link(ground: Ground, a: Named, b: Named) -> Decision:
    if a.records == b.records:
        raise UsageError(f"{a.name} and {b.name} are the same", hint="a link needs two")
    if a.customer_id == b.customer_id and a.customer_id and not (a.is_record and b.is_record):
        raise UsageError(
            f"{a.name} and {b.name} are one customer already, {a.customer_id}",
            hint="to keep two of its records together through every build, name both as source:key",
        )
    one, other = _strongest(ground, a, b)
    return Decision(0, Action.LINK, one, other)


def _strongest(ground: Ground, a: Named, b: Named) -> tuple[Record, Record]:
    """The two records to link: of the pairs that were scored the best, else those that say most of their customers."""
    if a.is_record and b.is_record:
        return a.records[0], b.records[0]
    scored = ground.engine.fetch(_BEST_PAIR, {"a": _texts(a.records), "b": _texts(b.records)}).to_pylist()
    if scored:
        best = scored[0]
        ends = (best["source_a"], best["record_key_a"]), (best["source_b"], best["record_key_b"])
        return ends if ends[0] in a.records else (ends[1], ends[0])
    return most_telling(ground, a), most_telling(ground, b)


def _texts(records: Sequence[Record]) -> list[str]:
    return [f"{source}\x1f{key}" for source, key in records]


_BEST_PAIR = """
WITH pair AS (
    SELECT source_a, record_key_a, source_b, record_key_b, weight,
           source_a || chr(31) || record_key_a AS one, source_b || chr(31) || record_key_b AS other FROM match_pair
)
SELECT source_a, record_key_a, source_b, record_key_b FROM pair
WHERE (list_contains($a, one) AND list_contains($b, other)) OR (list_contains($b, one) AND list_contains($a, other))
ORDER BY weight DESC, source_a, record_key_a, source_b, record_key_b LIMIT 1
"""
