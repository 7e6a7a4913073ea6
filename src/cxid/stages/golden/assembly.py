"""From chosen values to the published tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cxid.engine.base import Engine, literal, quote
from cxid.model import Field
from cxid.stages.golden.choice import rule_name
from cxid.stages.golden.settled import Lead, settled_value
from cxid.stages.golden.taken import JOINED, ROWS, value_taken
from cxid.stages.golden.values import Values

_AT_ONCE = 983_040  # rows of the provenance that one statement makes; few at a time cost more than twice as much

_WON = """
SELECT p.customer_no * {cells} + {place} AS cell, r.source, r.record_key, p.rule, r.updated_at, p.losing_values,
       p.conflict
FROM golden_provenance_no AS p JOIN record AS r ON r.record_no = p.record_no
ORDER BY cell
"""

_PROVENANCE = """
WITH cells AS (
    SELECT c.customer_id, c.customer_no * {cells} + c.place AS cell, {field} AS field, {value} AS value,
           {source} AS source, {key} AS record_key, {rule} AS rule, {at} AS updated_at
    FROM (
        SELECT *, unnest([{places}]) AS place FROM golden_wide
        WHERE NOT is_kept AND customer_no >= ? AND customer_no < ?
    ) AS c
),
won AS (SELECT * FROM golden_won WHERE cell >= ? AND cell < ?)
SELECT c.customer_id, c.field, c.value, coalesce(w.source, c.source) AS source,
       coalesce(w.record_key, c.record_key) AS record_key, coalesce(w.rule, c.rule) AS rule,
       CASE WHEN w.cell IS NULL THEN c.updated_at ELSE w.updated_at END AS updated_at,
       coalesce(w.losing_values, '[]') AS losing_values, coalesce(w.conflict, FALSE) AS conflict
