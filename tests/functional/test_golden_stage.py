"""The golden stage after normalising: what a user finds in the published tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from cxid.config.fields import record_fields
from cxid.config.model import Golden, Match, Source
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import SurvivorshipRule
from cxid.stages import golden as stage
from cxid.stages import normalise
from cxid.stages.context import StageContext

TEXT = pa.string()
COLUMNS = {"full_name": "n", "email": "e", "phone": ["p", "q"], "street": "s", "city": "c", "tier": "t"}
SOURCES: dict[str, Source] = {
    name: TypeAdapter(Source).validate_python(
        {"kind": "people", "path": "x.csv", "key": "id", "trust": trust, "columns": COLUMNS}
    )
    for name, trust in (("crm", 3), ("web", 1))
}
RECORDS: list[dict[str, Any]] = [
    {"source": "crm", "record_key": "1", "updated_at": datetime(2020, 1, 1), "full_name": "Ann Lee", "phone": "020 7946 0018",
     "email": "noemail@x.com", "street": "1 High St"},
    {"source": "web", "record_key": "7", "updated_at": datetime(2024, 1, 1), "full_name": "LEE, ANN", "phone": "+442079460018",
     "phone_2": "07700 900123", "email": "ann@x.com", "street": "9 Low Road", "city": "Bath", "tier": "gold"},
    {"source": "web", "record_key": "8", "phone": "07700900999", "email": "n/a", "city": "bath"},
]  # fmt: skip


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def run(engine: DuckDBEngine, golden: Golden) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    fields = record_fields(SOURCES)
    slots = [s for f in fields for s in f.slots]
    numbers = pa.array(range(1, len(RECORDS) + 1), pa.int64())
    table = {"record_no": numbers, "updated_at": pa.array([r.get("updated_at") for r in RECORDS], pa.timestamp("us"))}
    table |= {c: pa.array([r.get(c) for r in RECORDS], TEXT) for c in ("source", "record_key", *slots)}
    engine.load("record", pa.table(table))
    for name in ("record", "event"):
        engine.run(f"{name}_id", f"SELECT CAST(1 AS BIGINT) AS {name}_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    engine.run("consent_row", "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    normalise.run(StageContext(engine, Path()), sources=SOURCES, country="GB", match=Match())
    engine.run("record_customer", "SELECT record_no, 'cx_1' AS customer_id FROM record")
    engine.run(
        "customer",
        "SELECT 'cx_1' AS customer_id, TRUE AS is_known, CAST(3 AS BIGINT) AS record_count, 900000 AS weakest, "
        "TRUE AS needs_review",
    )
    engine.run(
        "event", "SELECT CAST(1 AS BIGINT) AS event_no, 'app' AS source, TIMESTAMP '2025-02-02 00:00:00' AS time"
    )
    engine.run("event_customer", "SELECT CAST(1 AS BIGINT) AS event_no, 'cx_1' AS customer_id")
    stage.run(StageContext(engine, Path()), golden=golden, fields=fields, trust={"crm": 3, "web": 1})
    (customer,) = engine.fetch("SELECT * FROM golden_customer").to_pylist()
    return customer, {p["field"]: p for p in engine.fetch("SELECT * FROM golden_provenance").to_pylist()}


def test_a_placeholder_is_never_golden(engine: DuckDBEngine) -> None:
    customer, told = run(engine, Golden())
    assert customer["email"] == "ann@x.com"
    assert told["email"]["losing_values"] == "[]"


def test_the_slots_of_a_field_hold_different_values_and_the_rest_is_told(engine: DuckDBEngine) -> None:
    customer, told = run(engine, Golden())
    assert (customer["phone"], customer["phone_2"]) == ("020 7946 0018", "07700 900123")
    assert json.loads(told["phone"]["losing_values"]) == [
        {"value": "+442079460018", "source": "web", "record_key": "7"}
    ]
    assert not told["phone"]["conflict"], "another spelling of one number"
    assert json.loads(told["phone_2"]["losing_values"]) == [
        {"value": "07700900999", "source": "web", "record_key": "8"}
    ]
    assert told["phone_2"]["conflict"]


def test_one_name_in_two_spellings_is_no_conflict(engine: DuckDBEngine) -> None:
    customer, told = run(engine, Golden())
    assert customer["full_name"] == "Ann Lee"
    assert not told["full_name"]["conflict"]


def test_an_address_moves_as_one_with_its_fullest_record(engine: DuckDBEngine) -> None:
    apart, _ = run(engine, Golden())
    assert (apart["street"], apart["city"]) == ("1 High St", "Bath")
    together, told = run(engine, Golden(groups=(("street", "city"),)))
    assert (together["street"], together["city"]) == ("9 Low Road", "Bath")
    assert (told["street"]["rule"], told["street"]["conflict"]) == ("group:most_trusted_then_latest", True)
    assert not told["city"]["conflict"]


def test_a_field_may_have_a_rule_of_its_own(engine: DuckDBEngine) -> None:
    customer, told = run(engine, Golden.model_validate({"phone": SurvivorshipRule.LATEST}))
    assert customer["phone"] == "+442079460018"
    assert told["phone"]["rule"] == "latest"


def test_figures_stand_beside_the_values(engine: DuckDBEngine) -> None:
    customer, _ = run(engine, Golden())
    assert customer["sources"] == "app,crm,web"
    assert (customer["first_seen"], customer["last_seen"]) == (datetime(2020, 1, 1), datetime(2025, 2, 2))
    assert (customer["confidence"], customer["completeness"]) == (Decimal("0.9"), Decimal("1"))
