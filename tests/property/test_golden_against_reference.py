"""The golden stage chooses what the slow reference chooses, for any records in any order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.model import Golden
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType, SurvivorshipRule
from cxid.stages import golden as stage
from cxid.stages.context import StageContext
from tests.reference.golden import Record, golden_values

FIELDS = (
    Field("given_name", FieldType.GIVEN_NAME, ("given_name",)),
    Field("family_name", FieldType.FAMILY_NAME, ("family_name",)),
    Field("email", FieldType.EMAIL, ("email",)),
    Field("phone", FieldType.PHONE, ("phone", "phone_2")),
    Field("street", FieldType.STREET, ("street",)),
    Field("city", FieldType.CITY, ("city",)),
    Field("segment", FieldType.ATTRIBUTE, ("segment",)),
)
RULES = (None, *SurvivorshipRule)
SLOTS = [s for f in FIELDS for s in f.slots]
TRUST = {"crm": 3, "web": 1, "pos": 1}
VALUES = st.one_of(st.none(), st.sampled_from(["a", "A", "bb", "Bb", "bb-", "ccc", 'd"\\é', "n/a"]))
NAMES = st.one_of(VALUES, st.sampled_from(["Anna", "ana", "annna", "nana", "hannah"]))
COMMON = 8  # records of a crowd that make slips of the names next to theirs
TIMES = st.one_of(st.none(), st.sampled_from([datetime(2024, 1, d) for d in (1, 2)]))


def compared(raw: str | None) -> str | None:
    return None if raw in (None, "n/a") else str(raw).lower().strip("-")


@st.composite
def record_lists(draw: st.DrawFn) -> list[Record]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(TRUST)), st.sampled_from(["x", "y", "z"]), TIMES,
                *[NAMES if s in ("given_name", "city") else VALUES for s in SLOTS],
            ),
            max_size=8,
        )
    )  # fmt: skip
    if draw(st.booleans()):
        rows += [("web", "w", None, *["Anna" if s in ("given_name", "city") else None for s in SLOTS])] * COMMON
    made = []
    for number, (source, customer, updated_at, *values) in enumerate(rows):
        raw = dict(zip(SLOTS, values, strict=True))
        norm = {s: compared(v) if s != "segment" else (v.lower() if v else None) for s, v in raw.items()}
        made.append(Record(source, f"k{number}", customer, updated_at, raw, norm))
    return made


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, records: list[Record], shuffle: int = 0) -> None:
    ordered = list(enumerate(sorted(records, key=lambda r: (r.source, r.key)), 1))
    random.Random(shuffle).shuffle(ordered)
    text = pa.string()
    numbers = pa.array([n for n, _ in ordered], pa.int64())
    base = {
        "record_no": numbers,
        "source": pa.array([r.source for _, r in ordered], text),
        "record_key": pa.array([r.key for _, r in ordered], text),
        "updated_at": pa.array([r.updated_at for _, r in ordered], pa.timestamp("us")),
    }
    raw = {s: pa.array([r.raw[s] for _, r in ordered], text) for s in SLOTS}
    norm = {s: pa.array([r.norm[s] for _, r in ordered], text) for s in SLOTS if s != "segment"}
    engine.load("record", pa.table({**base, **raw}))
    engine.load("record_norm", pa.table({"record_no": numbers, "source": base["source"], **norm}))
    engine.run("record_name", "SELECT record_no, given_name, '' AS middle_name, family_name FROM record WHERE 1 = 0")
    owners = pa.array([r.customer for _, r in ordered], text)
    engine.load("record_customer", pa.table({"record_no": numbers, "customer_id": owners}))
    customers = sorted({r.customer for r in records} | {"only_identifier"})
    engine.load(
        "customer",
        pa.table(
            {
                "customer_id": pa.array(customers, text),
                "is_known": pa.array([True] * len(customers)),
                "record_count": pa.array([sum(r.customer == c for r in records) for c in customers], pa.int64()),
                "identifier_count": pa.array([1] * len(customers), pa.int64()),
                "weakest": pa.array([987_654] * len(customers), pa.int32()),
                "needs_review": pa.array([False] * len(customers)),
            }
        ),
    )
    engine.run(
        "event",
        "SELECT CAST(1 AS BIGINT) AS event_no, 'till' AS source, CAST('2025-05-05 10:00:00' AS TIMESTAMP) AS time "
        "UNION ALL SELECT 2, 'till', CAST('2025-05-04 10:00:00' AS TIMESTAMP)",
    )
    engine.run(
        "event_customer",
        "SELECT CAST(1 AS BIGINT) AS event_no, 'only_identifier' AS customer_id UNION ALL SELECT 2, NULL",
    )


def run(engine: DuckDBEngine, golden: Golden) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    stage.run(StageContext(engine, Path()), golden=golden, fields=FIELDS, trust=TRUST)
    tables = (engine.fetch(f"SELECT * FROM {name}").to_pylist() for name in stage.WRITES)
    customers, provenance = tables
    return customers, provenance


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=record_lists(), rule=st.sampled_from(RULES), grouped=st.booleans(), seed=st.integers(0, 3))
def test_every_golden_value_is_the_reference_s(
    engine: DuckDBEngine, records: list[Record], rule: SurvivorshipRule | None, grouped: bool, seed: int
) -> None:
    groups = (("street", "city"),) if grouped else ()
    golden = Golden(groups=groups) if rule is None else Golden(default=rule, groups=groups)
    load(engine, records, seed)
    customers, provenance = run(engine, golden)
    expected = golden_values(records, golden, FIELDS, TRUST)
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
    assert [row["customer_id"] for row in customers] == sorted({r.customer for r in records} | {"only_identifier"})
    assert engine.tables() == {
        "record",
        "record_norm",
        "record_name",
        "record_customer",
        "customer",
        "event",
        "event_customer",
        *stage.WRITES,
    }
