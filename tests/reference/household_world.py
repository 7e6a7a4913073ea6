"""Small worlds of people and addresses for the household stage: one record a person, values comparable already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from cxid.config.household import Household
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages import household
from cxid.stages.context import StageContext

FIELDS = tuple(Field(t.value, t, (t.value,)) for t in (
    FieldType.FAMILY_NAME, FieldType.STREET, FieldType.HOUSE_NUMBER, FieldType.POSTCODE, FieldType.CITY,
))  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One customer with one record; '' is missing."""

    id: str
    name: str
    street: str = ""
    number: str = ""
    postcode: str = ""
    city: str = ""
    contacts: str = ""  # e-mail addresses and phone numbers, by spaces


def households(
    engine: DuckDBEngine,
    people: Sequence[Person],
    *,
    linked: Mapping[tuple[str, str], int] | None = None,
    before: Mapping[str, str] | None = None,
    aliases: Mapping[str, str] | None = None,
    max_size: int = 12,
) -> dict[str, tuple[str, str]]:
    """Customer -> (household id, rule). `linked`: pairs with their household probability in millionths."""
    _load(engine, people, linked or {}, aliases or {})
    if before is not None:
        ids = {
            "customer_id": pa.array(list(before), pa.string()),
            "household_id": pa.array(list(before.values()), pa.string()),
        }
        engine.load("previous_household", pa.table(ids))
    household.run(StageContext(engine, Path()), household=Household(max_size=max_size), fields=FIELDS)
    rows = engine.fetch("SELECT * FROM household").to_pylist()
    assert [r["customer_id"] for r in rows] == sorted(r["customer_id"] for r in rows)
    assert engine.tables() == {*household.READS, *household.WRITES}
    return {r["customer_id"]: (r["household_id"], r["rule"]) for r in rows}


def together(found: Mapping[str, tuple[str, str]]) -> set[frozenset[str]]:
    """The households of two and more."""
    homes: dict[str, set[str]] = {}
    for customer, (household_id, _) in found.items():
        homes.setdefault(household_id, set()).add(customer)
    return {frozenset(h) for h in homes.values() if len(h) > 1}


def _load(
    engine: DuckDBEngine, people: Sequence[Person], linked: Mapping[tuple[str, str], int], aliases: Mapping[str, str]
) -> None:
    text, number = pa.string(), pa.int64()
    people = sorted(people, key=lambda p: p.id)
    numbers = pa.array(range(1, len(people) + 1), number)

    def texts(values: Iterable[str]) -> pa.Array:
        return pa.array([v or None for v in values], text)

    ids = texts(p.id for p in people)
    engine.load("record", pa.table({"record_no": numbers, "source": pa.array(["crm"] * len(people), text), "record_key": ids,
                                    "updated_at": pa.nulls(len(people), pa.timestamp("us"))}))  # fmt: skip
    engine.load("record_norm", pa.table({
        "record_no": numbers, "family_name": texts(p.name for p in people), "street": texts(p.street for p in people),
        "street_words": texts(p.street.split(" flat ")[0] for p in people), "street_number": pa.nulls(len(people), text),
        "house_number": texts(p.number for p in people), "postcode": texts(p.postcode for p in people),
        "city": texts(p.city for p in people),
    }))  # fmt: skip
    engine.load("record_customer", pa.table({"record_no": numbers, "customer_id": ids}))
    engine.load("customer", pa.table({"customer_id": ids}))
    held = [(n, "email" if "@" in v else "phone", v) for n, p in enumerate(people, 1) for v in p.contacts.split()]
    columns = {"record_no": pa.array([n for n, _, _ in held], number), "id_type": texts(t for _, t, _ in held)}
    engine.load("record_identifier", pa.table({**columns, "id_value": texts(v for _, _, v in held)}))
    engine.load("hub_identifier", pa.table({"id_type": texts(()), "id_value": texts(())}))
    old = {"old_customer_id": texts(aliases), "customer_id": texts(aliases.values())}
    engine.load("customer_alias", pa.table(old))
    engine.load(
        "golden_provenance", pa.table(dict.fromkeys(("customer_id", "field", "source", "record_key"), texts(())))
    )
    place = {p.id: n for n, p in enumerate(people, 1)}
    pairs = [(place[a], place[b], h) for (a, b), h in linked.items()]
    engine.load("link_pair", pa.table({
        "record_no_a": pa.array([min(a, b) for a, b, _ in pairs], number), "record_no_b": pa.array([max(a, b) for a, b, _ in pairs], number),
        "household": pa.array([h for _, _, h in pairs], pa.int32()), "probability": pa.array([0] * len(pairs), pa.int32()),
    }))  # fmt: skip
