"""Golden values the slow and obvious way: plain lists and sorts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cxid.config.model import Golden
from cxid.model import Field, FieldType, SurvivorshipRule

NAMES = (FieldType.GIVEN_NAME, FieldType.MIDDLE_NAME, FieldType.FAMILY_NAME)


@dataclass(frozen=True)
class Record:
    """A record with its customer, its values as written and as compared."""

    source: str
    key: str
    customer: str
    updated_at: datetime | None
    raw: dict[str, str | None]
    norm: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    record: Record
    raw: str
    norm: str
    position: int


def golden_values(
    records: list[Record],
    golden: Golden,
    fields: tuple[Field, ...],
    trust: Mapping[str, int],
    pins: Mapping[tuple[str, str], tuple[str, Record]] | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:
    """(customer, slot) -> value, source, record_key, rule, losing (list of value, source, key), conflict.

    `pins`: (customer, slot) -> value, the record that is pinned.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for customer in sorted({r.customer for r in records}):
        own = [r for r in records if r.customer == customer]
        placed: set[str] = set()
        for f in fields:
            if f.name in placed:
                continue
            names = next((g for g in (*golden.groups, *_names(golden, fields)) if f.name in g), (f.name,))
            members = [
                next(x for x in fields if x.name == n)
                for n in names
                if n not in placed and n in {x.name for x in fields}
            ]
            placed |= {m.name for m in members}
            rule = _rule(golden, members[0])
            choose = _group if len(members) > 1 else _alone
            pinned = {
                s: p for (c, s), p in (pins or {}).items() if c == customer and any(s in m.slots for m in members)
            }
            slips = _slips(own, records, members, rule)
            for slot, outcome in choose((own, slips), members, rule, trust, fields, pinned).items():
                found[customer, slot] = outcome
    return found


def _rule(golden: Golden, f: Field) -> SurvivorshipRule:
    if f.name in golden.fields:
        return golden.fields[f.name]
    lasting = f.type in {*NAMES, FieldType.FULL_NAME, FieldType.BIRTH_DATE}
    return SurvivorshipRule.MOST_FREQUENT if lasting and "default" not in golden.model_fields_set else golden.default


def _names(golden: Golden, fields: tuple[Field, ...]) -> list[tuple[str, str]]:
    """Given and family name move as one where no group and no rule of one of them says otherwise."""
    given = [f.name for f in fields if f.type is FieldType.GIVEN_NAME][:1]
    family = [f.name for f in fields if f.type is FieldType.FAMILY_NAME][:1]
    free = all(n not in g for g in golden.groups for n in given + family)
    alike = [golden.fields.get(n) for n in given] == [golden.fields.get(n) for n in family]
    return [(given[0], family[0])] if given and family and free and alike else []


def spelling(f: Field, raw: str) -> int:
    """How badly a text is written: 8 for one case only, and 7 less the accents, apostrophes and hyphens it has."""
    if f.type not in {*NAMES, FieldType.FULL_NAME, FieldType.STREET, FieldType.CITY}:
        return 0
    flat = raw.upper() != raw.lower() and raw in (raw.upper(), raw.lower())
    foreign = len(raw.encode()) - len(raw)
    accents = 0 if foreign * 2 > len(raw) else foreign
    return 8 * flat + 7 - min(7, accents + raw.count("'") + raw.count("-"))


def _weight(f: Field, norm: str | None) -> int:
    initial = (f.type in NAMES and len(norm or "") == 1) or (
        f.type is FieldType.FULL_NAME and (norm or "  ")[1:2] == " " and (norm or "") != " "
    )
    return 1 if initial else 2


def _latest(record: Record) -> tuple[int, float]:
    return (1, 0.0) if record.updated_at is None else (0, -record.updated_at.timestamp())


def _rank(rule: SurvivorshipRule, trust: Mapping[str, int]) -> Callable[[Record], tuple[Any, ...]]:
    def rank(record: Record) -> tuple[Any, ...]:
        weight = -trust.get(record.source, 0)
        first = (_latest(record), weight) if rule is SurvivorshipRule.LATEST else (weight, _latest(record))
        return (*first, record.source, record.key)

    return rank


def _usable(record: Record, slot: str) -> bool:
    return record.raw.get(slot) is not None and record.norm.get(slot) is not None


