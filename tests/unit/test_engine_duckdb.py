"""The engine keeps the promises of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine import quote
from cxid.engine.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine()
    yield made
    made.close()


def rows(engine: DuckDBEngine, sql: str) -> list[dict[str, object]]:
    return list(engine.fetch(sql).to_pylist())


def test_a_table_is_replaced_as_a_whole(engine: DuckDBEngine) -> None:
    engine.run("t", "SELECT 1 AS a")
    engine.run("t", "SELECT 2 AS b")
    assert rows(engine, "SELECT * FROM t") == [{"b": 2}]


def test_append_matches_columns_by_name(engine: DuckDBEngine) -> None:
    engine.append("t", "SELECT 1 AS a, 'x' AS b")
    engine.append("t", "SELECT 'y' AS b, 2 AS a")
    assert rows(engine, "SELECT a, b FROM t ORDER BY a") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


def test_values_are_bound_and_names_are_quoted(engine: DuckDBEngine) -> None:
    name = 'x"; DROP TABLE canary; --'
    engine.run("canary", "SELECT 1 AS a")
    engine.run(name, f"SELECT ? AS {quote(name)}", ["'; DROP TABLE canary; --"])
    assert engine.columns(name) == {name: "VARCHAR"}
    assert engine.count("canary") == 1


def test_rename_replaces_what_stood_there(engine: DuckDBEngine) -> None:
    engine.run("old", "SELECT 1 AS a")
    engine.run("new", "SELECT 2 AS a")
    engine.rename("old", "new")
    assert engine.tables() == {"new"}
    assert engine.scalar("SELECT a FROM new") == 1


@pytest.mark.parametrize("total", [0, 1, 6, 7])
def test_map_values_sends_every_row_through_in_batches(engine: DuckDBEngine, total: int) -> None:
    sizes = []

    def double(batch: pa.Table) -> pa.Table:
        sizes.append(batch.num_rows)
        return pa.table({"v": batch["v"], "w": pc.multiply(batch["v"], 2)})

    engine.map_values("m", f"SELECT range AS v FROM range({total})", double, batch_rows=3)
    assert rows(engine, "SELECT v, w FROM m ORDER BY v") == [{"v": i, "w": 2 * i} for i in range(total)]
    assert max(sizes) <= 3
    assert engine.tables() == {"m"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 20), st.integers(-5, 20)), max_size=30))
def test_a_component_is_named_by_its_smallest_node(edges: list[tuple[int, int]]) -> None:
    engine = DuckDBEngine()
    engine.load(
        "e",
        pa.table({"a": pa.array([a for a, _ in edges], pa.int64()), "b": pa.array([b for _, b in edges], pa.int64())}),
    )
    engine.components("c", "SELECT a, b FROM e")
    label = {n: n for edge in edges for n in edge}
    for _ in label:
        for a, b in edges:
            label[a] = label[b] = min(label[a], label[b])
    assert {r["node"]: r["component"] for r in rows(engine, "SELECT * FROM c")} == label
    engine.close()


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_sorted_file_has_the_same_bytes_for_any_number_of_threads(tmp_path: Path, ending: str) -> None:
    written = set()
    for threads in (1, 2, 4):
        engine = DuckDBEngine(threads=threads)
        engine.run("t", f"SELECT (range * 7919) % 100003 AS a, 'v' || range % 13 AS b FROM range({100_003})")
        path = tmp_path / f"{threads}.{ending}"
        engine.write("t", path, order_by=["a"])
        written.add(path.read_bytes())
        engine.close()
    assert len(written) == 1


def test_sql_cannot_leave_the_folders_it_was_given(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out.parquet"
    inside.mkdir()
    pq.write_table(pa.table({"a": [1]}), outside)
    pq.write_table(pa.table({"a": [1]}), inside / "t.parquet")
    engine = DuckDBEngine(temp_dir=tmp_path / "tmp", allowed=[inside])
    engine.read("t", inside / "t.parquet")
    with pytest.raises(Exception, match="disabled by configuration"):
        engine.read("u", outside)
    with pytest.raises(Exception, match="locked"):
        engine.run("v", "SELECT 1; SET enable_external_access = true")
    engine.close()
