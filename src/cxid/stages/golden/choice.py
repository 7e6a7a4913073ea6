"""The golden value of each field, where it comes from, and what lost against it."""

from __future__ import annotations

from dataclasses import dataclass

from cxid import sql
from cxid.config.model import Golden
from cxid.engine.base import Engine, literal
from cxid.model import Field, FieldType, SurvivorshipRule
from cxid.stages.golden.candidates import ABOVE, field_candidates, record_candidates, slot_candidates
from cxid.stages.golden.pins import PINNED, Pins
from cxid.stages.golden.values import NAME_TYPES, Values

_POLISHED = "+spelling"  # behind the rule's name where its winner gave way to a better written spelling


# What seldom changes: a difference is an error or a short form, and most records have it right. The figures stand in
# docs/decisions/0401-golden-names.md.
_LASTING = (*NAME_TYPES, FieldType.FULL_NAME, FieldType.BIRTH_DATE)


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
    groups = (*golden.groups, *_name_group(golden, fields))
    found: list[Unit] = []
    placed: set[str] = set()
    for field in fields:
        if field.name in placed:
            continue
        group = next((g for g in groups if field.name in g), (field.name,))
        members = tuple(by_name[n] for n in group if n in by_name and n not in placed)
        rule = rule_of(golden, members[0])
        found.append(Unit(members, rule, moves_as_one=len(members) > 1))
        placed |= {f.name for f in members}
    return tuple(found)


def _name_group(golden: Golden, fields: tuple[Field, ...]) -> tuple[tuple[str, ...], ...]:
    """Given and family name, which move as one unless the config says something else about either.

    Mixed from two records they could name a person who never was: the maiden name of one, a nickname of the other.
    """
    first = {f.type: f.name for f in reversed(fields)}
    pair = tuple(first[t] for t in (FieldType.GIVEN_NAME, FieldType.FAMILY_NAME) if t in first)
    if len(pair) < 2 or any(name in group for group in golden.groups for name in pair):
        return ()
    rules = {golden.fields.get(name) for name in pair}
    return (pair,) if len(rules) == 1 else ()


def rule_of(golden: Golden, field: Field) -> SurvivorshipRule:
    """The field's own rule, the config's default, or where it states none what serves the type best."""
    stated = golden.fields.get(field.name)
    if stated is None and "default" not in golden.model_fields_set and field.type in _LASTING:
        return SurvivorshipRule.MOST_FREQUENT
    return stated or golden.default


def rule_name(unit: Unit) -> str:
    """What the provenance calls the rule of a unit."""
    return f"group:{unit.rule.value}" if unit.moves_as_one else unit.rule.value


def write_choices(engine: Engine, unit: Unit, values: Values, pins: Pins) -> list[str]:
    """Append the unit's rows to `golden_provenance_no`; one table golden_value_<slot> for each of its slots.

    A pinned value stands above every rule. Returns the names of the tables.
    """
    return (_choose_together if unit.moves_as_one else _choose_alone)(engine, unit, values, pins)


def _choose_together(engine: Engine, unit: Unit, values: Values, pins: Pins) -> list[str]:
    engine.run("golden_entry", record_candidates(unit.fields, values, unit.rule))
    engine.run("golden_best", _BEST_RECORD)
    engine.run("golden_member", _MEMBER)
    made = []
    for field in unit.fields:
        for slot in field.slots:
            _write_values(engine, slot_candidates(field, slot, values))
            engine.run("golden_choice", _GROUP_CHOICE)
            pins.put_first(engine, (slot,))
            made += _keep(engine, (slot,), rule_name(unit))
    engine.drop("golden_entry", "golden_member", "golden_best", "golden_values")
    return made


# The rule names the record; of those that say the same as compared, the best written one is taken in its stead.
_BEST_RECORD = f"""
WITH ruled AS (SELECT customer_no, min(ord) AS ord, arg_min(norm, ord) AS norm FROM golden_entry GROUP BY customer_no)
SELECT e.customer_no, r.ord AS ruled, min(e.spelling * {ABOVE} + e.ord) % {ABOVE} AS ord
FROM golden_entry AS e JOIN ruled AS r ON r.customer_no = e.customer_no AND r.norm = e.norm
GROUP BY e.customer_no, r.ord
"""