FROM cells AS c LEFT JOIN won AS w ON w.cell = c.cell
WHERE c.value IS NOT NULL
"""

_ENDS = "SELECT min(customer_id), max(customer_id) FROM golden_wide WHERE customer_no >= ? AND customer_no < ?"


def write_wide(engine: Engine, leads: Sequence[Lead], values: Values, *, taking: bool) -> None:
    """Table golden_wide: each customer in order of the ids, with its values and the lead records they are from.

    A value is that of the lead where the records agree, else the one that was chosen, or that of the run before.
    """
    columns, joins = [], [JOINED] if taking else []
    for lead in leads:
        slots = [(n, unit, slot) for n, unit in lead.units for f in unit.fields for slot in f.slots]
        cells = ", ".join(f"{settled_value(n, unit, slot, values)} AS {quote(slot)}" for n, unit, slot in slots)
        joins.append(
            "LEFT JOIN (SELECT l.customer_no, r.source AS r_source, r.record_key AS r_key, r.updated_at AS r_at, "
            f"{cells} FROM {lead.table} AS l {values.tables('l')} "
            f"LEFT JOIN {lead.open_table} AS o ON o.customer_no = l.customer_no) AS {lead.alias} "
            f"ON {lead.alias}.customer_no = k.customer_no"
        )
        columns += [f"{lead.alias}.{column} AS {column}_{lead.number}" for column in ("r_source", "r_key", "r_at")]
        for _, _, slot in slots:
            chosen = quote(f"v_{slot}")
            joins.append(
                f"LEFT JOIN {quote(f'golden_value_{slot}')} AS {chosen} ON {chosen}.customer_no = k.customer_no"
            )
            kept = f", {value_taken(slot)}" if taking else ""
            columns.append(f"coalesce({lead.alias}.{quote(slot)}, {chosen}.raw{kept}) AS {_value(slot)}")
    listed = "".join(f", {column}" for column in columns)
    engine.run(
        "golden_wide",
        "SELECT k.customer_no, k.is_kept, c.customer_id, c.is_known, c.record_count, c.weakest, c.needs_review, "
        f"seen.source_count, seen.sources, seen.first_seen, seen.last_seen{listed} "
        "FROM customer AS c JOIN golden_number AS k ON k.customer_id = c.customer_id "
        f"LEFT JOIN golden_seen AS seen ON seen.customer_no = k.customer_no {' '.join(joins)} ORDER BY k.customer_no",
    )


def write_golden_provenance(engine: Engine, leads: Sequence[Lead], *, taking: bool) -> None:
    """Table `golden_provenance`, a row for each golden value.

    Made of some customers at a time, in their order: sorting all at once takes room for every row. The same customers
    at a time whatever is taken over: where the parts begin is told by the bytes of the file.
    """
    of = {slot: (lead, unit) for lead in leads for _, unit in lead.units for f in unit.fields for slot in f.slots}
    slots = sorted(of)
    number = {slot: place for place, slot in enumerate(slots)}
    engine.run("golden_won", _WON.format(cells=len(slots), place=_by_place("p.field", number, str, "BIGINT")))
    engine.drop("golden_provenance_no")  # sorting needs the room

    def led(column: str, type_: str) -> str:
        return _by_place("c.place", {n: of[s][0].number for s, n in number.items()}, f"c.{column}_{{}}".format, type_)

    rows = _PROVENANCE.format(
        places=", ".join(map(str, number.values())) or "0",
        cells=len(slots),
        field=_by_place("c.place", {n: s for s, n in number.items()}, literal),
        value=_by_place("c.place", {n: _value(s) for s, n in number.items()}, "c.{}".format),
        rule=_by_place("c.place", {n: rule_name(of[s][1]) for s, n in number.items()}, literal),
        source=led("r_source", "VARCHAR"),
        key=led("r_key", "VARCHAR"),
        at=led("r_at", "TIMESTAMP"),
    )
    step = max(1, _AT_ONCE // max(1, len(slots)))
    rows += f"UNION ALL {ROWS} ORDER BY customer_id, field" if taking else "ORDER BY c.cell"
    for first in range(1, max(engine.count("golden_wide"), 1) + 1, step):
        after = first + step
        bounds = [first, after, first * len(slots), after * len(slots)]
        bounds += list(engine.fetch(_ENDS, [first, after]).to_pylist()[0].values()) if taking else []
        (engine.run if first == 1 else engine.append)("golden_provenance", rows, bounds)
    engine.drop("golden_won")


def _by_place(
    key: str, cases: Mapping[str, Any] | Mapping[int, Any], spelt: Callable[[Any], str], type_: str = "VARCHAR"
) -> str:
    """SQL for what a key stands for; without CASE where all stand for the same."""
    said = {k: spelt(v) for k, v in cases.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    if not said:
        return f"CAST(NULL AS {type_})"
    whens = " ".join(f"WHEN {literal(k) if isinstance(k, str) else k} THEN {v}" for k, v in said.items())
    return f"CASE {key} {whens} END"


def write_golden_customer(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Table `golden_customer`, a row for each customer; without records all fields are NULL."""
    values = "".join(f"{_value(slot)} AS {quote(slot)}, " for f in fields for slot in f.slots)
    engine.run(
        "golden_customer",
        f"SELECT customer_id, {values}is_known, record_count, coalesce(source_count, 0) AS source_count, "
        "coalesce(sources, '') AS sources, first_seen, last_seen, "
        "CAST(CAST(weakest AS DECIMAL(9, 0)) * CAST('0.000001' AS DECIMAL(9, 6)) AS DECIMAL(9, 6)) AS confidence, "
        f"{_completeness(fields)} AS completeness, needs_review FROM golden_wide ORDER BY customer_no",
    )


def _value(slot: str) -> str:
    """The column of golden_wide with a golden value: none of a customer's own has such a name."""
    return quote(f"s_{slot}")


def _completeness(fields: tuple[Field, ...]) -> str:
    """SQL for the share of fields that have a value, from a list of all shares there can be: exact decimals."""
    if not fields:
        return "CAST(0 AS DECIMAL(9, 6))"
    have = " + ".join(
        "CASE WHEN coalesce(" + ", ".join(_value(s) for s in f.slots) + ") IS NULL THEN 0 ELSE 1 END" for f in fields
    )
    shares = " ".join(
        f"WHEN {n} THEN CAST('{Decimal(n) / len(fields):.6f}' AS DECIMAL(9, 6))" for n in range(len(fields) + 1)
    )
    return f"CASE {have} {shares} END"
