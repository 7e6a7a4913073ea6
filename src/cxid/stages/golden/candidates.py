"""Every value that could become golden, with one number that says how good it is: the smaller, the better.

The number packs what the survivorship rule asks for, best first, and ends in the record's rank, so that no two
values of a customer are equal: completeness (6 bits; an initial is half a name), the rule's score (10 bits), the
record's rank (36 bits), the position among the columns of its field (6 bits).
"""

from __future__ import annotations

from cxid.model import Field, SurvivorshipRule
from cxid.stages.golden.values import SPELLINGS, Values, spelling

_POSITIONS = 2**6
_SCORE = 2**42  # rank and position below it
_BEST_SCORE = 2**10 - 1  # counts and lengths above this are equal
_GROUP = 2**52
MOST_FILLED = _POSITIONS - 1
ABOVE = 2**58  # no candidate's number reaches it; the spelling stands above


def record_candidates(fields: tuple[Field, ...], values: Values, rule: SurvivorshipRule) -> str:
    """Query of (customer_no, record_no, norm, spelling, ord) for a group of fields: a row for each record with any.

    `norm` is all its values as compared, `spelling` their sum.
    """
    texts = [usable(f, s, values) for f in fields for s in f.slots]
    filled = " + ".join(_filled(f, values) for f in fields)
    together = " || '|' || ".join(f"coalesce({values.compared(f, s)}, '')" for f in fields for s in f.slots)
    length = " + ".join(f"coalesce(length({t}), 0)" for t in texts)
    spelt = [f"coalesce({spelling(f, usable(f, s, values))}, 0)" for f in fields for s in f.slots]
    rows = (
        f"SELECT g.*, {filled} AS filled, {length} AS length, {together} AS norm, {_total(spelt, rule)} AS spelling "
        f"FROM golden_part AS g {values.tables('g')}"
    )
    most = f"({MOST_FILLED} - least(filled, {MOST_FILLED})) * {_GROUP}"
    return (
        f"SELECT customer_no, record_no, norm, spelling, {most} + {_order(rule)} AS ord "
        f"FROM (SELECT *, 0 AS position FROM ({rows}) AS a WHERE filled > 0) AS v"
    )


def field_candidates(field: Field, values: Values, rule: SurvivorshipRule) -> str:
    """Query of (customer_no, record_no, raw, norm, spelling, polished, ord) for the values of a field by itself."""
    rows = " UNION ALL ".join(
        f"SELECT g.*, {position} AS position, {values.written(slot)} AS raw, {values.compared(field, slot)} AS norm, "
        f"length({values.written(slot)}) AS length, "
        f"{values.weight(field, slot)} AS weight FROM golden_part AS g {values.tables('g')} "
        f"WHERE {values.written(slot)} IS NOT NULL"
        for position, slot in enumerate(field.slots)
    )
    spelt = _total([spelling(field, "raw")], rule)
    return (
        f"SELECT customer_no, record_no, raw, norm, {spelt} AS spelling, FALSE AS polished, "
        f"(2 - weight) * {_GROUP} + {_order(rule)} AS ord "
        f"FROM ({rows}) AS v WHERE norm IS NOT NULL"
    )


def slot_candidates(field: Field, slot: str, values: Values) -> str:
    """Query of (customer_no, record_no, raw, norm, spelling, polished, ord) for one slot of a group."""
    return (
        f"SELECT m.customer_no, m.record_no, {values.written(slot)} AS raw, {values.compared(field, slot)} AS norm, "
        f"m.spelling, m.polished, m.ord FROM golden_member AS m {values.tables('m')} "
        f"WHERE {values.written(slot)} IS NOT NULL AND {values.compared(field, slot)} IS NOT NULL"
    )


def usable(field: Field, slot: str, values: Values) -> str:
    """SQL for the value as written, NULL where it says nothing."""
    return f"CASE WHEN {values.compared(field, slot)} IS NOT NULL THEN {values.written(slot)} END"


def precedence(rule: SurvivorshipRule) -> str:
    """SQL for the number that decides between records of equal values, by the rule: the smaller, the better."""
    if rule is SurvivorshipRule.LATEST:
        return "latest_rank"
    if rule is SurvivorshipRule.MOST_COMPLETE:
        return f"({_BEST_SCORE} - least(record_filled, {_BEST_SCORE})) * {_SCORE} + trusted_rank * {_POSITIONS}"
    return "trusted_rank"


def _filled(field: Field, values: Values) -> str:
    """SQL for 2 when the field has a usable value, 1 when it is an initial, else 0: the best of its slots."""
    best = [
        f"CASE WHEN {usable(field, s, values)} IS NULL THEN 0 ELSE {values.weight(field, s)} END" for s in field.slots
    ]
    return best[0] if len(best) == 1 else f"greatest({', '.join(best)})"


def _total(spelt: list[str], rule: SurvivorshipRule) -> str:
    """SQL for the spelling of a candidate; no matter where the rule itself looks at the text."""
    return "0" if rule is SurvivorshipRule.LONGEST else f"least({' + '.join(spelt)}, {SPELLINGS - 1})"


def _order(rule: SurvivorshipRule) -> str:
    """SQL for the number of a candidate, by the rule."""
    rank = "latest_rank" if rule is SurvivorshipRule.LATEST else "trusted_rank"
    score = {
        # of names that equally many records hold, a slip comes last
        SurvivorshipRule.MOST_FREQUENT: "2 * count(*) OVER (PARTITION BY customer_no, norm) "
        "+ CASE WHEN is_slip THEN 0 ELSE 1 END",
        SurvivorshipRule.LONGEST: "length",
        SurvivorshipRule.MOST_COMPLETE: "record_filled",
    }.get(rule)
    place = f"{rank} * {_POSITIONS} + position"
    return f"({_BEST_SCORE} - least({score}, {_BEST_SCORE})) * {_SCORE} + {place}" if score else place
