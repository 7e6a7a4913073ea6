"""From two sources, one with names in parts and one with whole names, to golden names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from cxid.config.fields import golden_fields, record_fields
from cxid.config.loading import parse_config
from cxid.config.model import Golden, Match, Source
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ConfigError
from cxid.stages import golden, normalise
from cxid.stages.context import StageContext

TEXT = pa.string()
PEOPLE = {"kind": "people", "path": "x.csv", "key": "id"}
SOURCES: dict[str, Source] = {
    name: TypeAdapter(Source).validate_python({**PEOPLE, "columns": columns, "trust": trust})
    for name, columns, trust in (
        ("crm", {"given_name": "g", "family_name": "f"}, 3),
        ("shop", {"full_name": "n"}, 2),
        ("till", {"given_name": "g", "full_name": "n"}, 1),
    )
}
# customer, source, given_name, family_name, full_name
RECORDS = [
    ("known to both", "crm", "Anneliese", "MUELLER", None),
    ("known to both", "shop", None, None, "Müller, Anneliese"),
    ("the shop's alone", "shop", None, None, "OKAFOR, Chidi Emeka"),
    ("an initial", "crm", "R", "Surnath", None),
    ("an initial", "shop", None, None, "Surnath, Rani"),
    ("a given name of its own", "till", "Bob", None, "Achebe, Robert"),
    ("a placeholder", "till", "n/a", None, "Nair, Priya"),
    ("nothing", "shop", None, None, "n/a"),
]
EXPECTED = {
    "known to both": ("Anneliese", "Müller"),
    "the shop's alone": ("Chidi Emeka", "OKAFOR"),
    "an initial": ("Rani", "Surnath"),
    "a given name of its own": ("Bob", "Achebe"),
    "a placeholder": ("Priya", "Nair"),
    "nothing": (None, None),
}


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def run(engine: DuckDBEngine, match: Match) -> dict[str, tuple[str | None, str | None]]:
    """Customer -> golden given and family name."""
    _load(engine)
    context = StageContext(engine, Path())
    engine.run("consent_row", "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    normalise.run(context, sources=SOURCES, country="GB", match=match)
    trust = {"crm": 3, "shop": 2, "till": 1}
    golden.run(context, golden=Golden(), fields=golden_fields(SOURCES), trust=trust)
    rows = engine.fetch("SELECT customer_id, given_name, family_name FROM golden_customer").to_pylist()
    return {r["customer_id"]: (r["given_name"], r["family_name"]) for r in rows}


def _load(engine: DuckDBEngine) -> None:
    numbers = pa.array(range(1, len(RECORDS) + 1), pa.int64())
    turned = dict(
        zip(("customer", "source", "given_name", "family_name", "full_name"), zip(*RECORDS, strict=True), strict=True)
    )
    slots = [s for f in record_fields(SOURCES) for s in f.slots]
    record: dict[str, Any] = {"record_no": numbers, "source": pa.array(turned["source"], TEXT)}
    record |= {"record_key": pa.array([f"k{n}" for n in numbers.to_pylist()], TEXT)}
    record |= {"updated_at": pa.nulls(len(RECORDS), pa.timestamp("us"))}
    engine.load("record", pa.table({**record, **{s: pa.array(turned[s], TEXT) for s in slots}}))
    for name in ("record", "event"):
        engine.run(f"{name}_id", f"SELECT CAST(1 AS BIGINT) AS {name}_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    owners = pa.array(turned["customer"], TEXT)
    engine.load("record_customer", pa.table({"record_no": numbers, "customer_id": owners}))
    engine.run(
        "customer",
        "SELECT customer_id, TRUE AS is_known, count(*) AS record_count, 900000 AS weakest, FALSE AS needs_review "
        "FROM record_customer GROUP BY customer_id",
    )
    engine.run(
        "event", "SELECT CAST(1 AS BIGINT) AS event_no, '' AS source, TIMESTAMP '2025-01-01' AS time WHERE 1 = 0"
    )
    engine.run("event_customer", "SELECT CAST(1 AS BIGINT) AS event_no, '' AS customer_id WHERE 1 = 0")


def test_each_customer_has_a_name_as_a_source_wrote_it(engine: DuckDBEngine) -> None:
    assert run(engine, Match()) == EXPECTED
    assert "full_name" not in engine.columns("golden_customer")


def test_a_whole_name_that_takes_no_part_in_matching_is_still_taken_apart(engine: DuckDBEngine) -> None:
    found = run(engine, Match(ignore_fields=("full_name",)))
    assert {c: n for c, n in found.items() if c != "known to both"} == {
        c: n for c, n in EXPECTED.items() if c != "known to both"
    }
    assert found["known to both"] == ("Anneliese", "MUELLER"), "without matching no two spellings are known as one"


def test_a_part_of_a_whole_name_has_its_origin(engine: DuckDBEngine) -> None:
    run(engine, Match())
    told = engine.fetch("SELECT customer_id, field, source, record_key, rule FROM golden_provenance").to_pylist()
    where = {(r["customer_id"], r["field"]): (r["source"], r["record_key"], r["rule"]) for r in told}
    assert where["the shop's alone", "family_name"] == ("shop", "k3", "group:most_frequent")
    assert where["known to both", "family_name"] == ("shop", "k2", "group:most_frequent+spelling")


def test_a_rule_for_a_whole_name_that_is_taken_apart_is_refused(tmp_path: Path) -> None:
    text = """sources:
  crm: {path: a.csv, kind: people, key: id, columns: {given_name: g, family_name: f}}
  shop: {path: b.csv, kind: people, key: id, columns: {full_name: n}}
golden: {full_name: latest}
"""
    with pytest.raises(ConfigError, match="given_name, family_name"):
        parse_config(text.encode(), tmp_path / "cxid.yml", env={})
