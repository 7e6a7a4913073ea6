"""Rows come back from their blocks as they went in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.identify.rows import BLOCK, RowsReader, text_sql, write_rows

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1d\x1e\x1f"), max_size=8)
_ROW = st.fixed_dictionaries(
    {
        "text": st.one_of(st.none(), _TEXT),
        "whole": st.one_of(st.none(), st.integers(-(2**62), 2**62)),
        "claim": st.one_of(st.none(), st.booleans()),
        "money": st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=4)),
        "time": st.one_of(st.none(), st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1))),
        "share": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        "words": st.one_of(st.none(), st.lists(st.text("ab é", max_size=3), max_size=3)),
    }
)
_SCHEMA = pa.schema(
    [
        ("text", pa.string()), ("whole", pa.int64()), ("claim", pa.bool_()), ("money", pa.decimal128(18, 4)),
        ("time", pa.timestamp("us")), ("share", pa.float64()), ("words", pa.list_(pa.string())),
    ]
)  # fmt: skip


def _through(rows: list[dict[str, Any]], path: Path, batch_rows: int) -> list[dict[str, Any]]:
    engine = DuckDBEngine()
    try:
        engine.load("t", pa.Table.from_pylist(rows, schema=_SCHEMA))
        columns = engine.columns("t")
        count = write_rows(path, engine.select(f"SELECT {text_sql(columns)} FROM t", batch_rows=batch_rows))
    finally:
        engine.close()
    assert count == len(rows)
    reader = RowsReader.open(path, columns)
    return [reader.row(number, columns) for number in range(count)]


@settings(max_examples=25, deadline=None)
@given(st.lists(_ROW, max_size=12), st.integers(1, 5))
def test_every_value_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any], batch_rows: int) -> None:
    assert _through(rows, tmp_path_factory.mktemp("rows") / "t.rows", batch_rows) == rows


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 64 * BLOCK, 64 * BLOCK + 1, 200 * BLOCK + 7])
def test_however_many_rows_there_are(tmp_path: Path, count: int) -> None:
    empty: dict[str, Any] = dict.fromkeys(_SCHEMA.names)
    rows = [{**empty, "whole": n, "text": f"row {n}", "money": Decimal(n)} for n in range(count)]
    assert _through(rows, tmp_path / "t.rows", 1000) == rows


def test_what_parts_rows_cannot_come_from_data(tmp_path: Path) -> None:
    empty: dict[str, Any] = dict.fromkeys(_SCHEMA.names)
    rows = [{**empty, "text": "a\x1fb\x1ec\nd\te"}, {**empty, "text": ""}]
    assert [r["text"] for r in _through(rows, tmp_path / "t.rows", 1)] == ["a b c\nd\te", ""]
