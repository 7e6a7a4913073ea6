"""Pinned values stand above every rule, and all others close up around them, as the slow reference says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.model import Golden
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import SurvivorshipRule
from tests.property.test_golden_against_reference import FIELDS, RULES, SLOTS, TRUST, load, record_lists, run
from tests.reference.golden import Record, golden_values

Pin = tuple[int, str, str, str]  # which record, slot, value, when
PINS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(SLOTS),
        st.sampled_from(["a", "A", "bb-", "ccc", "new", "N/A"]),
        st.sampled_from(["", "2026-01-01", "2026-01-01T09:00:00", "2026-01-01T09:00:00+02:00"]),
    ),
    max_size=6,
)
ORDER = ["", "2026-01-01", "2026-01-01T09:00:00+02:00", "2026-01-01T09:00:00"]  # earliest first


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load_pins(engine: DuckDBEngine, records: list[Record], pins: list[Pin]) -> None:
    numbers = {r.key: n for n, r in enumerate(sorted(records, key=lambda r: (r.source, r.key)), 1)}
    text = pa.string()
    engine.load(
        "decision",
        pa.table(
            {
                "line": pa.array(range(2, len(pins) + 2), pa.int64()),
                "action": pa.array(["pin"] * len(pins), text),
                "record_no_a": pa.array([numbers.get(f"k{n}") for n, *_ in pins], pa.int64()),
                "field": pa.array([p[1] for p in pins], text),
                "value": pa.array([p[2] for p in pins], text),
                "decided_at": pa.array([p[3] or None for p in pins], text),
            }
        ),
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=record_lists(), pins=PINS, rule=st.sampled_from(RULES), grouped=st.booleans())
def test_pins_are_obeyed_as_the_reference_says(
    engine: DuckDBEngine, records: list[Record], pins: list[Pin], rule: SurvivorshipRule | None, grouped: bool
) -> None:
    groups = (("street", "city"),) if grouped else ()
    golden = Golden(groups=groups) if rule is None else Golden(default=rule, groups=groups)
    load(engine, records)
    load_pins(engine, records, pins)
    customers, provenance = run(engine, golden)
    by_key = {r.key: r for r in records}
    held = {}
    for number, slot, value, _ in sorted(pins, key=lambda p: ORDER.index(p[3])):  # stable: then by line
        if record := by_key.get(f"k{number}"):
            held[record.customer, slot] = (value, record)
    expected = golden_values(records, golden, FIELDS, TRUST, held)
    told = {
        (p["customer_id"], p["field"]): {
            **{k: p[k] for k in ("value", "source", "record_key", "rule", "conflict")},
            "losing_values": json.loads(str(p["losing_values"])),
        }
        for p in provenance
    }
    assert told == expected
    for row in customers:
        for slot in SLOTS:
            assert row[slot] == expected.get((row["customer_id"], slot), {}).get("value")
    assert not {t for t in engine.tables() if t.startswith("golden_")} - {"golden_customer", "golden_provenance"}
    engine.drop("decision")
