"""Who the customer is and how that is known: golden values, records with their links, household, ids over time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cxid.customer_page.model import (
    FormerId,
    GoldenValue,
    Head,
    History,
    Household,
    HouseholdMember,
    Identifier,
    IdentityEvent,
    OtherValue,
)
from cxid.customer_page.tables import Row, Tables
from cxid.engine.base import quote
from cxid.model import FieldType

Hide = Callable[[str, str], str]
"""(value, its golden column or identifier type) -> the value as it may be shown."""
_NAMES = (FieldType.GIVEN_NAME, FieldType.MIDDLE_NAME, FieldType.FAMILY_NAME)


def as_is(value: str, _: str) -> str:
    """The value itself."""
    return value


def name_of(row: Mapping[str, Any], types: Mapping[str, FieldType], hide: Hide = as_is) -> str | None:
    """Given, middle and family name of a golden row, else its whole name; None where it has neither."""
    for wanted in (_NAMES, (FieldType.FULL_NAME,)):
        first = {
            t: slot for slot, t in reversed(list(types.items())) if t in wanted and row.get(slot)
        }  # of several columns the first
        parts = [hide(str(row[first[t]]), first[t]) for t in wanted if t in first]
        if parts:
            return " ".join(parts)
    return None


def read_head(tables: Tables, types: Mapping[str, FieldType], hide: Hide) -> Head:
    """Who it is, in a few words."""
    golden, profile = tables.golden, tables.profile
    return Head(
        name=name_of(golden, types, hide),
        age=profile.get("age"),
        city=_city(golden, types, hide),
        is_known=golden["is_known"],
        first_seen=golden["first_seen"],
        last_seen=golden["last_seen"],
        stage=profile.get("stage"),
        stage_since=profile.get("stage_since"),
        sources=tuple(s for s in str(golden["sources"] or "").split(",") if s),
        record_count=golden["record_count"],
        confidence=golden["confidence"],
        completeness=golden["completeness"],
        needs_review=golden["needs_review"],
    )


def _city(row: Mapping[str, Any], types: Mapping[str, FieldType], hide: Hide) -> str | None:
    slot = next((s for s, t in types.items() if t is FieldType.CITY and row.get(s)), None)
    return None if slot is None else hide(str(row[slot]), slot)


def read_values(tables: Tables, hide: Hide) -> tuple[GoldenValue, ...]:
    """The golden values in config order, those that are missing left out."""
    told = {row["field"]: row for row in tables.rows("golden_provenance")}
    return tuple(
        _value(slot, tables.golden[slot], told.get(slot, {}), hide)
        for slot in tables.slots
        if tables.golden[slot] is not None
    )


def _value(slot: str, value: Any, told: Row, hide: Hide) -> GoldenValue:
    return GoldenValue(
        field=slot,
        value=hide(str(value), slot),
        source=told.get("source"),
        record_key=told.get("record_key"),
        rule=told.get("rule"),
        updated_at=told.get("updated_at"),
        conflict=bool(told.get("conflict")),
        others=tuple(
            OtherValue(hide(str(o.get("value", "")), slot), str(o.get("source", "")), str(o.get("record_key", "")))
            for o in json.loads(told.get("losing_values") or "[]")
        ),
    )


def read_identifiers(tables: Tables, hide: Hide) -> tuple[Identifier, ...]:
    """Every identifier, by type and value."""
    return tuple(
        Identifier(r["id_type"], hide(r["id_value"], r["id_type"]), r["link_kind"], r["probability"], r["since_run"])
        for r in tables.identity
        if r["id_type"]
    )


def read_household(tables: Tables, types: Mapping[str, FieldType], hide: Hide) -> Household | None:
    """The household; None where no home is known and nothing ties the customer to another."""
    own = tables.rows("household", "household_id, rule")
    if not own:
        return None
    rules = {
        row["customer_id"]: row["rule"]
        for row in tables.fetch(
            "household",
            "SELECT customer_id, rule FROM household WHERE household_id = ? AND customer_id <> ? ORDER BY customer_id",
            [own[0]["household_id"], tables.customer_id],
        )
    }
    wanted = [s for s, t in types.items() if t in (*_NAMES, FieldType.FULL_NAME, FieldType.CITY) and s in tables.slots]
    people = _of_each(tables, "golden_customer", wanted, list(rules))
    ages = _of_each(tables, "profile", ["age"] if "age" in tables.profile else [], list(rules))
    members = tuple(
        HouseholdMember(
            customer_id=customer_id,
            name=name_of(people.get(customer_id, {}), types, hide),
            age=ages.get(customer_id, {}).get("age"),
            city=_city(people.get(customer_id, {}), types, hide),
            rule=rule,
        )
        for customer_id, rule in rules.items()
    )
    return Household(own[0]["household_id"], own[0]["rule"], members)


def _of_each(tables: Tables, table: str, columns: Sequence[str], ids: Sequence[str]) -> dict[str, Row]:
    """Customer -> some columns of its row: asked for by id, so that the files are read where they lie."""
    if not ids or not columns:
        return {}
    marks = ", ".join("?" for _ in ids)
    named = ", ".join(quote(c) for c in columns)
    found = tables.fetch(table, f"SELECT customer_id, {named} FROM {table} WHERE customer_id IN ({marks})", ids)
    return {row["customer_id"]: row for row in found}


def read_history(tables: Tables) -> History:
    """What became of the customer's id from run to run, and the ids of the past that lead to it."""
    events = tables.rows(
        "identity_event",
        "run_id, event, other_customer_id, records, identifiers, cause",
        "ORDER BY run_no, event, other_customer_id",
    )
    former = tables.rows("customer_alias", "old_customer_id, since_run", "ORDER BY since_run, old_customer_id")
    return History(
        tuple(IdentityEvent(**{**row, "other_customer_id": row["other_customer_id"] or None}) for row in events),
        tuple(FormerId(row["old_customer_id"], row["since_run"]) for row in former),
    )
