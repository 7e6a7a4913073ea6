"""Every value that could become golden, with one number that says how good it is: the smaller, the better.

The number packs what the survivorship rule asks for, best first, and ends in the record's rank, so that no two
values of a customer are equal: group completeness (6 bits), the rule's score (10 bits), the record's rank (36 bits),
the position among the columns of its field (6 bits).
"""

from __future__ import annotations

from dataclasses import dataclass

from cxid.engine.base import quote
from cxid.model import Field, FieldType, SurvivorshipRule

_POSITIONS = 2**6
_SCORE = 2**42  # rank and position below it
_BEST_SCORE = 2**10 - 1  # counts and lengths above this are equal
_GROUP = 2**52
_MOST_FIELDS = _POSITIONS - 1
_NAME_PARTS = ("given_name", "middle_name", "family_name")


@dataclass(frozen=True)
class Norms:
    """Where the comparable text of a value is: in `record_norm` for fields that are compared."""

    columns: frozenset[str]

    def of(self, field: Field, slot: str) -> str:
        """SQL for the comparable text of a slot, over `record AS r` and `record_norm AS n`.

        NULL means that the value says nothing, and such a value never becomes golden.
        """
        if slot in self.columns:
            return f"n.{quote(slot)}"
        if field.type is FieldType.FULL_NAME and field.slots[0] == slot:
            parts = [f"coalesce(n.{quote(p)}, '')" for p in _NAME_PARTS if p in self.columns]
            if parts:
                return f"nullif(trim({' || chr(32) || '.join(parts)}), '')"
        return f"lower(r.{quote(slot)})"


def record_candidates(fields: tuple[Field, ...], norms: Norms, rule: SurvivorshipRule) -> str:
    """Query of (customer_no, record_no, ord) for a group of fields that move as one: a row for each record with any."""
    usable = [_usable(f, s, norms) for f in fields for s in f.slots]
    any_of = [f"coalesce({', '.join(_usable(f, s, norms) for s in f.slots)})" for f in fields]
    filled = " + ".join(f"CASE WHEN {a} IS NOT NULL THEN 1 ELSE 0 END" for a in any_of)
    together = " || '|' || ".join(f"coalesce({norms.of(f, s)}, '')" for f in fields for s in f.slots)
    length = " + ".join(f"coalesce(length({u}), 0)" for u in usable)
    rows = (
        f"SELECT g.*, {filled} AS filled, {length} AS length, {together} AS norm "
        "FROM golden_record AS g JOIN record AS r ON r.record_no = g.record_no "
        "JOIN record_norm AS n ON n.record_no = g.record_no"
    )
    most = f"({_MOST_FIELDS} - least(filled, {_MOST_FIELDS})) * {_GROUP}"
    return (
        f"SELECT customer_no, record_no, {most} + {_order(rule)} AS ord "
        f"FROM (SELECT *, 0 AS position FROM ({rows}) AS a WHERE filled > 0) AS v"
    )


def field_candidates(field: Field, norms: Norms, rule: SurvivorshipRule) -> str:
    """Query of (customer_no, record_no, raw, norm, ord) for all values of a field that stands alone."""
    rows = " UNION ALL ".join(
        f"SELECT g.*, {position} AS position, r.{quote(slot)} AS raw, {norms.of(field, slot)} AS norm, "
        f"length(r.{quote(slot)}) AS length FROM golden_record AS g JOIN record AS r ON r.record_no = g.record_no "
        f"JOIN record_norm AS n ON n.record_no = g.record_no WHERE r.{quote(slot)} IS NOT NULL"
        for position, slot in enumerate(field.slots)
    )
    return f"SELECT customer_no, record_no, raw, norm, {_order(rule)} AS ord FROM ({rows}) AS v WHERE norm IS NOT NULL"


def slot_candidates(field: Field, slot: str, norms: Norms) -> str:
    """Query of (customer_no, record_no, raw, norm, ord) for one slot of a field that moves with its group."""
    return (
        f"SELECT m.customer_no, m.record_no, r.{quote(slot)} AS raw, {norms.of(field, slot)} AS norm, m.ord "
        "FROM golden_member AS m JOIN record AS r ON r.record_no = m.record_no "
        "JOIN record_norm AS n ON n.record_no = m.record_no "
        f"WHERE r.{quote(slot)} IS NOT NULL AND {norms.of(field, slot)} IS NOT NULL"
    )


def _usable(field: Field, slot: str, norms: Norms) -> str:
    return f"CASE WHEN {norms.of(field, slot)} IS NOT NULL THEN r.{quote(slot)} END"


def _order(rule: SurvivorshipRule) -> str:
    """SQL for the number of a candidate, by the rule."""
    rank = "latest_rank" if rule is SurvivorshipRule.LATEST else "trusted_rank"
    score = {
        SurvivorshipRule.MOST_FREQUENT: "count(*) OVER (PARTITION BY customer_no, norm)",
        SurvivorshipRule.LONGEST: "length",
        SurvivorshipRule.MOST_COMPLETE: "record_filled",
    }.get(rule)
    place = f"{rank} * {_POSITIONS} + position"
    return f"({_BEST_SCORE} - least({score}, {_BEST_SCORE})) * {_SCORE} + {place}" if score else place
