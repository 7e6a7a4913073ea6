"""Values on which all records of a customer agree: nothing is to be ranked, and nothing loses.

Most customers have one record, or records that say the same. For them the golden values are those of one record, the
lead: the one that stands first where values are equal. Only customers of whom a unit's records say different things, or
some a thing that the lead does not say, are open in that unit, and go the long way of `choice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.stages.golden.candidates import MOST_FILLED, precedence, usable
from cxid.stages.golden.choice import Unit
from cxid.stages.golden.values import Values

PART = "golden_part"  # the records of customers that are open in the unit at work


@dataclass(frozen=True)
class Lead:
    """The lead records by one order of records, and the units that go by it.

    Tables: golden_lead_<n> (customer_no, record_no, records), golden_open_<n> (customer_no, open_<unit> ...).
    """

    number: int
    order: str
    units: tuple[tuple[int, Unit], ...]

    @property
    def table(self) -> str:
        return f"golden_lead_{self.number}"

    @property
    def open_table(self) -> str:
        return f"golden_open_{self.number}"

    @property
    def alias(self) -> str:
        return f"l{self.number}"


def write_leads(engine: Engine, units: Sequence[Unit], values: Values) -> tuple[Lead, ...]:
    """The leads with their tables; customers with a pin are open everywhere."""
    orders = dict.fromkeys(precedence(unit.rule) for unit in units)
    leads = []
    for number, order in enumerate(orders):
        own = tuple((n, unit) for n, unit in enumerate(units) if precedence(unit.rule) == order)
        lead = Lead(number, order, own)
        engine.run(
            lead.table,
            f"SELECT customer_no, arg_min(record_no, {order}) AS record_no, count(*) AS records "
            "FROM golden_record GROUP BY customer_no",
        )
        engine.run(lead.open_table, _open(lead, values))
        leads.append(lead)
    return tuple(leads)


def open_part(engine: Engine, leads: Sequence[Lead], unit_no: int) -> None:
    """Table golden_part: the rows of golden_record whose customers are open in that unit."""
    table = next(lead.open_table for lead in leads if any(n == unit_no for n, _ in lead.units))
    engine.run(
        PART,
        f"SELECT g.* FROM golden_record AS g JOIN {table} AS o ON o.customer_no = g.customer_no WHERE o.open_{unit_no}",
    )


def settled_value(unit_no: int, unit: Unit, slot: str, values: Values) -> str:
    """SQL for a slot's value in the lead record, NULL where the unit is open; over the tables and `open_table AS o`.

    A field by itself fills its slots from the first on, wherever the lead has the value.
    """
    field = next(f for f in unit.fields if slot in f.slots)
    if unit.moves_as_one or len(field.slots) == 1:
        value = usable(field, slot, values)
    elif slot == field.slots[0]:
        value = f"coalesce({', '.join(usable(field, s, values) for s in field.slots)})"
    else:
        return "CAST(NULL AS VARCHAR)"
    return f"CASE WHEN o.open_{unit_no} THEN NULL ELSE {value} END"


def _open(lead: Lead, values: Values) -> str:
    """Query of (customer_no, open_<unit> ...): a row for each customer that is open in any of the lead's units."""
    columns = ", ".join(f"open_{n}" for n, _ in lead.units)
    differing = ", ".join(f"{_differs(unit)} AS open_{n}" for n, unit in lead.units)
    crowded = ", ".join(f"{_is_crowded(unit)} AS open_{n}" for n, unit in lead.units)
    pinned = ", ".join(f"TRUE AS open_{n}" for n, _ in lead.units)
    texts = _texts(lead, values)
    ways = [
        f"SELECT o.customer_no, {differing} FROM others AS o "
        "JOIN texts AS a ON a.record_no = o.record_no JOIN texts AS b ON b.record_no = o.lead_no",
        f"SELECT customer_no, {pinned} FROM golden_pin",
    ]
    if any(_is_crowded(unit) != "FALSE" for _, unit in lead.units):
        ways.append(
            f"SELECT l.customer_no, {crowded} FROM {lead.table} AS l JOIN texts AS b ON b.record_no = l.record_no"
        )
    return (
        "WITH others AS (SELECT g.customer_no, g.record_no, l.record_no AS lead_no FROM golden_record AS g "
        f"JOIN {lead.table} AS l ON l.customer_no = g.customer_no WHERE l.records > 1 AND g.record_no <> l.record_no), "
        f"texts AS ({texts}), found AS ({' UNION ALL '.join(ways)}), "
        f"together AS (SELECT customer_no, {', '.join(f'bool_or(open_{n}) AS open_{n}' for n, _ in lead.units)} "
        "FROM found GROUP BY customer_no) "
        f"SELECT customer_no, {columns} FROM together WHERE {' OR '.join(f'open_{n}' for n, _ in lead.units)}"
    )


def _texts(lead: Lead, values: Values) -> str:
    """Query of a record's usable values, as written (raw_<slot>) and as compared (norm_<slot>)."""
    cells = []
    for _, unit in lead.units:
        for field in unit.fields:
            for slot in field.slots:
                written, compared = usable(field, slot, values), values.compared(field, slot)
                norm = f"CASE WHEN {values.written(slot)} IS NOT NULL THEN {compared} END"
                cells.append(f"{written} AS {_raw(slot)}, {norm} AS {_norm(slot)}")
    return f"SELECT g.record_no, {', '.join(cells)} FROM golden_record AS g {values.tables('g')}"


def _raw(slot: str) -> str:
    return quote(f"raw_{slot}")


def _norm(slot: str) -> str:
    return quote(f"norm_{slot}")


def _differs(unit: Unit) -> str:
    """SQL for whether record a says something that lead b does not say, or not so."""
    if not unit.moves_as_one:
        return _has_another(unit.fields[0])
    # How full a record is counts its fields up to a limit, and of a field with several columns the fullest only:
    # beyond that a record that says less may still come before the lead.
    exact = 2 * len(unit.fields) > MOST_FILLED
    tests = []
    for field in unit.fields:
        for slot in field.slots:
            raw, norm = _raw(slot), _norm(slot)
            if exact or len(field.slots) > 1:
                tests.append(f"a.{raw} IS DISTINCT FROM b.{raw} OR a.{norm} IS DISTINCT FROM b.{norm}")
            else:
                tests.append(
                    f"(a.{raw} IS NOT NULL AND (b.{raw} IS NULL OR a.{raw} <> b.{raw} OR a.{norm} <> b.{norm}))"
                )
    return f"({' OR '.join(tests)})"


def _has_another(field: Field) -> str:
    """SQL for whether record a has a value of the field that is not the one of lead b."""
    raw = f"coalesce({', '.join(f'b.{_raw(s)}' for s in field.slots)})"
    norm = f"coalesce({', '.join(f'b.{_norm(s)}' for s in field.slots)})"
    tests = (
        f"(a.{_raw(s)} IS NOT NULL AND ({raw} IS NULL OR a.{_raw(s)} <> {raw} OR a.{_norm(s)} <> {norm}))"
        for s in field.slots
    )
    return f"({' OR '.join(tests)})"


def _is_crowded(unit: Unit) -> str:
    """SQL for whether lead b has several values of a field that is chosen by itself."""
    slots = unit.fields[0].slots
    if unit.moves_as_one or len(slots) == 1:
        return "FALSE"
    return f"{' + '.join(f'CASE WHEN b.{_raw(s)} IS NULL THEN 0 ELSE 1 END' for s in slots)} > 1"
