"""The CSV of a table holds what its Parquet holds, to the last character."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cxid.engine.duckdb import DuckDBEngine

VALUES = [
    None, "", " ", "NULL", "null", "=1+1", "+4930123456", "-12.50", "@home", 'say "hi"', "a,b", "line\nbreak", "cr\rlf\r\n",
    "O'Brien", "ÅÉ日本🎉", "\ttab", "0012", "true", "2026-01-01", "\\N", "#hash", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("threads", [1, 2])
def test_every_text_comes_back_as_it_was(tmp_path: Path, threads: int) -> None:
    engine = DuckDBEngine(threads=threads)
    engine.load("t", pa.table({"n": range(len(VALUES)), "value": pa.array(VALUES, pa.string())}))
    engine.write("t", tmp_path / "t.parquet", order_by=("n",))
    engine.convert(tmp_path / "t.parquet", tmp_path / "t.csv")
    engine.close()
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["n", "value"]
    assert [row[1] for row in rows[1:]] == [v or "" for v in VALUES]
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ["0,", '1,""']  # missing, and empty


def test_numbers_times_and_truth_have_one_spelling(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    table = {
        "amount": pa.array([Decimal("-0.5000"), Decimal("1234567.8900")], pa.decimal128(18, 4)),
        "at": pa.array([datetime(2026, 1, 31, 8, 15), datetime(1969, 7, 20, 20, 17, 40, 123456)], pa.timestamp("us")),
        "known": [True, False],
        "count": pa.array([0, -(2**62)], pa.int64()),
    }
    engine.load("t", pa.table(table))
    engine.write("t", tmp_path / "t.parquet", order_by=("count",))
    engine.convert(tmp_path / "t.parquet", tmp_path / "t.csv")
    engine.close()
    assert (tmp_path / "t.csv").read_text() == (
        "amount,at,known,count\n"
        "1234567.8900,1969-07-20 20:17:40.123456,false,-4611686018427387904\n"
        "-0.5000,2026-01-31 08:15:00,true,0\n"
    )


def test_a_large_table_keeps_its_order_in_both_formats(tmp_path: Path) -> None:
    engine = DuckDBEngine(threads=4)
    engine.run("t", "SELECT md5(CAST(range AS VARCHAR)) AS id FROM range(400000)")
    engine.write("t", tmp_path / "t.parquet", order_by=("id",))
    engine.convert(tmp_path / "t.parquet", tmp_path / "t.csv")
    engine.close()
    ids = (tmp_path / "t.csv").read_text().splitlines()[1:]
    assert len(ids) == 400000
    assert ids == sorted(ids)
