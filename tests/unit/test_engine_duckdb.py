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
from cxid.errors import ResourceError


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


@pytest.mark.parametrize("ceiling", [None, "600MiB"])
def test_a_statement_that_is_out_of_memory_is_tried_again_under_the_ceiling(
    tmp_path: Path, ceiling: str | None
) -> None:
    engine = DuckDBEngine(temp_dir=tmp_path, memory_limit="40MiB", threads=1, allowed=[tmp_path])
    hungry = "SELECT length(string_agg(repeat('x', 1000), ',')) AS n FROM range(60000)"  # cannot spill
    if ceiling is None:
        with pytest.raises(ResourceError):
            engine.run("t", hungry)
        assert engine.tables() == set()
    else:
        engine.may_grow_to(ceiling)
        engine.run("t", hungry)
        assert engine.scalar("SELECT n FROM t") == 60000 * 1001 - 1
        with pytest.raises(ResourceError):  # once is enough
            engine.fetch(hungry.replace("60000", "6000000"))
    engine.close()


@pytest.mark.parametrize(
    ("rows", "ascending"),
    [
        ([], True),
        ([(1, "a")], True),
        ([(1, "a"), (1, "b"), (2, "a")], True),
        ([(1, "a"), (1, "a")], False),
        ([(1, "b"), (1, "a")], False),
        ([(1, "a"), (2, None), (3, "a")], True),
        ([(1, "a"), (1, None), (2, "a")], False),  # nothing is larger than a missing value
        ([(2, "a"), (1, "b")], False),
    ],
)
def test_a_table_ascends_when_every_row_is_larger_than_the_row_before(
    engine: DuckDBEngine, rows: list[tuple[int, str | None]], ascending: bool
) -> None:
    columns = {"a": pa.array([r[0] for r in rows], pa.int64()), "b": pa.array([r[1] for r in rows], pa.string())}
    engine.load("t", pa.table(columns))
    assert engine.ascends("t", ["a", "b"]) == ascending


@pytest.mark.parametrize("place", [5, 9_999, 10_000, 199_999])
def test_one_row_out_of_order_is_found_wherever_it_stands(engine: DuckDBEngine, place: int) -> None:
    engine.run("t", "SELECT range AS a FROM range(200000) ORDER BY a")
    assert engine.ascends("t", ["a"])
    engine.run("t", f"SELECT CASE WHEN range = {place} THEN {place - 1} ELSE range END AS a FROM range(200000)")
    assert not engine.ascends("t", ["a"])


def test_a_table_that_lies_sorted_is_written_as_a_sorted_one(tmp_path: Path) -> None:
    written = set()
    for threads in (1, 2, 4):
        engine = DuckDBEngine(threads=threads)
        engine.run("mixed", f"SELECT (range * 7919) % 300007 AS a, 'v' || range % 13 AS b FROM range({300_007})")
        engine.run("lying", "SELECT m.* FROM mixed AS m INNER JOIN mixed AS n ON m.a = n.a ORDER BY m.a")
        for name in ("mixed", "lying"):
            engine.write(name, tmp_path / "t.parquet", order_by=["a"])
            written.add((tmp_path / "t.parquet").read_bytes())
        engine.close()
    assert len(written) == 1
