"""The extracts of the sample company, loaded by the sources stage: what is refused is what was broken on purpose."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxid.config.loading import load_config
from cxid.demo import write_demo
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import sources
from cxid.stages.context import StageContext


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckDBEngine, Path]]:
    folder, work = tmp_path_factory.mktemp("company"), tmp_path_factory.mktemp("work")
    write_demo(folder, people=400, seed=2)
    config = load_config(folder, env={})
    engine = DuckDBEngine(temp_dir=work, threads=1, allowed=[folder, work])
    sources.run(StageContext(engine, work), sources=config.sources, root=folder, checks=config.checks)
    yield engine, folder
    engine.close()


def _truth(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_quarantine_holds_the_broken_lines_and_no_others(loaded: tuple[DuckDBEngine, Path]) -> None:
    engine, folder = loaded
    refused = engine.fetch("SELECT source, file, CAST(line AS VARCHAR) AS line, reason FROM quarantine").to_pylist()
    assert {tuple(row.values()) for row in refused} == {tuple(row.values()) for row in _truth(folder, "broken")}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("people", "SELECT source, record_key FROM record"),
        ("events", "SELECT source, event_key FROM event WHERE event_key IS NOT NULL"),
    ],
)
def test_every_row_of_the_truth_is_loaded_under_its_key(
    loaded: tuple[DuckDBEngine, Path], name: str, query: str
) -> None:
    engine, folder = loaded
    rows = [tuple(row.values()) for row in engine.fetch(query).to_pylist()]
    assert sorted(rows) == sorted((r["source"], r["record_id"]) for r in _truth(folder, name))


def test_every_event_has_its_time_within_the_span(loaded: tuple[DuckDBEngine, Path]) -> None:
    engine, _ = loaded
    outside = "time IS NULL OR time < TIMESTAMP '2024-11-01' OR time >= TIMESTAMP '2026-11-01'"
    assert engine.scalar(f"SELECT count(*) FROM event WHERE {outside}") == 0


def test_true_revenue_is_that_of_the_loaded_receipts(loaded: tuple[DuckDBEngine, Path]) -> None:
    engine, folder = loaded
    owner = {r["record_id"]: r["entity_id"] for r in _truth(folder, "events") if r["source"] == "pos"}
    spent: dict[str, int] = {}
    query = "SELECT event_key, CAST(amount * 100 AS BIGINT) AS pence FROM event WHERE source = 'pos'"
    for row in engine.fetch(query).to_pylist():
        spent[owner[row["event_key"]]] = spent.get(owner[row["event_key"]], 0) + row["pence"]
    for person in _truth(folder, "customers"):
        assert round(float(person["revenue"]) * 100) == spent.get(person["entity_id"], 0)