# The number of the chosen record becomes 0, below all others.
_MEMBER = """
SELECT e.customer_no, e.record_no, e.spelling, CASE WHEN e.ord = b.ord THEN 0 ELSE e.ord END AS ord,
       e.ord = b.ord AND b.ord <> b.ruled AS polished
FROM golden_entry AS e JOIN golden_best AS b ON b.customer_no = e.customer_no
"""

# The values of the best record win; every other text of the slot loses against it.
_GROUP_CHOICE = """
SELECT v.customer_no, 1 AS slot_no, v.raw, v.norm, v.ord, v.record_no, v.ord = 0 AS wins, v.polished,
       FALSE AS pinned
FROM golden_values AS v
"""


def _choose_alone(engine: Engine, unit: Unit, values: Values, pins: Pins) -> list[str]:
    field = unit.fields[0]
    slots = len(field.slots)
    _write_values(engine, field_candidates(field, values, unit.rule))
    # place: 1 for the best distinct value, 2 for the next ...; values without a slot lose against the last slot's.
    # Of the texts that are equal as compared, the best written one stands for all.
    engine.run(
        "golden_place",
        "SELECT customer_no, norm, ruled, best, "
        "CAST(row_number() OVER (PARTITION BY customer_no ORDER BY ruled) AS BIGINT) AS place "
        f"FROM (SELECT customer_no, norm, min(ord) AS ruled, min(spelling * {ABOVE} + ord) % {ABOVE} AS best "
        "FROM golden_values GROUP BY customer_no, norm) AS d",
    )
    pins.make_room(engine, field.slots)
    engine.run(
        "golden_choice",
        f"SELECT v.customer_no, least(p.place, {slots}) AS slot_no, v.raw, v.norm, v.ord, v.record_no, "
        f"v.ord = p.best AND p.place <= {slots} AS wins, p.best <> p.ruled AS polished, FALSE AS pinned "
        "FROM golden_values AS v JOIN golden_place AS p ON p.customer_no = v.customer_no AND p.norm = v.norm",
    )
    pins.put_first(engine, field.slots)
    made = _keep(engine, field.slots, rule_name(unit))
    engine.drop("golden_values", "golden_place")
    return made


def _write_values(engine: Engine, candidates: str) -> None:
    """Table golden_values: the distinct texts of each customer, each with its best record."""
    engine.run(
        "golden_values",
        "SELECT customer_no, norm, raw, min(ord) AS ord, arg_min(record_no, ord) AS record_no, "
        f"min(spelling) AS spelling, bool_or(polished) AS polished "
        f"FROM ({candidates}) AS c GROUP BY customer_no, norm, raw",
    )


def _keep(engine: Engine, slots: tuple[str, ...], rule: str) -> list[str]:
    """Write what `golden_choice` says to the slots' own tables and to the provenance."""
    engine.run("golden_loser", sql.load("golden", "golden_loser"))
    made = []
    for number, slot in enumerate(slots, 1):
        name = f"golden_value_{slot}"
        engine.run(
            name,
            "SELECT customer_no, raw, record_no, polished, pinned FROM golden_choice WHERE wins AND slot_no = ?",
            [number],
        )
        engine.append(
            "golden_provenance_no",
            f"SELECT w.customer_no, CAST({literal(slot)} AS VARCHAR) AS field, w.raw AS value, w.record_no, "
            f"CASE WHEN w.pinned THEN {literal(PINNED)} WHEN w.polished THEN {literal(rule + _POLISHED)} "
            f"ELSE {literal(rule)} END AS rule, "
            "coalesce(l.losing_values, '[]') AS losing_values, coalesce(l.conflict, FALSE) AS conflict "
            f"FROM {name} AS w LEFT JOIN golden_loser AS l ON l.customer_no = w.customer_no AND l.slot_no = {number}",
        )
        made.append(name)
    engine.drop("golden_choice", "golden_loser")
    return made