def edits(a: str, b: str) -> int:
    """Letters to change, put in or take out to make one text of the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, above = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y)))
    return row[-1]


def _slips(own: list[Record], records: list[Record], members: list[Field], rule: SurvivorshipRule) -> list[Record]:
    """Own records with a name or city eight times rarer than another of the customer that it nearly is."""
    if rule is not SurvivorshipRule.MOST_FREQUENT:
        return []
    found = []
    for slot in (s for m in members if m.type in {*NAMES, FieldType.CITY} for s in m.slots):
        held = [r.norm[slot] for r in records if r.norm.get(slot) is not None]
        for r in own:
            for other in own:
                a, b = r.norm.get(slot), other.norm.get(slot)
                if a is None or b is None:
                    continue
                near = edits(a, b) <= (1 if len(b) < 5 else 2) and len(b) >= 3
                if near and held.count(b) >= 8 * held.count(a):
                    found.append(r)
    return found


Pinned = Mapping[str, tuple[str, Record]]


def _alone(
    owned: tuple[list[Record], list[Record]], members: list[Field], rule: SurvivorshipRule, trust: Mapping[str, int],
    fields: tuple[Field, ...], pinned: Pinned,
) -> dict[str, Any]:  # fmt: skip
    (f,), (own, slips) = members, owned
    candidates = [
        Candidate(r, str(r.raw[s]), str(r.norm[s]), i) for r in own for i, s in enumerate(f.slots) if _usable(r, s)
    ]
    rank = _rank(rule, trust)

    def spelt(c: Candidate) -> int:
        return 0 if rule is SurvivorshipRule.LONGEST else spelling(f, c.raw)

    def goodness(c: Candidate) -> tuple[Any, ...]:
        score = {
            SurvivorshipRule.MOST_FREQUENT: sum(o.norm == c.norm for o in candidates),
            SurvivorshipRule.LONGEST: len(c.raw),
            SurvivorshipRule.MOST_COMPLETE: sum(c.record.raw.get(s) is not None for x in fields for s in x.slots),
        }.get(rule, 0)
        return (-_weight(f, c.norm), -score, c.record in slips, *rank(c.record), c.position)

    ordered = sorted(candidates, key=goodness)
    distinct = list(dict.fromkeys(c.norm for c in ordered))
    texts = sorted({(c.raw, c.norm): c for c in reversed(ordered)}.values(), key=goodness)
    outcome = {}
    claimed = {s: {c.norm for c in candidates if c.raw == v} | {v.lower()} for s, (v, _) in pinned.items()}
    distinct = [n for n in distinct if not any(n in norms for norms in claimed.values())]
    free = [s for s in f.slots if s not in pinned]
    for slot, (value, record) in pinned.items():
        homeless = distinct[len(free) :] if slot == f.slots[-1] else []
        first = next(s for s in f.slots if s in claimed and claimed[s] & claimed[slot])
        own_norms = claimed[slot] if first == slot else set()
        losers = [c for c in texts if c.raw != value and (c.norm in own_norms or c.norm in homeless)]
        outcome[slot] = _pinned(value, record, candidates, losers)
    for slot, norm in zip(free, distinct, strict=False):
        ruled = next(c for c in ordered if c.norm == norm)
        winner = min((c for c in ordered if c.norm == norm), key=lambda c: (spelt(c), goodness(c)))
        homeless = distinct[len(free) :] if slot == f.slots[-1] else []
        losers = [c for c in texts if (c.norm == norm and c.raw != winner.raw) or c.norm in homeless]
        told_rule = rule.value if winner is ruled else f"{rule.value}+spelling"
        outcome[slot] = _told(winner, told_rule, losers)
    return outcome


def _pinned(value: str, record: Record, candidates: list[Candidate], losers: list[Candidate]) -> dict[str, Any]:
    norm = min((c.norm for c in candidates if c.raw == value), default=value.lower())
    return _told(Candidate(record, value, norm, 0), "pinned", losers)


def _group(
    owned: tuple[list[Record], list[Record]], members: list[Field], rule: SurvivorshipRule, trust: Mapping[str, int],
    fields: tuple[Field, ...], pinned: Pinned,
) -> dict[str, Any]:  # fmt: skip
    own, slips = owned
    slots = [s for m in members for s in m.slots]
    rank = _rank(rule, trust)
    candidates = [r for r in own if any(_usable(r, s) for s in slots)]

    def said(r: Record) -> tuple[str, ...]:
        return tuple(r.norm.get(s) or "" for s in slots)

    def spelt(r: Record) -> int:
        if rule is SurvivorshipRule.LONGEST:
            return 0
        return min(31, sum(spelling(m, str(r.raw[s])) for m in members for s in m.slots if _usable(r, s)))

    def goodness(r: Record) -> tuple[Any, ...]:
        filled = sum(max(_weight(m, r.norm.get(s)) if _usable(r, s) else 0 for s in m.slots) for m in members)
        together = [said(x) for x in (r, *candidates)]
        score = {
            SurvivorshipRule.MOST_FREQUENT: sum(t == together[0] for t in together[1:]),
            SurvivorshipRule.LONGEST: sum(len(str(r.raw[s])) for s in slots if _usable(r, s)),
            SurvivorshipRule.MOST_COMPLETE: sum(r.raw.get(s) is not None for x in fields for s in x.slots),
        }.get(rule, 0)
        return (-filled, -score, r in slips, *rank(r))

    ordered = sorted(candidates, key=goodness)
    outcome: dict[str, Any] = {}
    if not ordered:
        return {slot: _pinned(value, record, [], []) for slot, (value, record) in pinned.items()}
    ruled = ordered[0]
    best = min((r for r in ordered if said(r) == said(ruled)), key=lambda r: (spelt(r), goodness(r)))
    ordered.sort(key=lambda r: (r is not best, goodness(r)))
    told_rule = f"group:{rule.value}" if best is ruled else f"group:{rule.value}+spelling"
    for slot in slots:
        values = [Candidate(r, str(r.raw[slot]), str(r.norm[slot]), 0) for r in ordered if _usable(r, slot)]
        if slot in pinned:
            texts = {(c.raw, c.norm): c for c in reversed(values)}
            value, record = pinned[slot]
            first = sorted(texts.values(), key=lambda c: (c.record is not best, goodness(c.record)))
            outcome[slot] = _pinned(value, record, values, [c for c in first if c.raw != value])
            continue
        if not values or values[0].record is not ordered[0]:
            continue
        texts = {(c.raw, c.norm): c for c in reversed(values)}
        losers = sorted((c for c in texts.values() if c.raw != values[0].raw), key=lambda c: goodness(c.record))
        outcome[slot] = _told(values[0], told_rule, losers)
    return outcome


def _told(winner: Candidate, rule: str, losers: list[Candidate]) -> dict[str, Any]:
    listed = [{"value": c.raw, "source": c.record.source, "record_key": c.record.key} for c in losers]
    return {
        "value": winner.raw,
        "source": winner.record.source,
        "record_key": winner.record.key,
        "rule": rule,
        "losing_values": json.loads(json.dumps(listed)),
        "conflict": any(c.norm != winner.norm for c in losers),
    }
