"""Whoever applies the deltas of an export, each once or twice, has what a full export has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.exporting.model import Request, Target
from cxid.exporting.run import select_rows, write_export
from cxid.model import FieldType

STATUS = st.sampled_from([None, "granted", "granted", "denied", "unknown"])
CUSTOMERS = st.dictionaries(st.sampled_from("abcde"), st.tuples(STATUS, st.sampled_from([None, "", "x", "=y", "a,b"])))
RUNS = st.lists(st.tuples(CUSTOMERS, st.booleans(), st.booleans()), min_size=1, max_size=5)
TYPES = {"email": FieldType.EMAIL}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, world: dict[str, tuple[str | None, str | None]]) -> None:
    text, ids = pa.string(), sorted(world)
    engine.load(
        "golden_customer",
        pa.table({"customer_id": pa.array(ids, text), "email": pa.array([world[i][1] for i in ids], text)}),
    )
    engine.load(
        "profile", pa.table({"customer_id": pa.array(ids, text), "orders": pa.array([len(i) for i in ids], pa.int64())})
    )
    said = [("a word of somebody", "granted"), *((i, world[i][0]) for i in ids if world[i][0])]
    columns = {
        "customer_id": [i for i, _ in said],
        "status": [s for _, s in said],
        "purpose": ["news"] * len(said),
        "channel": [""] * len(said),
    }
    consent = {n: pa.array(v, text) for n, v in columns.items()}
    times = {n: pa.nulls(len(said), pa.timestamp("us")) for n in ("expires_at", "withdrawn_at")}
    engine.load("consent", pa.table(consent | times))
    engine.run("identity_map", "SELECT '' AS customer_id, '' AS id_type, '' AS id_value WHERE 1 = 0")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=RUNS)
def test_deltas_add_up(
    engine: DuckDBEngine,
    tmp_path_factory: pytest.TempPathFactory,
    runs: list[tuple[dict[str, tuple[str | None, str | None]], bool, bool]],
) -> None:
    folder = tmp_path_factory.mktemp("deltas")
    state, target = folder / "news.parquet", Target(folder / "x.csv", delta="news", overwrite=True)
    replica: dict[str, dict[str, str]] = {}
    for world, is_killed, is_twice in runs:
        load(engine, world)
        for attempt in range(1 + is_killed):
            before = state.read_bytes() if state.exists() else None
            told, _ = select_rows(engine, "r1", Request(datetime(2026, 1, 1), purpose="news"), TYPES)
            done = write_export(engine, told, target, folder, state)
            with target.path.open(encoding="utf-8", newline="") as file:
                found = list(csv.DictReader(file))
            assert [r["customer_id"] for r in found] == sorted(r["customer_id"] for r in found)
            assert done.counts["added"] + done.counts["changed"] + done.counts["removed"] == len(found)
            for row in found * (1 + is_twice):
                if row["op"] == "removed":
                    replica.pop(row["customer_id"], None)
                else:
                    replica[row["customer_id"]] = {"email": row["email"]}
            if is_killed and attempt == 0:  # the file was there, what was exported not noted
                state.unlink()
                if before is not None:
                    Path(state).write_bytes(before)
        agreed = {i: {"email": ("'" + e if e == "=y" else e or "")} for i, (s, e) in world.items() if s == "granted"}
        assert replica == agreed
