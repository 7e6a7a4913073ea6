"""The golden value of each field, where it comes from, and what lost against it."""

from __future__ import annotations

from dataclasses import dataclass

from cxid import sql
from cxid.config.model import Golden
from cxid.engine.base import Engine, literal
from cxid.model import Field, SurvivorshipRule
from cxid.stages.golden.candidates import Norms, field_candidates, record_candidates, slot_candidates


@dataclass(frozen=True)
class Unit:
    """What is chosen at once: one field with its rule, or a group of fields that move as one."""

    fields: tuple[Field, ...]
    rule: SurvivorshipRule
    moves_as_one: bool


def units(golden: Golden, fields: tuple[Field, ...]) -> tuple[Unit, ...]:
    """The fields in config order, those of a group together at the place of its first one.

    A group follows the rule of its first field; a field that stands in two groups belongs to the first.
    """
    by_name = {f.name: f for f in fields}
    found: list[Unit] = []
    placed: set[str] = set()
    for field in fields:
        if field.name in placed:
            continue
        group = next((g for g in golden.groups if field.name in g), (field.name,))
        members = tuple(by_name[n] for n in group if n in by_name and n not in placed)
        rule = golden.fields.get(members[0].name, golden.default)
        found.append(Unit(members, rule, moves_as_one=len(members) > 1))
        placed |= {f.name for f in members}
    return tuple(found)


def write_choices(engine: Engine, unit: Unit, norms: Norms) -> list[str]:
    """Append the unit's rows to `golden_provenance_no`; one table golden_value_<slot> for each of its slots.

    Returns the names of those tables.
    """
    if not unit.moves_as_one:
        return _choose_alone(engine, unit, norms)
    engine.run("golden_member", record_candidates(unit.fields, norms, unit.rule))
    engine.run("golden_best", "SELECT customer_no, min(ord) AS ord FROM golden_member GROUP BY customer_no")
    made = []
    for field in unit.fields:
        for slot in field.slots:
            _write_values(engine, slot_candidates(field, slot, norms))
            engine.run("golden_choice", _GROUP_CHOICE)
            made += _keep(engine, (slot,), f"group:{unit.rule.value}")
    engine.drop("golden_member", "golden_best", "golden_values")
    return made


# The values of the best record win; every other text of the slot loses against it.
_GROUP_CHOICE = """
SELECT v.customer_no, 1 AS slot_no, v.raw, v.norm, v.ord, v.record_no, v.ord = b.ord AS wins
FROM golden_values AS v JOIN golden_best AS b ON b.customer_no = v.customer_no
"""


def _choose_alone(engine: Engine, unit: Unit, norms: Norms) -> list[str]:
    field = unit.fields[0]
    slots = len(field.slots)
    _write_values(engine, field_candidates(field, norms, unit.rule))
    # place: 1 for the best distinct value, 2 for the next ...; values without a slot lose against the last slot's
    engine.run(
        "golden_place",
        "SELECT customer_no, norm, best, row_number() OVER (PARTITION BY customer_no ORDER BY best) AS place FROM "
        "(SELECT customer_no, norm, min(ord) AS best FROM golden_values GROUP BY customer_no, norm) AS d",
    )
    engine.run(
        "golden_choice",
        f"SELECT v.customer_no, least(p.place, {slots}) AS slot_no, v.raw, v.norm, v.ord, v.record_no, "
        f"v.ord = p.best AND p.place <= {slots} AS wins FROM golden_values AS v "
        "JOIN golden_place AS p ON p.customer_no = v.customer_no AND p.norm = v.norm",
    )
    made = _keep(engine, field.slots, unit.rule.value)
    engine.drop("golden_values", "golden_place")
    return made


def _write_values(engine: Engine, candidates: str) -> None:
    """Table golden_values: the distinct texts of each customer, each with its best record."""
    engine.run(
        "golden_values",
        "SELECT customer_no, norm, raw, min(ord) AS ord, arg_min(record_no, ord) AS record_no "
        f"FROM ({candidates}) AS c GROUP BY customer_no, norm, raw",
    )


def _keep(engine: Engine, slots: tuple[str, ...], rule: str) -> list[str]:
    """Write what `golden_choice` says to the slots' own tables and to the provenance."""
    engine.run("golden_loser", sql.load("golden", "golden_loser"))
    made = []
    for number, slot in enumerate(slots, 1):
        name = f"golden_value_{slot}"
        engine.run(name, "SELECT customer_no, raw, record_no FROM golden_choice WHERE wins AND slot_no = ?", [number])
        engine.append(
            "golden_provenance_no",
            f"SELECT w.customer_no, CAST({literal(slot)} AS VARCHAR) AS field, w.raw AS value, w.record_no, "
            f"CAST({literal(rule)} AS VARCHAR) AS rule, coalesce(l.losing_values, '[]') AS losing_values, "
            f"coalesce(l.conflict, FALSE) AS conflict FROM {name} AS w "
            f"LEFT JOIN golden_loser AS l ON l.customer_no = w.customer_no AND l.slot_no = {number}",
        )
        made.append(name)
    engine.drop("golden_choice", "golden_loser")
    return made
